"""The microphone, as far as the self-test needs it; calls take the sound themselves."""

from typing import NamedTuple, Protocol

from hal.ports.part import Part

# Digital silence; no level is below.
SILENCE_DBFS = -100.0


class ToneReading(NamedTuple):
    """Levels in dBFS, where a sine over the full scale has -3: all that was heard, and the tone in it."""

    level_dbfs: float
    tone_dbfs: float

    @property
    def heard(self) -> bool:
        """The tone stands out: above -60 dBFS and within 10 dB of all that was heard."""
        return self.tone_dbfs > -60.0 and self.level_dbfs - self.tone_dbfs < 10.0


class Microphone(Part, Protocol):
    """Measures for some seconds and answers: call it from a thread that may wait."""

    def level_dbfs(self, seconds: float = 0.3) -> float:
        """The loudness (RMS), -100 for silence to 0. Raises ``HardwareError`` or ``HardwareAbsent``."""

    def listen_for(self, frequency_hz: float, seconds: float = 0.5) -> ToneReading:
        """How loud a tone of this frequency is. Raises ``HardwareError`` or ``HardwareAbsent``."""
