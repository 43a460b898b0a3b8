"""The caller's video: RTP packets in, pictures into the window's shared memory, on its own thread."""

import logging
import queue
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import av
import numpy as np

from device.media.assembly import Assembly, EncodedPicture
from device.media.line_quality import PictureWatch
from device.window_protocol.frames import LARGEST_FRAME_BYTES, FrameWriter

_log = logging.getLogger(__name__)

# A decoder that is further behind skips to the next key frame.
_MOST_WAITING = 20


class CallerPicture:
    """Decodes the caller's video; call ``take`` on the loop, and ``close`` before the writer is closed."""

    def __init__(
        self,
        writer: FrameWriter,
        ask_again: Callable[[int, list[int]], None],
        began: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the decoder. ``ask_again`` is called with the stream (SSRC) and the missing packets.

        ``began`` is called on the decoder's thread once the first picture is written.
        """
        self._began = began
        self.watch = PictureWatch()
        self._assembly = Assembly()
        self._writer = writer
        self._ask_again = ask_again
        self._waiting: queue.Queue[EncodedPicture | None] = queue.Queue()
        self._spoilt = False
        self._thread = Thread(target=self._decode_all, name="caller's picture", daemon=True)
        self._thread.start()

    @property
    def hole_age_s(self) -> float:
        """Return how long the next packet has been missing."""
        return self._assembly.hole_age_s(time.monotonic())

    def take(self, packet: Any) -> bool:
        """Handle an RTP packet; return whether to request a key frame now."""
        now_s = time.monotonic()
        if self._spoilt or self._waiting.qsize() > _MOST_WAITING:
            self._spoilt = False
            self._assembly.start_over()
        pictures = self._assembly.add(
            packet.sequence_number,
            timestamp=packet.timestamp,
            marker=bool(packet.marker),
            payload=packet.payload,
            data=packet._data,  # noqa: SLF001 - the payload without its descriptor
            now_s=now_s,
        )
        for picture in pictures:
            self._waiting.put(picture)
        missing = self._assembly.missing(now_s)
        if missing:
            self._ask_again(packet.ssrc, missing)
        return self._assembly.wants_key_picture(now_s)

    def close(self) -> None:
        """Stop the thread; no picture is written after this returns."""
        self._waiting.put(None)
        self._thread.join()

    def _decode_all(self) -> None:
        decoder, is_too_large = _decoder(), False
        while (picture := self._waiting.get()) is not None:
            if picture.is_key:
                is_too_large = _is_too_large(picture.data)
            if is_too_large:
                # They are shown by their photo: decoding it would take the processor from the sound.
                continue
            try:
                for frame in decoder.decode(av.Packet(picture.data)):
                    self._show(frame)
            except (av.FFmpegError, ValueError) as error:
                _log.info("a picture could not be decoded: %s", error)
                decoder = _decoder()
                self._spoilt = True

    def _show(self, frame: av.VideoFrame) -> None:
        if 3 * frame.width * frame.height // 2 + frame.width + frame.height > LARGEST_FRAME_BYTES:
            frame = frame.reformat(frame.width // 4 * 2, frame.height // 4 * 2)
        self._writer.write(frame.width, frame.height, *planes(frame))
        self.watch.shown(time.monotonic())
        if self.watch.shown_count == 1:
            self._began()


def _is_too_large(key_picture: bytes) -> bool:
    """Return whether a VP8 key frame is larger than full HD, by its header (RFC 6386, 9.1)."""
    width, height = (int.from_bytes(key_picture[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return 3 * width * height // 2 > LARGEST_FRAME_BYTES


def planes(frame: av.VideoFrame) -> tuple[memoryview, memoryview, memoryview]:
    """Return the planes of an I420 picture without the padding of their lines."""
    half = ((frame.height + 1) // 2, (frame.width + 1) // 2)
    shapes = ((frame.height, frame.width), half, half)
    y, u, v = (_packed(plane, *shape) for plane, shape in zip(frame.planes, shapes, strict=True))
    return y, u, v


def _packed(plane: Any, height: int, width: int) -> memoryview:
    lines = np.frombuffer(plane, np.uint8)[: height * plane.line_size].reshape(height, plane.line_size)
    return np.ascontiguousarray(lines[:, :width]).data


def _decoder() -> av.VideoCodecContext:
    decoder = av.CodecContext.create("vp8", "r")
    decoder.thread_count = 1
    return decoder
