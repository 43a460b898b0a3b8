"""The sounds of the device, made by code: tones from 500 to 1000 Hz, where old ears hear well."""

import math
from array import array
from functools import cache
from typing import NamedTuple

from hal.ports import SELF_TEST_HZ, Sound

RATE_HZ = 48_000
_FULL_SCALE = 32_767
# Loudest sample of every sound: room for the sum of two classes before a loudspeaker is driven too far.
_PEAK = 0.5
_RISE_S = 0.008


class Note(NamedTuple):
    """``fade_s`` is the time in which it falls to a third, as a bell does; 0 for a tone that holds."""

    hz: float
    start_s: float
    length_s: float
    fade_s: float = 0.0


class Tune(NamedTuple):
    """``length_s`` with the silence that belongs to it when it is repeated."""

    length_s: float
    notes: tuple[Note, ...]


TUNES = {
    # Two notes upwards, at once: the press was felt.
    Sound.HELP: Tune(0.4, (Note(660, 0.0, 0.14), Note(880, 0.15, 0.2, 0.15))),
    # Two tones that alternate without rest, as alarms do.
    Sound.ALARM: Tune(2.0, tuple(Note(960 if at % 2 else 770, 0.25 * at, 0.25) for at in range(8))),
    # Three equal strokes: somebody is going to look in.
    Sound.FORCED_CALL: Tune(2.4, tuple(Note(698, 0.5 * at, 0.9, 0.3) for at in range(3))),
    # A broken chord up and down, twice, then a pause, as a telephone.
    Sound.RING: Tune(3.6, tuple(Note((523, 659, 784, 659)[at % 4], 0.2 * at, 0.3, 0.15) for at in range(8))),
    # Ding, dong.
    # Three steps down and a rest: nobody takes it for the ring.
    Sound.INVITATION: Tune(
        4.0, tuple(Note(hertz, 0.6 * at, 1.0, 0.3) for at, hertz in enumerate((659, 587, 523)))
    ),
    Sound.CHIME: Tune(1.8, (Note(784, 0.0, 0.9, 0.35), Note(587, 0.55, 1.2, 0.45))),
    # One short note, as a key that gives way.
    Sound.TOUCH: Tune(0.08, (Note(740, 0.0, 0.08, 0.04),)),
    # Whole periods, so that a repeated tone has no click.
    Sound.SELF_TEST: Tune(1.0, (Note(SELF_TEST_HZ, 0.0, 1.0),)),
}


@cache
def pcm(sound: Sound) -> bytes:
    """16-bit little-endian mono samples at ``RATE_HZ``. Raises ``KeyError`` for speech and streams."""
    tune = TUNES[sound]
    mixed = [0.0] * round(tune.length_s * RATE_HZ)
    for note in tune.notes:
        _add(mixed, note, edges=sound is not Sound.SELF_TEST)
    loudest = max(abs(sample) for sample in mixed)
    return array("h", (round(_FULL_SCALE * _PEAK * sample / loudest) for sample in mixed)).tobytes()


def _add(mixed: list[float], note: Note, *, edges: bool) -> None:
    """A tone with a little of its octave, which small loudspeakers need to be heard as a tone."""
    start, count = round(note.start_s * RATE_HZ), round(note.length_s * RATE_HZ)
    step = 2 * math.pi * note.hz / RATE_HZ
    overtone = 0.25 if edges else 0.0
    for at in range(min(count, len(mixed) - start)):
        tone = math.sin(step * at) + overtone * math.sin(2 * step * at)
        mixed[start + at] += tone * (_loudness(at / RATE_HZ, note) if edges else 1.0)


def _loudness(at_s: float, note: Note) -> float:
    """Soft edges, for a hard one is a click; a bell's fall in between."""
    edge = min(1.0, at_s / _RISE_S, (note.length_s - at_s) / _RISE_S)
    return edge * (math.exp(-at_s / note.fade_s) if note.fade_s else 1.0)
