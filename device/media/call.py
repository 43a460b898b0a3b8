"""One call from preparation to end, between the core's messages and the browser."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from device.media import offer, relays
from device.media.caller_picture import CallerPicture
from device.media.camera import PictureSource
from device.media.conversation import Conversation
from device.media.messages import Connected, FromMedia, Gone, PictureIs, Prepare, Ready, ShowPicture, Trouble
from device.media.peer import Peer
from device.media.picture import RoomPicture
from device.media.sound import Part, Sound
from device.window_protocol.frames import FrameWriter

_log = logging.getLogger(__name__)

# From ``Begin`` to the first audio; a browser that takes longer will not connect.
CONNECT_PATIENCE_S = 15.0
# A connected browser sends audio all the time, of silence too.
SILENCE_PATIENCE_S = 10.0
_FIRST_PICTURE_PATIENCE_S = 5.0
_WATCH_INTERVAL_S = 0.25
_LINE_INTERVAL_S = 1.0


class Call:
    """One call; ``tell`` receives messages for the core; ``Gone`` or ``Unusable`` is the last."""

    def __init__(
        self, sound: Sound, camera: PictureSource | None, frames: Path, tell: Callable[[FromMedia], None]
    ) -> None:
        self._tell = tell
        self._frames = frames
        self._camera = camera
        self._conversation = Conversation(sound)
        self._room_picture: RoomPicture | None = None
        self._caller_picture: CallerPicture | None = None
        self._writer: FrameWriter | None = None
        self._peer: Peer | None = None
        self._call_loop = asyncio.get_running_loop()
        self._watching: asyncio.Task[None] | None = None
        self._began_at_s = 0.0
        self._quality: Literal["good", "poor", "none", ""] = ""

    async def prepare(self, wanted: Prepare) -> None:
        """Create the answer. Raises ``UnusableOffer``."""
        offered = offer.read(wanted.offer)
        try:
            self._peer = Peer(await relays.usable(wanted.ice_servers), self._gone)
            answer = await self._peer.answer(
                offered, self._conversation.caller, has_camera=self._camera is not None
            )
        except Exception as error:  # noqa: BLE001 - aiortc raises whatever its first failing step does
            _log.exception("no answer to the offer of call %s", wanted.call_id)
            raise offer.UnusableOffer(f"no answer can be made ({type(error).__name__}: {error})") from None
        if self._camera and offered.takes_picture:
            self._room_picture = RoomPicture(self._camera, lambda reason: self._troubled("camera", reason))
        if offered.sends_picture:
            self._writer = FrameWriter(self._frames)
            self._caller_picture = CallerPicture(self._writer, self._peer.ask_again)
        self._tell(Ready(answer=answer, frames=str(self._frames) if self._writer else ""))

    async def begin(self, loudness: int) -> None:
        """Start audio in both directions, and video."""
        if self._peer is None or self._watching:
            return
        self.set_loudness(loudness)
        self._began_at_s = time.monotonic()
        self._conversation.begin(self._sound_troubled)
        if self._room_picture:
            self._room_picture.begin()
        self._watching = asyncio.create_task(self._watch(self._peer))
        await self._peer.begin(self._conversation.room, self._room_picture, self._caller_picture)

    def set_loudness(self, loudness: int) -> None:
        """How loud the caller is heard, from the next sample on."""
        self._conversation.loudness = loudness

    def show(self, wanted: ShowPicture) -> None:
        """Set how the room is shown, from the next picture on."""
        if self._room_picture:
            self._room_picture.show(wanted.how)

    async def close(self) -> None:
        """Close camera, microphone and loudspeaker first; then disconnect the browser."""
        if self._room_picture:
            self._room_picture.close()
        self._conversation.close()
        if self._watching:
            self._watching.cancel()
            _log.info("%s", self._summary())
        if self._peer:
            await self._peer.close()
        if self._caller_picture:
            self._caller_picture.close()
        if self._writer:
            self._writer.close()

    def _summary(self) -> str:
        """Return statistics of the line for the log."""
        played, missing, squeezed = self._conversation.caller.tally
        seconds = time.monotonic() - self._began_at_s
        return (
            f"{seconds:.0f} s; sound: {played} packets played, {missing} missing, {squeezed} hurried; "
            f"picture: {self._caller_picture.watch.shown_count if self._caller_picture else 0} shown"
        )

    async def _watch(self, peer: Peer) -> None:
        reported_connected = False
        line_at_s = time.monotonic()
        while True:
            await asyncio.sleep(_WATCH_INTERVAL_S if reported_connected else _WATCH_INTERVAL_S / 10)
            now_s = time.monotonic()
            if peer.heard_at_s is not None and not reported_connected:
                reported_connected = True
                self._tell(Connected())
            if self._is_given_up(peer.heard_at_s, now_s):
                return
            if now_s - line_at_s >= _LINE_INTERVAL_S:
                line_at_s = now_s
                await self._follow_line(peer, now_s)
            if reported_connected:
                self._judge_picture(now_s)

    def _is_given_up(self, heard_at_s: float | None, now_s: float) -> bool:
        if heard_at_s is None and now_s - self._began_at_s > CONNECT_PATIENCE_S:
            self._gone(f"no sound came within {CONNECT_PATIENCE_S:.0f} s")
            return True
        if heard_at_s is not None and now_s - heard_at_s > SILENCE_PATIENCE_S:
            self._gone(f"nothing was heard for {SILENCE_PATIENCE_S:.0f} s")
            return True
        return False

    async def _follow_line(self, peer: Peer, now_s: float) -> None:
        if self._room_picture:
            self._room_picture.follow_line(await peer.lost_fraction())
        if self._caller_picture:
            self._caller_picture.watch.counted(*await peer.picture_counts(), now_s)

    def _judge_picture(self, now_s: float) -> None:
        caller = self._caller_picture
        quality = caller.watch.quality(caller.hole_age_s, now_s) if caller else "none"
        waiting = caller and quality == "none" and now_s - self._began_at_s < _FIRST_PICTURE_PATIENCE_S
        if quality != self._quality and not waiting:
            self._quality = quality
            self._tell(PictureIs(quality=quality))

    def _sound_troubled(self, part: Part, reason: str) -> None:
        self._call_loop.call_soon_threadsafe(self._troubled, part, reason)

    def _troubled(self, part: Literal["camera", "microphone", "speaker"], reason: str) -> None:
        _log.info("%s: %s", part, reason or "works again")
        self._tell(Trouble(part=part, reason=reason))

    def _gone(self, reason: str) -> None:
        self._tell(Gone(reason=reason))
