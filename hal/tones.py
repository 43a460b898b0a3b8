"""Signal levels of samples, and of one frequency in them."""

import math
from array import array

from hal.ports import SILENCE_DBFS, ToneReading

_FULL_SCALE = 32_768.0
_PIECE_S = 0.2


def level_dbfs(samples: "array[int]") -> float:
    """Return the RMS of 16-bit samples in dBFS."""
    power = sum(sample * sample for sample in samples) / max(1, len(samples))
    return _decibels(math.sqrt(power) / _FULL_SCALE)


def read_tone(samples: "array[int]", rate_hz: int, frequency_hz: float) -> ToneReading:
    """Measure one frequency, in pieces: playing and recording have clocks of their own.

    A tone that is one hertz off by then would cancel itself out over a whole second.
    """
    piece = max(1, round(_PIECE_S * rate_hz))
    powers = [_power(samples[at : at + piece], rate_hz, frequency_hz) for at in range(0, len(samples), piece)]
    tone_dbfs = _decibels(math.sqrt(sum(powers) / max(1, len(powers))) / _FULL_SCALE)
    return ToneReading(level_dbfs(samples), tone_dbfs)


def _power(samples: "array[int]", rate_hz: int, frequency_hz: float) -> float:
    """Return the mean square of a tone, by Goertzel's algorithm (Am. Math. Monthly 65, 1958)."""
    coefficient = 2.0 * math.cos(2.0 * math.pi * frequency_hz / rate_hz)
    last = before = 0.0
    for sample in samples:
        last, before = sample + coefficient * last - before, last
    power = last * last + before * before - coefficient * last * before
    return 2.0 * max(0.0, power) / max(1, len(samples)) ** 2


def _decibels(share: float) -> float:
    return max(SILENCE_DBFS, 20.0 * math.log10(share)) if share > 0 else SILENCE_DBFS
