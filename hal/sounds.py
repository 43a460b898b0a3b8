"""The device's sounds, synthesised: tones from 500 to 1000 Hz, where old people hear well."""

import math
from array import array
from functools import cache
from typing import NamedTuple

from hal.ports import SELF_TEST_HZ, Sound

RATE_HZ = 48_000
_FULL_SCALE = 32_767
# Peak of every sound: headroom for two classes at once before the loudspeaker clips.
_PEAK = 0.5
_RISE_S = 0.008


class Note(NamedTuple):
    """One note; ``fade_s`` is the time in which it decays to a third, as a bell; 0 for a constant tone."""

    hz: float
    start_s: float
    length_s: float
    fade_s: float = 0.0


class Tune(NamedTuple):
    """A sequence of notes; ``length_s`` includes the silence before it repeats."""

    length_s: float
    notes: tuple[Note, ...]


TUNES = {
    # Two rising notes: acknowledges the press.
    Sound.HELP: Tune(0.4, (Note(660, 0.0, 0.14), Note(880, 0.15, 0.2, 0.15))),
    # Two alternating tones without a pause, as alarms have.
    Sound.ALARM: Tune(2.0, tuple(Note(960 if at % 2 else 770, 0.25 * at, 0.25) for at in range(8))),
    # Three equal strokes: a forced call is about to start.
    Sound.FORCED_CALL: Tune(2.4, tuple(Note(698, 0.5 * at, 0.9, 0.3) for at in range(3))),
    # A broken chord up and down, twice, then a pause, as a telephone rings.
    Sound.RING: Tune(3.6, tuple(Note((523, 659, 784, 659)[at % 4], 0.2 * at, 0.3, 0.15) for at in range(8))),
    # Ding, dong. Three steps down and a rest: nobody confuses it with the ring.
    Sound.INVITATION: Tune(
        4.0, tuple(Note(hertz, 0.6 * at, 1.0, 0.3) for at, hertz in enumerate((659, 587, 523)))
    ),
    Sound.CHIME: Tune(1.8, (Note(784, 0.0, 0.9, 0.35), Note(587, 0.55, 1.2, 0.45))),
    # One short note, as a key click.
    Sound.TOUCH: Tune(0.08, (Note(740, 0.0, 0.08, 0.04),)),
    # Whole periods, so that a loop has no click.
    Sound.SELF_TEST: Tune(1.0, (Note(SELF_TEST_HZ, 0.0, 1.0),)),
}


@cache
def pcm(sound: Sound) -> bytes:
    """Return 16-bit little-endian mono samples at ``RATE_HZ``. Raises ``KeyError`` for speech and streams."""
    tune = TUNES[sound]
    mixed = [0.0] * round(tune.length_s * RATE_HZ)
    for note in tune.notes:
        _add(mixed, note, edges=sound is not Sound.SELF_TEST)
    loudest = max(abs(sample) for sample in mixed)
    return array("h", (round(_FULL_SCALE * _PEAK * sample / loudest) for sample in mixed)).tobytes()


def _add(mixed: list[float], note: Note, *, edges: bool) -> None:
    """Add a tone and a little of its octave, which small loudspeakers need to reproduce it."""
    start, count = round(note.start_s * RATE_HZ), round(note.length_s * RATE_HZ)
    step = 2 * math.pi * note.hz / RATE_HZ
    overtone = 0.25 if edges else 0.0
    for at in range(min(count, len(mixed) - start)):
        tone = math.sin(step * at) + overtone * math.sin(2 * step * at)
        mixed[start + at] += tone * (_loudness(at / RATE_HZ, note) if edges else 1.0)


def _loudness(at_s: float, note: Note) -> float:
    """Return the envelope: soft edges against clicks, and a bell's decay in between."""
    edge = min(1.0, at_s / _RISE_S, (note.length_s - at_s) / _RISE_S)
    return edge * (math.exp(-at_s / note.fade_s) if note.fade_s else 1.0)
