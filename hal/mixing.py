"""How loud each class of sound is while others are heard too."""

from collections.abc import Collection

from hal.ports.speaker import Sound

# While one of these is heard the others of the second line are made quiet, so that it is understood.
FOREGROUND = frozenset({Sound.HELP, Sound.ALARM, Sound.FORCED_CALL, Sound.SPEECH})
BACKGROUND = frozenset({Sound.RING, Sound.CHIME, Sound.INVITATION, Sound.STREAM})
# On the cubic scale: 0.4 is 24 dB less.
DUCKED = 0.4


def mixed(sound: Sound, volume: float, playing: Collection[Sound]) -> float:
    """The volume, 0 to 1, that ``sound`` gets while ``playing`` are heard."""
    if sound in BACKGROUND and not FOREGROUND.isdisjoint(playing):
        return volume * DUCKED
    return volume


def cut(fraction: float) -> float:
    """Into 0 to 1."""
    return min(1.0, max(0.0, fraction))
