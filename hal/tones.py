"""Signal levels of samples, and of one frequency in them."""

import math
from array import array

from hal.ports import SILENCE_DBFS, ToneReading

_FULL_SCALE = 32_768.0


def level_dbfs(samples: "array[int]") -> float:
    """Return the RMS of 16-bit samples in dBFS."""
    power = sum(sample * sample for sample in samples) / max(1, len(samples))
    return _decibels(math.sqrt(power) / _FULL_SCALE)


def read_tone(samples: "array[int]", rate_hz: int, frequency_hz: float) -> ToneReading:
    """Run Goertzel's algorithm (Am. Math. Monthly 65, 1958): one frequency, without a whole spectrum."""
    coefficient = 2.0 * math.cos(2.0 * math.pi * frequency_hz / rate_hz)
    last = before = 0.0
    for sample in samples:
        last, before = sample + coefficient * last - before, last
    power = last * last + before * before - coefficient * last * before
    amplitude = 2.0 * math.sqrt(max(0.0, power)) / max(1, len(samples))
    return ToneReading(level_dbfs(samples), _decibels(amplitude / math.sqrt(2.0) / _FULL_SCALE))


def _decibels(share: float) -> float:
    return max(SILENCE_DBFS, 20.0 * math.log10(share)) if share > 0 else SILENCE_DBFS
