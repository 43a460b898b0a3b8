"""A simulated microphone with a configurable room noise."""

import math

from hal.ports import SELF_TEST_HZ, SILENCE_DBFS, HardwareError, Sound, ToneReading
from hal.simulated.component import SimulatedComponent
from hal.simulated.speaker import SimulatedSpeaker

_TONE_DBFS = -20.0


class SimulatedMicrophone(SimulatedComponent):
    """Picks up noise of ``room_dbfs`` and the speaker's self-test tone, unless ``muted``."""

    def __init__(self, speaker: SimulatedSpeaker, room_dbfs: float = -55.0) -> None:
        super().__init__()
        self._speaker = speaker
        self.room_dbfs = room_dbfs
        self.muted = False

    def level_dbfs(self, seconds: float = 0.3) -> float:
        """Return the level at once, without waiting ``seconds``."""
        self.note("level", seconds)
        return self._hear(SELF_TEST_HZ).level_dbfs

    def listen_for(self, frequency_hz: float, seconds: float = 0.5) -> ToneReading:
        """Return the reading at once, without waiting ``seconds``."""
        self.note("listen", frequency_hz, seconds)
        return self._hear(frequency_hz)

    def _hear(self, frequency_hz: float) -> ToneReading:
        if self.dead:
            raise HardwareError(self.health() or "closed")
        if self.muted:
            return ToneReading(SILENCE_DBFS, SILENCE_DBFS)
        tone_dbfs = self._tone_dbfs() if frequency_hz == SELF_TEST_HZ else SILENCE_DBFS
        level_dbfs = 10 * math.log10(10 ** (self.room_dbfs / 10) + 10 ** (tone_dbfs / 10))
        return ToneReading(level_dbfs, max(tone_dbfs, self.room_dbfs - 30))

    def _tone_dbfs(self) -> float:
        loudness = self._speaker.loudness(Sound.SELF_TEST)
        return max(SILENCE_DBFS, _TONE_DBFS + 60 * math.log10(loudness)) if loudness else SILENCE_DBFS
