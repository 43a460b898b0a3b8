"""The open rooms: carries out the rules' effects with the SFU, and notifies people."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cloud.cafe import director, sessions
from cloud.cafe.notices import (
    ComeAgain,
    MuteChanged,
    Notice,
    Out,
    Presence,
    SeatTaken,
    Shown,
    StillHereAsked,
    Unusable,
)
from cloud.cafe.sfu import (
    Connections,
    EngineLost,
    LineLost,
    PictureChanged,
    Sfu,
    SfuError,
    SfuEvent,
    SfuUnreachable,
    Speaking,
    ViewLost,
)

log = logging.getLogger(__name__)

RECONNECT_S = 0.5
_LONGEST_SLEEP_S = 5.0

Tell = Callable[[str, str, Notice], Awaitable[None]]
TellDesk = Callable[[Presence], Awaitable[None]]


@dataclass
class _Room:
    session: sessions.Session
    table: director.Table = field(default_factory=director.Table)
    sees: dict[str, str] = field(default_factory=dict)
    offered: dict[str, Connections] = field(default_factory=dict)
    connected: set[str] = field(default_factory=set)
    muted: set[str] = field(default_factory=set)
    is_open: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Tables:
    """Manages open rooms; ``tell`` notifies one person, ``tell_desk`` the desk, both in order."""

    def __init__(self, sfu: Sfu, *, tell: Tell, tell_desk: TellDesk, now_s: Callable[[], float]) -> None:
        self._sfu = sfu
        self._tell = tell
        self._tell_desk = tell_desk
        self._now_s = now_s
        self._rooms: dict[str, _Room] = {}
        self._wake = asyncio.Event()
        self.is_reachable = False

    async def run(self) -> None:
        """Handle SFU events and timeouts until cancelled; reconnect after a crash of the SFU."""
        listening = asyncio.create_task(self._listen())
        reaching = asyncio.create_task(self._reach())
        try:
            while True:
                # Not wait_for: it may lose a cancellation that comes together with the event.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds_to_look()):
                        await self._wake.wait()
                for name in list(self._rooms):
                    await self._happen(name, sessions.Tick(), director.Tick())
                # Last: the steps above set it too, and other causes are handled before the next sleep.
                self._wake.clear()
        finally:
            listening.cancel()
            reaching.cancel()
            await self._sfu.close()

    async def enter(self, room: str, person: str, offers: Connections, rules: sessions.Rules) -> None:
        """Seat or reconnect an admitted person; the first one opens the room."""
        opened = self._rooms.get(room)
        if opened is None:
            opened = self._rooms[room] = _Room(sessions.Session(rules))
        opened.session = sessions.with_rules(opened.session, rules)
        opened.offered[person] = offers
        await self._happen(room, sessions.Join(person))

    async def answer(self, room: str, person: str, answer: str) -> None:
        """Set a viewer's answer to an offer of video."""
        try:
            await self._sfu.take_answer(room, person, answer)
        except SfuError as error:
            log.info("an answer at the table cannot be used: %s", error)

    async def happen(self, room: str, event: sessions.Event) -> None:
        """Handle any other event of a person; ignored where the room is not open."""
        if room in self._rooms:
            await self._happen(room, event)

    async def unmute(self, room: str, person: str) -> None:
        """Unmute a person at their own request."""
        opened = self._rooms.get(room)
        if opened and person in opened.muted:
            await self._mute(room, person, muted=False)

    async def _happen(self, name: str, event: sessions.Event, seen: director.Event | None = None) -> None:
        room = self._rooms.get(name)
        if room is None:
            return
        async with room.lock:
            before = room.session.people, room.session.away
            room.session, effects = sessions.step(room.session, event, self._now_s())
            if seen:
                room.table = director.step(room.table, seen, self._now_s())
            for effect in effects:
                await self._carry_out(name, room, effect)
            await self._show_everybody(name, room)
            people, away = room.session.people, room.session.away
            if (people, away) != before or room.session.ended:
                await self._tell_desk(Presence(name, people, away, room.session.ended))
            if not people:
                await self._close(name, room)
        self._wake.set()

    async def _carry_out(self, name: str, room: _Room, effect: sessions.Effect) -> None:
        match effect:
            case sessions.Seated(person):
                await self._connect(name, room, person)
            case sessions.Refused(person, reason):
                room.offered.pop(person, None)
                await self._tell(name, person, Out(reason))
            case sessions.Gone(person, reason):
                # First why: a device whose connections end without a word would come back.
                await self._tell(name, person, Out(reason))
                await self._part(name, room, person)
            case sessions.AskStillHere(person, until_s):
                await self._tell(name, person, StillHereAsked(until_s))
            case sessions.Muted(person):
                await self._mute(name, person, muted=True)

    async def _connect(self, name: str, room: _Room, person: str) -> None:
        """Connect a person; without an SFU their offer is kept until there is one."""
        try:
            if not room.is_open:
                await self._sfu.open_room(name)
                room.is_open = True
            self._forget_picture(room, person)
            answers = await self._sfu.seat(name, person, room.offered[person])
        except SfuUnreachable:
            return
        except SfuError as error:
            log.info("an offer at the table cannot be used: %s", error)
            room.session, _ = sessions.step(room.session, sessions.Leave(person), self._now_s())
            room.offered.pop(person, None)
            await self._tell(name, person, Unusable(str(error)))
            return
        room.offered.pop(person, None)
        room.connected.add(person)
        # First the picture: its connection takes longest, and a tablet begins one after the other.
        await self._show_if_changed(name, room, person)
        await self._tell(name, person, SeatTaken(answers))
        if person in room.muted:
            await self._mute(name, person, muted=True)

    async def _part(self, name: str, room: _Room, person: str) -> None:
        """Switch viewers away before a video ends, so that none waits for a new offer."""
        self._forget_picture(room, person)
        room.connected.discard(person)
        room.offered.pop(person, None)
        await self._show_everybody(name, room)
        with contextlib.suppress(SfuError):
            await self._sfu.remove(name, person)

    def _forget_picture(self, room: _Room, person: str) -> None:
        room.sees.pop(person, None)
        room.table = director.step(room.table, director.Left(person), self._now_s())

    async def _show_everybody(self, name: str, room: _Room) -> None:
        for viewer in sorted(room.connected):
            await self._show_if_changed(name, room, viewer)

    async def _show_if_changed(self, name: str, room: _Room, viewer: str) -> None:
        whom = room.table.seen_by(viewer)
        if whom != room.sees.get(viewer):
            await self._show(name, room, viewer, whom)

    async def _show(self, name: str, room: _Room, viewer: str, whom: str | None) -> None:
        try:
            if whom is None:
                offer = ""
                del room.sees[viewer]
                await self._sfu.show_nobody(name, viewer)
            else:
                room.sees[viewer] = whom
                offer = await self._sfu.show(name, viewer, whom)
        except SfuError as error:
            log.info("the picture at the table cannot be changed: %s", error)
            return
        await self._tell(name, viewer, Shown(whom, offer))

    async def _offer_view_again(self, name: str, room: _Room, viewer: str) -> None:
        """Offer a new connection where the one for others' video has failed; the sound goes on."""
        async with room.lock:
            if viewer not in room.connected or room.sees.pop(viewer, None) is None:
                return
            with contextlib.suppress(SfuError):
                await self._sfu.show_nobody(name, viewer)
            await self._show_if_changed(name, room, viewer)

    async def _mute(self, name: str, person: str, *, muted: bool) -> None:
        room = self._rooms[name]
        if muted:
            room.muted.add(person)
        else:
            room.muted.discard(person)
        try:
            await self._sfu.mute(name, person, muted=muted)
        except SfuError as error:
            log.info("the engine does not mute: %s", error)
        await self._tell(name, person, MuteChanged(muted))

    async def _close(self, name: str, room: _Room) -> None:
        """Remember an ended room until its hour, so that nobody opens it again."""
        if not room.is_open and room.session.ended is None:
            self._rooms.pop(name, None)
        if room.is_open:
            room.is_open = False
            with contextlib.suppress(SfuError):
                await self._sfu.close_room(name)
        room.connected.clear()
        rules, is_over = room.session.rules, room.session.ended and not room.session.rules.may_begin_again
        if self._now_s() >= rules.closes_s or not (is_over or room.session.shown_out):
            self._rooms.pop(name, None)

    async def _listen(self) -> None:
        async for event in self._sfu.events():
            try:
                await self._notice(event)
            except Exception:
                log.exception("the tables failed at %s", type(event).__name__)

    async def _notice(self, event: SfuEvent) -> None:
        if isinstance(event, EngineLost):
            await self._lose_engine()
        elif room := self._rooms.get(event.room):
            match event:
                case LineLost(person=person):
                    self._forget_picture(room, person)
                    await self._happen(event.room, sessions.LineLost(person), director.Tick())
                case ViewLost(person=person):
                    await self._offer_view_again(event.room, room, person)
                case PictureChanged(person=person, arrives=arrives):
                    seen = director.Joined(person) if arrives else director.Left(person)
                    await self._happen(event.room, sessions.Tick(), seen)
                case Speaking(person=person, speaks=speaks):
                    said = director.Speaks(person) if speaks else director.Silent(person)
                    await self._happen(event.room, sessions.Tick(), said)

    async def _lose_engine(self) -> None:
        log.warning("the café's engine is gone")
        self.is_reachable = False
        for name, room in list(self._rooms.items()):
            room.is_open, room.table, room.sees = False, director.Table(), {}
            room.connected.clear()
            for person in list(room.session.seats):
                await self._happen(name, sessions.LineLost(person))
        self._wake.set()

    async def _reach(self) -> None:
        """Reconnect to the SFU, and seat people again with their newest offers, or ask for new ones."""
        while True:
            if not self.is_reachable:
                with contextlib.suppress(SfuUnreachable):
                    await self._sfu.connect()
                    self.is_reachable = True
                    await self._return_everybody()
            await asyncio.sleep(RECONNECT_S)

    async def _return_everybody(self) -> None:
        for name, room in list(self._rooms.items()):
            for person in list(room.session.seats):
                if person in room.offered:
                    await self._happen(name, sessions.Join(person))
                else:
                    await self._tell(name, person, ComeAgain())

    def _seconds_to_look(self) -> float:
        looks = [sessions.next_look_s(room.session) for room in self._rooms.values()]
        looks += [director.next_look_s(room.table) for room in self._rooms.values()]
        due_s = min((at_s for at_s in looks if at_s is not None), default=self._now_s() + _LONGEST_SLEEP_S)
        return min(_LONGEST_SLEEP_S, max(0.02, due_s - self._now_s()))
