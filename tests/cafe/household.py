"""Several tablets within earshot: each microphone hears every loudspeaker, and the one who speaks."""

import math
from threading import Lock
from typing import Any

import numpy as np

from device.media.sound import Hear, Play
from tests.cafe.tablet import BLOCKS_A_SECOND, FRAME, RATE_HZ, Room

# From a loudspeaker to a microphone: buffers of the sound devices, and a metre of air.
_DELAY_BLOCKS = 3


class Household:
    """Each microphone hears the others' loudspeakers ``coupling`` times as loud, its own a third louder."""

    def __init__(self, tablets: int, coupling: float) -> None:
        self._lock = Lock()
        self._coupling = coupling
        silence = np.zeros(FRAME, np.float32)
        self._played = [[silence] * (_DELAY_BLOCKS + 1) for _ in range(tablets)]
        self.voice = np.zeros(RATE_HZ, np.float32)
        self.tablets = [Earshot(self, index) for index in range(tablets)]

    def speak(self, loud: bool = True) -> None:
        """Somebody beside the first tablet speaks from now on, or no more."""
        chance = np.random.default_rng(1945)
        syllables = np.abs(np.sin(2 * np.pi * 3 * np.arange(RATE_HZ) / RATE_HZ)) ** 2
        tones: Any = sum(
            np.sin(2 * np.pi * hz * np.arange(RATE_HZ) / RATE_HZ) / hz for hz in range(150, 3000, 150)
        )
        wave = syllables * (tones / np.abs(tones).max() + 0.05 * chance.standard_normal(RATE_HZ))
        self.voice = (9000 * wave).astype(np.float32) if loud else np.zeros(RATE_HZ, np.float32)

    def heard(self, index: int, block: int) -> Any:
        """What this tablet's microphone hears now."""
        with self._lock:
            air = sum(
                self._coupling * (4 / 3 if other == index else 1.0) * blocks[-1 - _DELAY_BLOCKS]
                for other, blocks in enumerate(self._played)
            )
        start = block % BLOCKS_A_SECOND * FRAME
        near = 1.0 if index == 0 else self._coupling
        noise = np.random.default_rng(block).standard_normal(FRAME) * 8
        return np.clip(air + near * self.voice[start : start + FRAME] + noise, -32768, 32767).astype("<i2")

    def play(self, index: int, wave: Any) -> None:
        with self._lock:
            blocks = self._played[index]
            blocks.append(np.frombuffer(wave, "<i2").astype(np.float32))
            del blocks[: -2 * _DELAY_BLOCKS]


class Earshot(Room):
    """One tablet's microphone and loudspeaker; ``levels`` are the loudspeaker's, in dBFS each 20 ms."""

    def __init__(self, household: Household, index: int) -> None:
        super().__init__()
        self._household, self._index = household, index
        self.levels: list[float] = []

    def turn(self, block: int, hear: Hear, play: Play) -> None:
        hear(self._household.heard(self._index, block).tobytes())
        wave = play(FRAME)
        self._household.play(self._index, wave)
        self.levels.append(level_dbfs(np.frombuffer(wave, "<i2")))


def level_dbfs(wave: Any) -> float:
    power = float(np.mean(np.square(wave.astype(np.float32)))) / 2**30
    return 10 * math.log10(power) if power else -100.0
