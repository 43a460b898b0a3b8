"""VP8 encoding for aiortc's sender, adapted to the line; a failure never ends sending."""

import contextlib
from fractions import Fraction
from typing import Any

import av
from aiortc.codecs.base import Encoder
from aiortc.codecs.vpx import Vp8Encoder
from av.video.frame import PictureType

VIDEO_RATE_HZ = 90_000
VIDEO_TIME_BASE = Fraction(1, VIDEO_RATE_HZ)
_KEY_PICTURE_INTERVAL = 3000
_PICTURE_IDS = 1 << 15


class LineEncoder(Encoder):
    """An encoder that aiortc calls in a worker thread; ``target_bitrate`` is the other end's estimate.

    An exception in ``encode`` would end sending for good with only a log entry: a picture that cannot be
    encoded is skipped instead.
    """

    def __init__(self, bitrate: int) -> None:
        self.target_bitrate: int | None = None
        self.bitrate = bitrate
        self._codec: av.VideoCodecContext | None = None
        self._codec_bitrate = 0
        self._last_pts = -1
        self._picture_id = 0
        self._sent_octets = 0

    def sent_octets(self) -> int:
        """Return the octets sent since the last call."""
        octets, self._sent_octets = self._sent_octets, 0
        return octets

    def encode(self, frame: Any, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """Return RTP payloads and their timestamp; none for a picture older than the one before."""
        if frame.pts <= self._last_pts:
            return [], 0
        self._last_pts = frame.pts
        frame.pict_type = PictureType.I if force_keyframe else PictureType.NONE
        data = b""
        with contextlib.suppress(av.FFmpegError):
            data = b"".join(bytes(packet) for packet in self._fitting(frame).encode(frame))
        if not data:
            self._codec = None
            return [], 0
        self._sent_octets += len(data)
        self._picture_id = (self._picture_id + 1) % _PICTURE_IDS
        return Vp8Encoder._packetize(data, self._picture_id), frame.pts  # noqa: SLF001 - RFC 7741, as aiortc does it

    def pack(self, packet: Any) -> tuple[list[bytes], int]:
        """Return packetised video data; aiortc calls it for packets only."""
        raise NotImplementedError

    def _fitting(self, frame: av.VideoFrame) -> av.VideoCodecContext:
        """Return the encoder; a new one, which starts with a key frame, only where size or bitrate differ."""
        codec = self._codec
        if (
            codec is None
            or (codec.width, codec.height) != (frame.width, frame.height)
            or self._codec_bitrate != self.bitrate
        ):
            codec = self._codec = _codec(frame.width, frame.height, self.bitrate)
            self._codec_bitrate = self.bitrate
        return codec


def _codec(width_px: int, height_px: int, bitrate: int) -> av.VideoCodecContext:
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height = width_px, height_px
    codec.bit_rate = bitrate
    codec.pix_fmt = "yuv420p"
    codec.time_base = VIDEO_TIME_BASE
    codec.gop_size = _KEY_PICTURE_INTERVAL
    codec.qmin, codec.qmax = 2, 56
    codec.thread_count = 1
    # WebRTC's own settings, but for less effort, as on small processors: at -12 a detailed picture takes a
    # third less than at -8 and is as good (40.6 dB); beyond that it gets worse.
    codec.options = {
        "bufsize": str(bitrate),
        "minrate": str(bitrate),
        "maxrate": str(bitrate),
        "cpu-used": "-12",
        "deadline": "realtime",
        "lag-in-frames": "0",
        "overshoot-pct": "15",
        "undershoot-pct": "100",
        "partitions": "0",
        "static-thresh": "100",
    }
    return codec
