"""The microphone as the self-test uses it; calls open the sound device themselves."""

from typing import NamedTuple, Protocol

from hal.ports.component import Component

# Digital silence, the lowest level.
SILENCE_DBFS = -100.0


class ToneReading(NamedTuple):
    """Levels in dBFS, where a full-scale sine has -3: of the whole signal, and of the tone in it."""

    level_dbfs: float
    tone_dbfs: float

    @property
    def heard(self) -> bool:
        """Return whether the tone is above -60 dBFS and within 10 dB of the whole signal."""
        return self.tone_dbfs > -60.0 and self.level_dbfs - self.tone_dbfs < 10.0


class Microphone(Component, Protocol):
    """Measures for some seconds: call it from a thread that may block."""

    def level_dbfs(self, seconds: float = 0.3) -> float:
        """Return the loudness (RMS), -100 for silence to 0.

        Raises ``HardwareError`` or ``HardwareAbsent``.
        """

    def listen_for(self, frequency_hz: float, seconds: float = 0.5) -> ToneReading:
        """Return the level of a tone of this frequency. Raises ``HardwareError`` or ``HardwareAbsent``."""
