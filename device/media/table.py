"""One seat at a table, from its offers to its end: one audio and one video stream, however many sit there."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from device.media import relays
from device.media.caller_picture import CallerPicture
from device.media.camera import PictureSource
from device.media.conversation import Conversation
from device.media.messages import Connected, FromMedia, Gone, PictureIs, Trouble
from device.media.offer import UnusableOffer
from device.media.own_picture import OwnPicture
from device.media.picture import RoomPicture
from device.media.sound import Part, Sound
from device.media.table_lines import GuestLine, MyPictureLine, SoundLine
from device.media.table_messages import GuestAnswer, PrepareTable, SeeGuest, SitDown, TableReady
from device.window_protocol.frames import FrameWriter

_log = logging.getLogger(__name__)

# The SFU sends audio all the time, of silence too.
SILENCE_PATIENCE_S = 4.0
# Pictures of many participants are small: half of the effort of a call.
MOST_PICTURES_A_SECOND = 15.0
_WATCH_INTERVAL_S = 0.25
_LINE_INTERVAL_S = 1.0


class Table:
    """One seat; ``tell`` receives messages for the core; ``Gone`` or ``Unusable`` is the last."""

    def __init__(
        self, sound: Sound, camera: PictureSource | None, frames: Path, tell: Callable[[FromMedia], None]
    ) -> None:
        self._tell = tell
        self._frames = frames
        self._camera = camera
        # Tablets within earshot would howl: each makes louder what it hears of itself from the others.
        self._conversation = Conversation(sound, gain_control=False)
        self._loop = asyncio.get_running_loop()
        self._sound_line: SoundLine | None = None
        self._my_line: MyPictureLine | None = None
        self._guest_line: GuestLine | None = None
        self._next_guest_line: GuestLine | None = None
        self._room_picture: RoomPicture | None = None
        self._own_picture: OwnPicture | None = None
        self._guest_picture: CallerPicture | None = None
        self._writer: FrameWriter | None = None
        self._servers: list = []  # type: ignore[type-arg]
        self._watching: asyncio.Task[None] | None = None
        self._asking: set[asyncio.Task[None]] = set()
        self._quality: Literal["good", "poor", "none", ""] = ""

    async def prepare(self, wanted: PrepareTable) -> None:
        """Create offers; nothing is captured or played yet."""
        self._servers = await relays.usable(wanted.ice_servers)
        self._sound_line = SoundLine(self._servers, self._gone)
        sound = await self._sound_line.prepare(self._conversation.caller, listens=wanted.listens)
        picture = ""
        if self._camera and not wanted.listens:
            self._my_line = MyPictureLine(self._servers, self._picture_failed)
            picture = await self._my_line.prepare()
            self._own_picture = OwnPicture(self._frames.with_name(f"{self._frames.name}-own"))
            self._room_picture = RoomPicture(
                self._camera,
                lambda reason: self._troubled("camera", reason),
                most_hz=MOST_PICTURES_A_SECOND,
                seen=self._own_picture.take,
            )
        self._listens = wanted.listens
        self._writer = FrameWriter(self._frames)
        own = str(self._own_picture.path) if self._own_picture else ""
        self._tell(TableReady(sound=sound, picture=picture, frames=str(self._frames), own_frames=own))
        self._next_guest_line = GuestLine(self._servers, self._picture_failed)
        await self._next_guest_line.prepare()

    async def sit_down(self, answers: SitDown) -> None:
        """Start audio both ways. Raises ``UnusableOffer`` for an invalid answer."""
        if self._sound_line is None or self._watching:
            return
        try:
            await self._sound_line.take_answer(answers.sound)
            if self._my_line and answers.picture:
                await self._my_line.take_answer(answers.picture)
        except Exception as error:  # noqa: BLE001 - aiortc raises whatever its first failing step does
            raise UnusableOffer(f"the desk's answer cannot be used ({type(error).__name__})") from None
        self._conversation.begin(self._sound_troubled)
        if not self._listens:
            self._sound_line.speak(self._conversation.room)
        if self._my_line and self._room_picture:
            self._room_picture.begin()
            self._my_line.show(self._room_picture)
        self._watching = asyncio.create_task(self._watch(self._sound_line))

    async def see(self, wanted: SeeGuest) -> None:
        """Open a new connection for an offer; else switch the video on the existing one."""
        if wanted.ends or wanted.offer:
            await self._end_guest_line()
        if not wanted.offer or self._writer is None:
            return
        line = self._guest_line = await self._unused_guest_line()
        self._guest_picture = CallerPicture(
            self._writer,
            lambda ssrc, missing: self._ask_again(line, ssrc, missing),
            self._picture_began,
        )
        try:
            answer = await line.answer(wanted.offer, self._guest_picture)
        except Exception as error:  # noqa: BLE001 - aiortc raises whatever its first failing step does
            _log.info("the offer of a picture cannot be used: %s", error)
            await self._end_guest_line()
            return
        self._tell(GuestAnswer(answer=answer))

    async def _unused_guest_line(self) -> GuestLine:
        """Return the one that was prepared with the seat; a later one is made when it is needed."""
        line, self._next_guest_line = self._next_guest_line, None
        if line is None:
            line = GuestLine(self._servers, self._picture_failed)
            await line.prepare()
        return line

    async def close(self) -> None:
        """Close camera, microphone and loudspeaker first; then disconnect from the SFU."""
        if self._room_picture:
            self._room_picture.close()
        if self._own_picture:
            self._own_picture.close()
        self._conversation.close()
        if self._watching:
            self._watching.cancel()
            played, missing, _ = self._conversation.caller.tally
            _log.info("a seat at the table ends; sound: %d packets played, %d missing", played, missing)
        await self._end_guest_line()
        for line in (self._next_guest_line, self._my_line, self._sound_line):
            if line:
                await line.close()
        if self._writer:
            self._writer.close()

    async def _end_guest_line(self) -> None:
        line, self._guest_line = self._guest_line, None
        picture, self._guest_picture = self._guest_picture, None
        if line:
            await line.close()
        if picture:
            picture.close()

    async def _watch(self, line: SoundLine) -> None:
        reported_connected, line_at_s = False, time.monotonic()
        began_s = line_at_s
        while True:
            await asyncio.sleep(_WATCH_INTERVAL_S if reported_connected else _WATCH_INTERVAL_S / 10)
            now_s = time.monotonic()
            if line.heard_at_s is not None and not reported_connected:
                reported_connected = True
                self._tell(Connected())
            if now_s - (line.heard_at_s or began_s + SILENCE_PATIENCE_S) > SILENCE_PATIENCE_S:
                self._gone(f"nothing was heard for {SILENCE_PATIENCE_S:.0f} s")
                return
            if now_s - line_at_s >= _LINE_INTERVAL_S:
                line_at_s = now_s
                await self._follow_line(now_s)
            self._judge_picture(now_s)

    async def _follow_line(self, now_s: float) -> None:
        if self._room_picture and self._my_line:
            self._room_picture.follow_line(await self._my_line.lost_fraction())
        if self._guest_picture and self._guest_line:
            self._guest_picture.watch.counted(*await self._guest_line.counts(), now_s)

    def _judge_picture(self, now_s: float) -> None:
        picture = self._guest_picture
        quality = picture.watch.quality(picture.hole_age_s, now_s) if picture else "none"
        if quality != self._quality:
            self._quality = quality
            self._tell(PictureIs(quality=quality))

    def _picture_began(self) -> None:
        """Tell the core at once, on the decoder's thread: until then the screen shows the face."""
        self._loop.call_soon_threadsafe(self._judge_picture, time.monotonic())

    def _ask_again(self, line: GuestLine, ssrc: int, missing: list[int]) -> None:
        task = asyncio.ensure_future(line.ask_again(ssrc, missing))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def _sound_troubled(self, part: Part, reason: str) -> None:
        self._loop.call_soon_threadsafe(self._troubled, part, reason)

    def _troubled(self, part: Literal["camera", "microphone", "speaker"], reason: str) -> None:
        self._tell(Trouble(part=part, reason=reason))

    def _picture_failed(self, reason: str) -> None:
        """Continue without video: the audio has priority."""
        _log.info("a picture at the table: %s", reason)

    def _gone(self, reason: str) -> None:
        self._tell(Gone(reason=reason))
