"""The caller's loudness, in steps of equal perceived difference."""

import numpy as np
import numpy.typing as npt

from device.media.messages import USUAL_LOUDNESS

# 6 dB is a step that is heard without comparing. Above 0 dB the peaks of a loud voice are bent, not cut off.
_GAINS_DB = {1: -18, 2: -12, 3: -6, USUAL_LOUDNESS: 0, 5: 6}
_LOUDEST = 32767.0
# What lies above this share of the loudest is bent.
_KNEE = 0.7

Samples = npt.NDArray[np.int16]


def amplified(samples: Samples, loudness: int) -> Samples:
    """The usual where the step is none of these."""
    gain_db = _GAINS_DB.get(loudness, 0)
    if gain_db == 0:
        return samples
    wave = samples.astype(np.float32) * 10 ** (gain_db / 20) / _LOUDEST
    if gain_db > 0:
        above = np.maximum(np.abs(wave) - _KNEE, 0.0)
        bent = _KNEE + (1 - _KNEE) * np.tanh(above / (1 - _KNEE))
        wave = np.where(above > 0, np.sign(wave) * bent, wave)
    loud: Samples = (wave * _LOUDEST).astype(np.int16)
    return loud
