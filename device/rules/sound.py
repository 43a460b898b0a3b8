"""What is heard, and how loud: one table for every class of sound (V1, K3).

Volumes are felt shares, 0 to 1: 0.5 is 18 dB less.
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
    """What changes how loud things may be. ``help`` while somebody still owes the resident an answer."""

    muted: bool = False
    night: bool = False
    in_call: bool = False
    help: bool = False


class _Volumes(Struct, frozen=True):
    """``usual``, and the most that each of the others allows; ``help`` rules alone where it is given."""

    usual: float
    night: float
    muted: float
    in_call: float
    help: float | None


# The self-test's tone leaves a small speaker with some 45 dB(A) beside it: below what wakes a sleeper
# (WHO Guidelines for Community Noise, 1999, table 4.1: 45 dB LAmax), and -40 dBFS for the microphone, which
# finds it down to -60.
_SELF_TEST = 0.3

_TABLE: dict[SoundClass, _Volumes] = {
    #                     usual, night, muted, in a call, while help is open
    "help": _Volumes(1.0, 1.0, 1.0, 1.0, 1.0),
    "alarm": _Volumes(1.0, 1.0, 1.0, 1.0, 1.0),
    "forced-call": _Volumes(1.0, 1.0, 1.0, 1.0, 1.0),
    # Its words are how a resident who does not see knows what becomes of help.
    "speech": _Volumes(0.9, 0.7, 0.9, 0.5, 1.0),
    # The screen and the lamp show a call that does not ring; who helps may be the one who calls.
    "ring": _Volumes(1.0, 0.7, 0.0, 0.0, None),
    # In a call it says that a minute is left.
    "chime": _Volumes(0.8, 0.5, 0.0, 0.3, 0.0),
    # It invites, and does not call: softer than the ring, and silent with it.
    "invitation": _Volumes(0.7, 0.4, 0.0, 0.0, 0.0),
    "touch": _Volumes(0.5, 0.35, 0.5, 0.3, None),
    # The resident has chosen to hear it: mute is about what comes by itself.
    "stream": _Volumes(0.8, 0.6, 0.8, 0.0, 0.0),
    "self-test": _Volumes(_SELF_TEST, _SELF_TEST, _SELF_TEST, 0.0, 0.0),
}


def volume(sound: SoundClass, hearing: Hearing) -> float:
    """How loud this class is now; the lowest of what holds counts."""
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
    """Of every class."""
    return MappingProxyType({sound: volume(sound, hearing) for sound in _TABLE})
