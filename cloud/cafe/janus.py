"""Janus as the café's SFU: AudioBridge mixes the audio, VideoRoom relays one video."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloud.cafe.janus_line import JanusLine, Message
from cloud.cafe.janus_statistics import JanusStatistics
from cloud.cafe.sending_rates import AGREED_BITRATE, SendingRate
from cloud.cafe.sfu import (
    Connections,
    EngineLost,
    LineLost,
    PictureChanged,
    SfuError,
    SfuEvent,
    SfuUnreachable,
    Speaking,
    ViewLost,
)

log = logging.getLogger(__name__)

# How long somebody may send nothing, after the 2 s in which Janus detects it.
SILENT_LINE_S = 3.0
# From an offer of video to its connection; a tablet begins one connection after the other.
VIEW_COMES_WITHIN_S = 15.0
RATES_EACH_S = 2.0
_MOST_EVENTS = 10_000
_SPEECH = {"talking": True, "stopped-talking": False}


@dataclass
class _Seat:
    """The handles of one participant: audio, own video, and received video."""

    sound: int = 0
    mine: int = 0
    seen: int = 0
    shown: str = ""
    picture_arrives: bool = False
    rate: SendingRate = field(default_factory=SendingRate)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def handles(self) -> list[int]:
        return [handle for handle in (self.sound, self.mine, self.seen) if handle]


@dataclass
class _Room:
    """One room of each plugin, with a pin and a secret that only this process has."""

    sound: int
    picture: int
    pin: str
    secret: str
    seats: dict[str, _Seat] = field(default_factory=dict)


class Janus:
    """A connection to one Janus at one Unix socket."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: JanusLine | None = None
        self._rooms: dict[str, _Room] = {}
        self._owners: dict[int, tuple[str, str]] = {}
        self._overdue: dict[int, asyncio.TimerHandle] = {}
        self._events: asyncio.Queue[SfuEvent] = asyncio.Queue(_MOST_EVENTS)
        self._watching: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Connect to the engine's socket, with a new session. Raises ``SfuUnreachable``."""
        line = JanusLine(self._path, self._take, self._lost)
        await line.open()
        self._line = line
        self._watching = asyncio.create_task(self._watch_rates(line))

    async def open_room(self, room: str) -> None:
        """Create one room of each plugin."""
        line = self._reached()
        opened = _Room(
            sound=await line.attach("audiobridge"),
            picture=await line.attach("videoroom"),
            pin=secrets.token_urlsafe(12),
            secret=secrets.token_urlsafe(12),
        )
        both = {"request": "create", "room": room, "is_private": True, "permanent": False}
        both |= {"pin": opened.pin, "secret": opened.secret}
        await line.message(opened.sound, {**both, **_SOUND_ROOM})
        await line.message(opened.picture, {**both, **_PICTURE_ROOM})
        self._rooms[room] = opened

    async def close_room(self, room: str) -> None:
        """Remove the room; ignored where there is none."""
        opened = self._rooms.pop(room, None)
        if opened is None:
            return
        line = self._reached()
        for seat in opened.seats.values():
            self._forget(seat)
        destroy = {"request": "destroy", "room": room, "secret": opened.secret}
        for handle in (opened.sound, opened.picture):
            await line.message(handle, destroy)
            await line.detach(handle)

    async def seat(self, room: str, person: str, offers: Connections) -> Connections:
        """Connect a participant, in place of their previous connections."""
        opened = self._room(room)
        if person in opened.seats:
            await self.remove(room, person)
        seat = opened.seats[person] = _Seat()
        async with seat.lock:
            try:
                sound, picture = await _both(
                    self._join(opened, room, person, offers.sound),
                    self._publish(opened, room, person, offers.picture),
                )
            except SfuError:
                await self.remove(room, person)
                raise
        return Connections(sound=sound, picture=picture)

    async def show(self, room: str, viewer: str, person: str) -> str:
        """Show a participant's video; Janus requests a key frame by itself."""
        line, opened = self._reached(), self._room(room)
        seat = self._seat(room, viewer)
        async with seat.lock:
            if seat.seen and seat.shown:
                stream = {"feed": person, "mid": "0", "sub_mid": "0"}
                await line.message(seat.seen, {"request": "switch", "streams": [stream]})
                seat.shown = person
                return ""
            seat.seen = await self._attach("videoroom", room, viewer)
            join = {"request": "join", "ptype": "subscriber", "room": room, "pin": opened.pin}
            answer = await line.message(seat.seen, {**join, "streams": [{"feed": person, "mid": "0"}]})
            seat.shown = person
            self._expect(seat.seen, room, viewer, VIEW_COMES_WITHIN_S)
            return _sdp(answer)

    async def take_answer(self, room: str, viewer: str, answer: str) -> None:
        """Set the viewer's answer; video starts."""
        seat = self._seat(room, viewer)
        if not seat.seen:
            raise SfuError("nothing was offered")
        jsep = {"type": "answer", "sdp": answer}
        await self._reached().message(seat.seen, {"request": "start"}, jsep)

    async def show_nobody(self, room: str, viewer: str) -> None:
        """End the viewer's video; the next ``show`` offers a new connection."""
        seat = self._seat(room, viewer)
        async with seat.lock:
            handle, seat.seen, seat.shown = seat.seen, 0, ""
            if handle:
                self._disown(handle)
                await self._reached().detach(handle)

    async def mute(self, room: str, person: str, *, muted: bool) -> None:
        """Mute a participant in the mixer."""
        opened = self._room(room)
        request = {"request": "mute" if muted else "unmute", "room": room, "secret": opened.secret}
        await self._reached().message(opened.sound, {**request, "id": person})

    async def remove(self, room: str, person: str) -> None:
        """Remove a participant; ignored where they are not connected."""
        opened = self._rooms.get(room)
        seat = opened.seats.pop(person, None) if opened else None
        if seat is None:
            return
        self._forget(seat)
        # Janus answers ``detach`` before its room has forgotten who it was, and refuses them until it has.
        await asyncio.gather(*(self._leave(handle) for handle in (seat.sound, seat.mine) if handle))
        await asyncio.gather(*(self._reached().detach(handle) for handle in seat.handles))

    async def events(self) -> AsyncIterator[SfuEvent]:
        """Yield events until the reading task is cancelled."""
        while True:
            yield await self._events.get()

    async def close(self) -> None:
        """Close the session, and its rooms."""
        line, self._line = self._line, None
        if line:
            await line.close()
        self._stop_watching()
        self._lose_rooms()

    async def _leave(self, handle: int) -> None:
        """Leave the handle's room; ignored where it was not in it, or Janus does not answer."""
        with contextlib.suppress(SfuError):
            await self._reached().message(handle, {"request": "leave"})

    async def _join(self, opened: _Room, room: str, person: str, offer: str) -> str:
        seat, line = opened.seats[person], self._reached()
        seat.sound = await self._attach("audiobridge", room, person)
        await line.message(seat.sound, {"request": "join", "room": room, "pin": opened.pin, "id": person})
        return _sdp(await line.message(seat.sound, {"request": "configure"}, _offer(offer)))

    async def _publish(self, opened: _Room, room: str, person: str, offer: str) -> str:
        if not offer:
            return ""
        seat = opened.seats[person]
        seat.mine = await self._attach("videoroom", room, person)
        join = {"request": "joinandconfigure", "ptype": "publisher", "room": room, "pin": opened.pin}
        return _sdp(await self._reached().message(seat.mine, {**join, "id": person}, _offer(offer)))

    async def _attach(self, plugin: str, room: str, person: str) -> int:
        handle = await self._reached().attach(plugin)
        self._owners[handle] = (room, person)
        return handle

    def _take(self, message: Message) -> None:
        """Handle an asynchronous event of Janus for one handle."""
        handle = message.get("sender", 0)
        owner = self._owners.get(handle)
        if owner is None:
            return
        room, person = owner
        seat = self._rooms[room].seats.get(person) if room in self._rooms else None
        if seat is None:
            return
        match message.get("janus"):
            case "event" if handle == seat.sound:
                self._heard(room, message.get("plugindata", {}).get("data", {}))
            case "media":
                self._media(room, person, handle, arrives=bool(message.get("receiving")))
            case "webrtcup" if handle == seat.mine:
                self._picture_arrives(room, person, arrives=True)
            case "webrtcup" if handle == seat.seen:
                self._expect_no_more(handle)
            case "hangup" | "detached":
                self._hung_up(room, person, handle)

    def _heard(self, room: str, data: dict[str, Any]) -> None:
        speaks = _SPEECH.get(str(data.get("audiobridge")))
        if speaks is not None:
            self._say(Speaking(room, str(data.get("id")), speaks=speaks))

    def _media(self, room: str, person: str, handle: int, *, arrives: bool) -> None:
        seat = self._rooms[room].seats[person]
        if handle == seat.mine:
            self._picture_arrives(room, person, arrives=arrives)
        elif handle == seat.sound:
            self._expect_no_more(handle)
            if not arrives:
                self._expect(handle, room, person, SILENT_LINE_S)

    def _picture_arrives(self, room: str, person: str, *, arrives: bool) -> None:
        seat = self._rooms[room].seats[person]
        seat.picture_arrives = arrives
        if not (arrives and seat.rate.is_excessive):
            self._say(PictureChanged(room, person, arrives=arrives))

    async def _watch_rates(self, line: JanusLine) -> None:
        """Let nobody be shown who sends far more than was agreed, until they keep to it."""
        statistics, said = JanusStatistics(self._path), ""
        try:
            while True:
                await asyncio.sleep(RATES_EACH_S)
                try:
                    await self._look_at_rates(line, statistics)
                except SfuUnreachable as error:
                    if str(error) != said:
                        log.warning("who sends too much cannot be seen: %s", error)
                    said = str(error)
        finally:
            statistics.close()

    async def _look_at_rates(self, line: JanusLine, statistics: JanusStatistics) -> None:
        seats = [
            (room, person, seat)
            for room, opened in self._rooms.items()
            for person, seat in opened.seats.items()
            if seat.mine
        ]
        for room, person, seat in seats:
            try:
                octets = await statistics.received_octets(line.session, seat.mine)
            except SfuUnreachable:
                raise
            except SfuError:
                # They have just left.
                continue
            was_excessive = seat.rate.is_excessive
            seat.rate = seat.rate.after(octets, asyncio.get_running_loop().time())
            if seat.rate.is_excessive != was_excessive and self._is_current(room, person, seat):
                log.warning("a participant sends %s", "as agreed again" if was_excessive else "too much")
                self._say(PictureChanged(room, person, arrives=was_excessive and seat.picture_arrives))

    def _is_current(self, room: str, person: str, seat: _Seat) -> bool:
        return room in self._rooms and self._rooms[room].seats.get(person) is seat

    def _stop_watching(self) -> None:
        if self._watching:
            self._watching.cancel()
            self._watching = None

    def _hung_up(self, room: str, person: str, handle: int) -> None:
        seat = self._rooms[room].seats.get(person) if room in self._rooms else None
        if seat and handle == seat.mine:
            self._picture_arrives(room, person, arrives=False)
        elif seat and handle == seat.sound:
            self._say(Speaking(room, person, speaks=False))
            self._say(LineLost(room, person))
        elif seat and handle == seat.seen:
            self._expect_no_more(handle)
            self._say(ViewLost(room, person))

    def _lost(self) -> None:
        self._line = None
        self._stop_watching()
        self._lose_rooms()
        self._say(EngineLost())

    def _lose_rooms(self) -> None:
        for timer in self._overdue.values():
            timer.cancel()
        self._rooms.clear()
        self._owners.clear()
        self._overdue.clear()

    def _say(self, event: SfuEvent) -> None:
        if self._events.full():
            log.warning("events of Janus are not taken; the oldest is dropped")
            self._events.get_nowait()
        self._events.put_nowait(event)

    def _forget(self, seat: _Seat) -> None:
        for handle in seat.handles:
            self._disown(handle)

    def _disown(self, handle: int) -> None:
        self._owners.pop(handle, None)
        self._expect_no_more(handle)

    def _expect(self, handle: int, room: str, person: str, within_s: float) -> None:
        """Count this connection as hung up unless something comes by it in time."""
        loop = asyncio.get_running_loop()
        self._overdue[handle] = loop.call_later(within_s, self._hung_up, room, person, handle)

    def _expect_no_more(self, handle: int) -> None:
        if timer := self._overdue.pop(handle, None):
            timer.cancel()

    def _reached(self) -> JanusLine:
        if self._line is None:
            raise SfuUnreachable("Janus cannot be reached")
        return self._line

    def _room(self, room: str) -> _Room:
        if room not in self._rooms:
            raise SfuError("there is no such room")
        return self._rooms[room]

    def _seat(self, room: str, person: str) -> _Seat:
        seat = self._room(room).seats.get(person)
        if seat is None:
            raise SfuError("this person is not in the room")
        return seat


_SOUND_ROOM = {
    "sampling_rate": 48_000,
    "audiolevel_event": True,
    # 0.2 s instead of Janus's 2 s.
    "audio_active_packets": 10,
    "audio_level_average": 50,
}
_PICTURE_ROOM = {
    "publishers": 50,
    "videocodec": "vp8",
    "audiocodec": "opus",
    "bitrate": AGREED_BITRATE,
    "bitrate_cap": True,
    "fir_freq": 0,
    "notify_joining": False,
}


async def _both(sound: Awaitable[str], picture: Awaitable[str]) -> tuple[str, str]:
    """Return both at once; where one fails, the other has ended too before it raises."""
    found = await asyncio.gather(sound, picture, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return found[0], found[1]  # type: ignore[return-value]


def _offer(sdp: str) -> Message:
    return {"type": "offer", "sdp": sdp}


def _sdp(answer: Message) -> str:
    jsep = answer.get("jsep")
    if not isinstance(jsep, dict):
        raise SfuError("Janus made no session description")
    return str(jsep["sdp"])
