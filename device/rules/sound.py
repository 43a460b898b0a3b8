"""The sound table: volume of every class of sound in every situation (V1, K3).

Volumes are perceived, 0 to 1: 0.5 is 18 dB less.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

SoundClass = Literal[
    "help", "alarm", "forced-call", "speech", "ring", "chime", "touch", "stream", "self-test", "invitation"
]
NEVER_SILENT: frozenset[SoundClass] = frozenset({"help", "alarm", "forced-call"})


class Hearing(Struct, frozen=True, kw_only=True):
    """The situation. ``help`` while a request is open."""

    muted: bool = False
    night: bool = False
    in_call: bool = False
    help: bool = False


class _Volumes(Struct, frozen=True):
    """``usual``, and the maximum in each other situation; ``help`` overrides the others where it is set."""

    usual: float
    night: float
    muted: float
    in_call: float
    help: float | None


# The self-test's tone is about 45 dB(A) beside a small speaker: below what wakes a sleeper (WHO Guidelines
# for Community Noise, 1999, table 4.1: 45 dB LAmax), and -40 dBFS for the microphone, which detects it down
# to -60.
_SELF_TEST = 0.3

_TABLE: dict[SoundClass, _Volumes] = {
    # usual, night, muted, in a call, while help is open
    "help": _Volumes(1.0, 1.0, 1.0, 1.0, 1.0),
    "alarm": _Volumes(1.0, 1.0, 1.0, 1.0, 1.0),
    "forced-call": _Volumes(1.0, 1.0, 1.0, 1.0, 1.0),
    # A resident who cannot see depends on this speech.
    "speech": _Volumes(0.9, 0.7, 0.9, 0.5, 1.0),
    # Screen and lamp show a silent call; a helper may be calling.
    "ring": _Volumes(1.0, 0.7, 0.0, 0.0, None),
    # In a call it signals that a minute is left.
    "chime": _Volumes(0.8, 0.5, 0.0, 0.3, 0.0),
    # An invitation, not a call: softer than the ring, and muted with it.
    "invitation": _Volumes(0.7, 0.4, 0.0, 0.0, 0.0),
    "touch": _Volumes(0.5, 0.35, 0.5, 0.3, None),
    # Chosen by the resident: mute only affects unsolicited sounds.
    "stream": _Volumes(0.8, 0.6, 0.8, 0.0, 0.0),
    "self-test": _Volumes(_SELF_TEST, _SELF_TEST, _SELF_TEST, 0.0, 0.0),
}


def volume(sound: SoundClass, hearing: Hearing) -> float:
    """Return the current volume; the lowest applicable limit counts."""
    row = _TABLE[sound]
    if hearing.help and row.help is not None:
        return row.help
    limits = [row.usual]
    limits += [row.night] if hearing.night else []
    limits += [row.muted] if hearing.muted else []
    limits += [row.in_call] if hearing.in_call else []
    return min(limits)


@cache
def volumes(hearing: Hearing) -> Mapping[SoundClass, float]:
    """Return the volume of every class."""
    return MappingProxyType({sound: volume(sound, hearing) for sound in _TABLE})
