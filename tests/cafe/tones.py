"""Detects which tones are in received audio."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np

RATE_HZ = 48_000
_FRAMES = 25


def is_heard(blocks: list[Any], hz: int) -> bool:
    """Whether this frequency is among the loud ones of the last half second, in blocks of 20 ms."""
    if len(blocks) < _FRAMES:
        return False
    wave = np.concatenate(blocks[-_FRAMES:])
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    place = round(hz * len(wave) / RATE_HZ)
    return bool(spectrum[place - 3 : place + 4].max() > max(0.1 * spectrum.max(), 1e6))


async def hears(blocks: Callable[[], list[Any]], hz: int) -> None:
    """Wait until the tone is received."""
    async with asyncio.timeout(10):
        while not is_heard(blocks(), hz):
            await asyncio.sleep(0.05)
