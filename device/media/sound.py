"""The room's microphone and loudspeaker through PortAudio, each reopened when it fails."""

import logging
import math
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Literal, Protocol

import numpy as np

from device.media.playout import FRAME_SAMPLES, RATE_HZ

_log = logging.getLogger(__name__)

Part = Literal["microphone", "speaker"]
Hear = Callable[[bytes], None]
Play = Callable[[int], bytes]
Trouble = Callable[[Part, str], None]

_LATENCY_S = 0.05
_STALLED_S = 3.0
_LOOK_INTERVAL_S = 0.25
_RETRY_S = 2.0
_BEEP_HZ = 1000
_BEEP_SHARE = 0.06
_SAMPLE_BYTES = 2


class Sound(Protocol):
    """Sound devices; ``hear`` receives blocks of 20 ms, ``play`` returns them, each on its own thread."""

    def warm_up(self) -> None:
        """Prepare before a device is opened. Blocks; call it once, before ``start``."""

    def start(self, hear: Hear, play: Play, trouble: Trouble) -> None:
        """Open the devices. ``trouble`` reports a failing component, and without a reason its recovery."""

    def close(self) -> None:
        """Stop recording and playing, and give the devices back."""


class PortAudioSound:
    """PortAudio devices; ``microphone`` is a substring of a name, empty for the default, None for none."""

    def __init__(self, *, microphone: str | None, speaker: bool) -> None:
        self._microphone = microphone
        self._wanted: dict[Part, bool] = {"microphone": microphone is not None, "speaker": speaker}
        self._library: Any = None
        self._streams: dict[Part, Any] = {}
        self._moved_s: dict[Part, float] = {}
        self._reported: dict[Part, str] = {}
        self._stop = Event()
        self._thread = Thread(target=self._run, name="sound", daemon=True)

    def warm_up(self) -> None:
        """Look up the devices. Raises ``OSError`` where PortAudio is not installed."""
        import sounddevice

        self._library = sounddevice

    def start(self, hear: Hear, play: Play, trouble: Trouble) -> None:
        """Open the devices in the background: a call does not wait for a sound server."""
        self._hear, self._play, self._trouble = hear, play, trouble
        self._thread.start()

    def close(self) -> None:
        """Close the devices; one that hangs is left to the end of the process."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        for part, wanted in self._wanted.items():
            if not wanted:
                self._tell(part, "none is fitted")
        while not self._stop.is_set():
            failed = [part for part in self._wanted if self._wanted[part] and not self._works(part)]
            if failed:
                self._open_again(failed)
            self._stop.wait(_RETRY_S if failed and any(self._reported.values()) else _LOOK_INTERVAL_S)
        self._close_streams()

    def _works(self, part: Part) -> bool:
        stream = self._streams.get(part)
        if stream is None:
            return False
        if time.monotonic() - self._moved_s[part] < _STALLED_S:
            self._tell(part, "")
            return True
        self._tell(part, "it has stopped")
        return False

    def _open_again(self, failed: list[Part]) -> None:
        """Restart PortAudio with all streams: it only knows the devices of its start."""
        restarts = any(self._streams.get(part) or self._reported.get(part) for part in failed)
        try:
            if self._library is None:
                self.warm_up()
            if restarts:
                self._close_streams()
                self._library._terminate()  # noqa: SLF001 - the library has no other way
                self._library._initialize()  # noqa: SLF001
        except Exception as error:  # noqa: BLE001 - the call goes on whatever fails in the system's audio
            for part in failed:
                self._tell(part, f"{type(error).__name__}: {error}")
            return
        for part, wanted in self._wanted.items():
            if wanted and part not in self._streams:
                self._open(part)

    def _open(self, part: Part) -> None:
        common = {"samplerate": RATE_HZ, "channels": 1, "dtype": "int16", "blocksize": FRAME_SAMPLES}
        try:
            stream = (
                self._library.RawInputStream(
                    **common, latency=_LATENCY_S, device=self._microphone or None, callback=self._heard
                )
                if part == "microphone"
                else self._library.RawOutputStream(**common, latency=_LATENCY_S, callback=self._playing)
            )
            self._moved_s[part] = time.monotonic()
            stream.start()
        except Exception as error:  # noqa: BLE001 - as above
            self._tell(part, f"{type(error).__name__}: {error}")
            return
        self._streams[part] = stream

    def _heard(self, data: Any, _frames: int, _times: Any, _status: Any) -> None:
        self._moved_s["microphone"] = time.monotonic()
        self._hear(bytes(data))

    def _playing(self, data: Any, frames: int, _times: Any, _status: Any) -> None:
        self._moved_s["speaker"] = time.monotonic()
        data[:] = self._play(frames)

    def _close_streams(self) -> None:
        for part, stream in list(self._streams.items()):
            try:
                stream.abort(ignore_errors=True)
                stream.close(ignore_errors=True)
            except Exception:  # noqa: BLE001 - as above
                _log.exception("the %s could not be closed", part)
        self._streams.clear()

    def _tell(self, part: Part, reason: str) -> None:
        if self._reported.get(part, "") != reason:
            self._reported[part] = reason
            self._trouble(part, reason)


class SimulatedSound:
    """A simulated room that beeps once a second, and a loudspeaker that discards its sound."""

    def __init__(self) -> None:
        self._stop = Event()
        self._thread = Thread(target=self._run, name="sound", daemon=True)

    def warm_up(self) -> None:
        """Do nothing: there is nothing to prepare."""

    def start(self, hear: Hear, play: Play, trouble: Trouble) -> None:  # noqa: ARG002 - the protocol
        """Start a beep each second in place of a microphone."""
        self._hear, self._play = hear, play
        self._thread.start()

    def close(self) -> None:
        """Stop the beeps, and wait a second at most for the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        began_s, blocks = time.monotonic(), 0
        beep = _beep()
        silence = bytes(_SAMPLE_BYTES * FRAME_SAMPLES)
        while not self._stop.wait(max(0.0, began_s + blocks / 50 - time.monotonic())):
            self._hear(beep if blocks % 50 < _BEEP_SHARE * 50 else silence)
            self._play(FRAME_SAMPLES)
            blocks += 1


def _beep() -> bytes:
    """Return whole periods, so that blocks join without a click."""
    wave = np.sin(2 * math.pi * _BEEP_HZ * np.arange(FRAME_SAMPLES) / RATE_HZ)
    return (6000 * wave).astype("<i2").tobytes()
