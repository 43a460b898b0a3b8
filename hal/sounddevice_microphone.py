"""The microphone through PortAudio, whose device is opened only to measure."""

import threading
import time
from array import array
from typing import Any

from hal import tones
from hal.ports import HardwareAbsent, HardwareError, ToneReading

_RATE_HZ = 16_000
# Discarded: old buffers and the microphone's start-up.
_SKIPPED_S = 0.2
_PATIENCE_S = 3.0
_LOOK_AGAIN_S = 0.01


class SounddeviceMicrophone:
    """A microphone opened for each measurement only, so that a call or another program can use it."""

    def __init__(self, device: str = "") -> None:
        """Load PortAudio. ``device`` is a substring of its device name; empty for the default.

        Raises ``HardwareAbsent`` where PortAudio is not installed.
        """
        try:
            import sounddevice
        except (ImportError, OSError) as error:
            raise HardwareAbsent(f"the microphone cannot be used: {error}") from None
        self._library: Any = sounddevice
        self._device = device or None
        self._fault = ""
        self._one_at_a_time = threading.Lock()

    def level_dbfs(self, seconds: float = 0.3) -> float:
        """Measure the loudness; blocks for ``seconds``."""
        return tones.level_dbfs(self._record(seconds))

    def listen_for(self, frequency_hz: float, seconds: float = 0.5) -> ToneReading:
        """Measure a tone; blocks for ``seconds``."""
        return tones.read_tone(self._record(seconds), _RATE_HZ, frequency_hz)

    def health(self) -> str:
        """Return the error of the last measurement; empty where it succeeded."""
        return self._fault

    def close(self) -> None:
        """Do nothing: the device is open only while measuring."""

    def _record(self, seconds: float) -> "array[int]":
        with self._one_at_a_time:
            try:
                samples = self._samples_of_now(seconds)
            except (self._library.PortAudioError, OSError, ValueError) as error:
                self._fault = f"the microphone does not work: {error}"
            else:
                self._fault = "" if samples else "the microphone gives nothing"
        if self._fault:
            raise HardwareError(self._fault)
        return samples

    def _samples_of_now(self, seconds: float) -> "array[int]":
        """Restart PortAudio and record: it only knows the devices that were plugged in when it started."""
        try:
            return self._samples(seconds)
        except (self._library.PortAudioError, ValueError):
            self._library._terminate()  # noqa: SLF001 - the library has no other way
            self._library._initialize()  # noqa: SLF001
            return self._samples(seconds)

    def _samples(self, seconds: float) -> "array[int]":
        """Record samples; return none where the microphone opens but delivers nothing: ``read`` would block.

        Without a callback: the core may not map executable memory, which a C callback would need.
        """
        skipped, wanted = round(_SKIPPED_S * _RATE_HZ), round(seconds * _RATE_HZ)
        samples = array("h")
        with self._library.RawInputStream(
            samplerate=_RATE_HZ, channels=1, dtype="int16", latency="low", device=self._device
        ) as stream:
            give_up_s = time.monotonic() + seconds + _PATIENCE_S
            while len(samples) < skipped + wanted:
                if waiting := stream.read_available:
                    samples.frombytes(bytes(stream.read(waiting)[0]))
                elif time.monotonic() > give_up_s:
                    return array("h")
                else:
                    time.sleep(_LOOK_AGAIN_S)
        return samples[skipped : skipped + wanted]
