"""Volume of each class of sound while others play: ducking."""

from collections.abc import Collection

from hal.ports.speaker import Sound

# While one of these plays, those of the second line are ducked so that it is understood.
FOREGROUND = frozenset({Sound.HELP, Sound.ALARM, Sound.FORCED_CALL, Sound.SPEECH})
BACKGROUND = frozenset({Sound.RING, Sound.CHIME, Sound.INVITATION, Sound.STREAM})
# On the cubic scale: 0.4 is 24 dB less.
DUCKED = 0.4


def mixed(sound: Sound, volume: float, playing: Collection[Sound]) -> float:
    """Return the volume, 0 to 1, of ``sound`` while ``playing`` are heard."""
    if sound in BACKGROUND and not FOREGROUND.isdisjoint(playing):
        return volume * DUCKED
    return volume


def cut(fraction: float) -> float:
    """Clamp to 0 to 1."""
    return min(1.0, max(0.0, fraction))
