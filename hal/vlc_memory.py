"""In-memory sound for libvlc, once or looped without a gap."""

import ctypes
import struct
import threading
import time
from typing import Any

import vlc

# libvlc reads ahead as fast as it can, up to 16 MB; this much is enough.
_AHEAD_S = 2.0
# The maximum length of a WAV file: twelve hours of a looped sound.
_ENDLESS_BYTES = 0x7FFF_0000


class MemorySound:
    """A virtual WAV file. Keep a reference as long as libvlc plays it."""

    def __init__(self, pcm: bytes, rate_hz: int, *, loop: bool) -> None:
        """Create the sound; ``pcm`` is 16-bit mono."""
        self._pcm = pcm
        self._bytes_a_second = 2 * rate_hz
        size = _ENDLESS_BYTES // len(pcm) * len(pcm) if loop and pcm else len(pcm)
        self._header = wav_header(size, rate_hz)
        self._size = len(self._header) + size
        self._place = 0
        self._began_s = 0.0
        self._stopped = threading.Event()
        # libvlc holds raw pointers: these must live as long as this object.
        self._callbacks = (
            vlc.CallbackDecorators.MediaOpenCb(self._open),
            vlc.CallbackDecorators.MediaReadCb(self._read),
            vlc.CallbackDecorators.MediaSeekCb(self._seek),
            vlc.CallbackDecorators.MediaCloseCb(self._close),
        )

    def media(self, instance: Any) -> Any:
        """Return a media for a player. It is seekable, for libvlc only then paces its reads."""
        return instance.media_new_callbacks(*self._callbacks, None)

    def stop(self) -> None:
        """Make a waiting read return."""
        self._stopped.set()

    def _open(self, _opaque: int, _data: Any, size: Any) -> int:
        size[0] = self._size
        self._place, self._began_s = 0, time.monotonic()
        return 0

    def _read(self, _opaque: int, buffer: Any, length: int) -> int:
        ahead_s = self._place / self._bytes_a_second - (time.monotonic() - self._began_s)
        if ahead_s > _AHEAD_S:
            self._stopped.wait(ahead_s - _AHEAD_S)
        chunk = b"" if self._stopped.is_set() else self._chunk(length)
        ctypes.memmove(buffer, chunk, len(chunk))
        self._place += len(chunk)
        return len(chunk)

    def _chunk(self, length: int) -> bytes:
        """Return at most ``length`` bytes from the current position; none at the end."""
        if self._place < len(self._header):
            return self._header[self._place : self._place + length]
        length = min(length, self._size - self._place)
        start = (self._place - len(self._header)) % max(1, len(self._pcm))
        return self._pcm[start : start + length]

    def _seek(self, _opaque: int, place: int) -> int:
        self._place = place
        return 0

    def _close(self, _opaque: int) -> None:
        self._stopped.set()


def wav_header(data_bytes: int, rate_hz: int) -> bytes:
    """Return the RIFF header of 16-bit mono sound."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + data_bytes, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", data_bytes)
    )
