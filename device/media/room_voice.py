"""The room's audio, as Opus packets for aiortc's sender."""

import asyncio
import math
import time
from fractions import Fraction
from typing import TypeAlias

import av
import numpy as np
import numpy.typing as npt
from aiortc import MediaStreamTrack

from device.media.playout import FRAME_SAMPLES, RATE_HZ

Packet: TypeAlias = "av.Packet[av.AudioStream]"

_BITRATE = 32_000
_TIME_BASE = Fraction(1, RATE_HZ)
_FRAME_BYTES = 2 * FRAME_SAMPLES
# A longer queue means that the loop was blocked: old packets are not worth sending.
_MOST_WAITING = 10
_LONGEST_PAUSE = RATE_HZ // 5
_SILENT_DBOV = -127


class RoomVoice(MediaStreamTrack):
    """The audio track; ``hear`` is called on the microphone's thread with any number of samples.

    aiortc sends packets as they are, so that nothing of its own encoder (stereo, 96 kbit/s) is used.
    """

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._call_loop = asyncio.get_running_loop()
        self._packets: asyncio.Queue[Packet] = asyncio.Queue()
        self._encoder = _encoder()
        self._heard = bytearray()
        self._began_s = time.monotonic()
        self._next_pts = 0
        self.level_dbov = _SILENT_DBOV

    def hear(self, block: bytes) -> None:
        """Encode recorded audio: mono, 16 bit, 48 kHz."""
        self._heard += block
        while len(self._heard) >= _FRAME_BYTES:
            octets = bytes(self._heard[:_FRAME_BYTES])
            del self._heard[:_FRAME_BYTES]
            self._encode(octets)

    async def recv(self) -> Packet:
        """Return the packet of the next 20 ms."""
        return await self._packets.get()

    def _encode(self, octets: bytes) -> None:
        samples = np.frombuffer(octets, np.int16).reshape(1, -1)
        self.level_dbov = _level_dbov(samples)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate, frame.time_base = RATE_HZ, _TIME_BASE
        frame.pts = self._pts()
        for packet in self._encoder.encode(frame):
            # The encoder counts from before its own delay, which an RTP timestamp cannot.
            packet.pts = frame.pts
            packet.time_base = _TIME_BASE
            self._call_loop.call_soon_threadsafe(self._offer, packet)

    def _pts(self) -> int:
        """Return the timestamp: by samples, and by the clock where the microphone was away for a while."""
        by_clock = int((time.monotonic() - self._began_s) * RATE_HZ)
        pts = self._next_pts
        if by_clock - pts > _LONGEST_PAUSE:
            pts = by_clock
        self._next_pts = pts + FRAME_SAMPLES
        return pts

    def _offer(self, packet: Packet) -> None:
        if self._packets.qsize() >= _MOST_WAITING:
            self._packets.get_nowait()
        self._packets.put_nowait(packet)


def _level_dbov(samples: npt.NDArray[np.int16]) -> int:
    """Return the level relative to full scale, from -127 to 0 (RFC 6464)."""
    power = float(np.mean(np.square(samples.astype(np.float32)))) / 2**30
    return max(_SILENT_DBOV, min(0, round(10 * math.log10(power)))) if power else _SILENT_DBOV


def _encoder() -> av.AudioCodecContext:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.bit_rate = _BITRATE
    encoder.format = av.AudioFormat("s16")
    encoder.layout = "mono"
    encoder.sample_rate = RATE_HZ
    encoder.time_base = _TIME_BASE
    # With forward error correction, for lines that lose one packet in twenty (RFC 6716, 2.1.7). A third of
    # the default effort, as WebRTC uses on small processors.
    encoder.options = {"application": "voip", "fec": "1", "packet_loss": "5", "compression_level": "3"}
    return encoder
