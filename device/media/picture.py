"""How the caller sees the room: off, blurred beyond recognition, or clear (K5)."""

import asyncio
import time
from collections.abc import Callable
from typing import Literal

import av
from aiortc import MediaStreamTrack
from av.video.reformatter import Interpolation

from device.media.budget import FIRST_BITRATE, LEAST_BITRATE, PictureBudget, Plan
from device.media.camera import CameraThread, PictureSource
from device.media.encoder import VIDEO_RATE_HZ, VIDEO_TIME_BASE, LineEncoder

How = Literal["off", "blurred", "clear"]

# A face that fills the picture becomes one or two spots of colour.
_BLURRED_PX = (8, 6)
_BLACK_INTERVAL_S = 1.0


class RoomPicture(MediaStreamTrack):
    """The video track that aiortc sends. Nothing is opened before ``begin``, nor while video is off."""

    kind = "video"

    def __init__(
        self,
        source: PictureSource | None,
        trouble: Callable[[str], None],
        *,
        most_hz: float = 30.0,
        seen: Callable[[av.VideoFrame], None] = lambda _: None,
    ) -> None:
        """Create the track.

        ``trouble`` is called on the loop, with an empty text once the camera works again; ``seen`` gets each
        picture of the camera on its thread, unless the picture is off.
        """
        super().__init__()
        self.encoder = LineEncoder(FIRST_BITRATE)
        self._source = source
        self._most_hz = most_hz
        self._seen = seen
        self._trouble = trouble
        self._call_loop = asyncio.get_running_loop()
        self._how: How = "clear"
        self._line_at_s = time.monotonic()
        self._budget = PictureBudget(self._line_at_s)
        self._plan = self._budget.plan
        self._pending: asyncio.Queue[av.VideoFrame] = asyncio.Queue(maxsize=1)
        self._camera: CameraThread | None = None
        self._began = False
        self._began_s = time.monotonic()
        self._due_s = 0.0

    def begin(self) -> None:
        """Allow the camera to run from now on."""
        self._began = True
        self._follow()

    def show(self, how: How) -> None:
        """Set the mode from the very next picture on; a queued clearer one is discarded."""
        self._how = how
        while not self._pending.empty():
            self._pending.get_nowait()
        self._follow()

    def follow_line(self, lost_fraction: float) -> None:
        """Adapt the video to the line; called once a second."""
        now_s = time.monotonic()
        self._plan = self._budget.follow(
            reported=self.encoder.target_bitrate,
            sent=8 * self.encoder.sent_octets() / max(0.1, now_s - self._line_at_s),
            lost_fraction=lost_fraction,
            now_s=now_s,
        )
        self._line_at_s = now_s
        self.encoder.bitrate = self._plan.bitrate or LEAST_BITRATE

    async def recv(self) -> av.VideoFrame:
        """Return the next picture; a black one, once a second, where there is none to show."""
        frame = await self._next()
        frame.pts = int((time.monotonic() - self._began_s) * VIDEO_RATE_HZ)
        frame.time_base = VIDEO_TIME_BASE
        return frame

    def close(self) -> None:
        """Stop the camera; it is off once this returns."""
        self._began = False
        self._follow()
        self.stop()

    async def _next(self) -> av.VideoFrame:
        while True:
            try:
                return await asyncio.wait_for(self._pending.get(), _BLACK_INTERVAL_S)
            except TimeoutError:
                if self._plan.bitrate:
                    return _black(self._plan)

    def _follow(self) -> None:
        wanted = self._began and self._how != "off" and self._source is not None
        if wanted and self._camera is None and self._source:
            self._camera = CameraThread(self._source, self._from_camera, self._camera_failed)
        elif not wanted and self._camera:
            self._camera.close()
            self._camera = None

    def _from_camera(self, frame: av.VideoFrame) -> None:
        """Handle a picture on the camera's thread: it is blurred before anything else."""
        now_s, wanted, how = time.monotonic(), self._plan, self._how
        if how == "off":
            return
        self._seen(frame)
        if not wanted.bitrate:
            return
        # Neither cameras nor threads are exact: only the rate matters, not the gap before a picture.
        interval_s = 1 / min(wanted.rate_hz, self._most_hz)
        if now_s < self._due_s - interval_s / 2:
            return
        self._due_s = max(self._due_s, now_s - interval_s) + interval_s
        shown = as_seen(frame, how, wanted.width_px, wanted.height_px)
        self._call_loop.call_soon_threadsafe(self._offer, shown, how)

    def _offer(self, frame: av.VideoFrame, how: How) -> None:
        if how != self._how:
            return
        if self._pending.full():
            self._pending.get_nowait()
        self._pending.put_nowait(frame)

    def _camera_failed(self, reason: str) -> None:
        self._call_loop.call_soon_threadsafe(self._trouble, reason)


def as_seen(frame: av.VideoFrame, how: How, width_px: int, height_px: int) -> av.VideoFrame:
    """Return a new I420 picture of this size. Blurred: eight spots by six, interpolated."""
    if how == "blurred":
        width, height = _BLURRED_PX
        frame = frame.reformat(width, height, "yuv420p", interpolation=Interpolation.AREA)
        return frame.reformat(width_px, height_px, "yuv420p", interpolation=Interpolation.BILINEAR)
    width, height = _within(frame, width_px, height_px)
    return frame.reformat(width, height, "yuv420p", interpolation=Interpolation.AREA)


def _within(frame: av.VideoFrame, width_px: int, height_px: int) -> tuple[int, int]:
    """Return the size with the frame's aspect ratio, in even numbers and within the limits."""
    share = min(1.0, width_px / frame.width, height_px / frame.height)
    return max(2, int(frame.width * share) // 2 * 2), max(2, int(frame.height * share) // 2 * 2)


def _black(wanted: Plan) -> av.VideoFrame:
    frame = av.VideoFrame(wanted.width_px, wanted.height_px, "yuv420p")
    for plane, value in zip(frame.planes, (16, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame
