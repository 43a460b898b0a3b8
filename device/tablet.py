"""Connects the components of a tablet: their messages become events for the core."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from datetime import timedelta

from device import VERSION
from device.calls import CallProcesses
from device.contract import topics
from device.contract.commands import Answer
from device.contract.documents import BrokerAddress, Document
from device.contract.topics import Channel
from device.contract.vital import Presence
from device.contract.wire import seal
from device.core import Core
from device.desk_messages import DeskMessages
from device.display import DisplayedScreen
from device.effect_handlers import EffectHandlers
from device.hardware import FittedHardware
from device.health.file import HealthFile
from device.health.notify import ServiceManager
from device.health.vitals import Vitals
from device.health.words import in_words
from device.https_tasks import HelpFallback, HttpsDesk, PhotoDownloads
from device.inbound import Unanswerable, understand
from device.link.events import (
    Arrived,
    Connected,
    Disconnected,
    IdentityShared,
    LinkEvent,
    NobodyListens,
    Refused,
)
from device.link.outbox import Outbox
from device.link.session import Session
from device.network import NetworkChanges
from device.press_journal import Entry, PressJournal
from device.press_rescue import PressRescue
from device.renewal import CertificateRenewal
from device.restart import MachineRestart
from device.retirement import Retiring
from device.rules.documents import COULD_NOT_USE
from device.rules.events import (
    Began,
    ButtonChanged,
    CommandArrived,
    DocumentArrived,
    DocumentSetAside,
    Event,
    FaultChanged,
    InputRefused,
    Intended,
    LinkChanged,
    PageTurned,
    PendantPressed,
    PictureTaken,
    Ticked,
    WindowCame,
    WindowPainted,
    WindowWent,
)
from device.rules.health import faults
from device.rules.now import Now
from device.rules.step import seconds_to_check
from device.screen.server import ScreenServer, Viewer
from device.self_test import SelfTester, SelfTests
from device.settings import Identity, Settings
from device.start import resume_garbage_collection
from device.store.database import Store
from device.store.photos import PhotoShelf
from device.trial import Trial
from device.updates import SoftwareUpdates
from device.voice import Voice
from device.window_control import WindowControl
from device.window_protocol.messages import Beat, Done, FromViewer, Hello, Painted, Picture, Turned
from hal.ports import Clock, Hardware

_log = logging.getLogger(__name__)

# Often enough for the service manager's watchdog.
TICK_S = 10.0
# Composing takes milliseconds; the slowest tablet with the fullest calendar stays below a second.
STUCK_S = 8.0
STUCK_EXIT_STATUS = 70
# The window starts beside the core and needs the processor more; without one nothing waits for it.
FIRST_PAINT_PATIENCE_S = 1.0
_SESSIONS_PER_BOOT = 1_000_000


class Tablet:
    """One running device, on one asyncio loop."""

    def __init__(self, settings: Settings, identity: Identity, clock: Clock, hardware: Hardware) -> None:
        self._language = identity.language
        self._store = Store(settings.data_dir / "device.sqlite3")
        boot = self._store.next("boot")
        self._session_number = boot * _SESSIONS_PER_BOOT
        self._trial = Trial(settings.data_dir)
        self._core = Core(store=self._store, clock=clock, boot_id=str(boot))
        self._shelf = PhotoShelf(settings.data_dir / "photos")
        https = HttpsDesk(identity, clock)
        self._photos = PhotoDownloads(https, self._shelf, wanted=self._wanted_photos, handle=self._task_done)
        self._https_fallback = HelpFallback(
            https,
            self._store,
            arrived=lambda payload: self._handle_message(topics.COMMAND, payload, self._core.now()),
            handle=self._task_done,
        )
        self._server = ScreenServer(settings.screen_socket, self._viewer_said)
        self._displayed = DisplayedScreen(
            self._server,
            self._shelf.path_of,
            on_loop=self._on_loop,
            failed=self._core.screen_failed,
        )
        self._presses = PressJournal(
            settings.data_dir / "presses",
            PressRescue(identity, self._core, self._store, boot),
            self._core.now,
        )
        self._hardware = FittedHardware(hardware, self._from_thread)
        self._self_tester = SelfTester(
            hardware,
            data_dir=settings.data_dir,
            certificate=identity.certificate,
            desk_time=https.time,
            wall=https.wall,
        )
        self._calls = CallProcesses(settings.media_socket, self._core.handle)
        self._vitals = Vitals()
        self._manager = ServiceManager(os.environ.get("NOTIFY_SOCKET"))
        self._session = Session(
            identity,
            brokers=self._brokers,
            make_will=self._make_will,
            heard=self._link_said,
            moved=lambda: self._vitals.moved("link"),
        )
        self._updates = SoftwareUpdates(settings, https, self._core.handle, self._begin_anew)
        self._network = NetworkChanges(self._core.handle)
        self._renewal = CertificateRenewal(identity, https, self._session, self._core.handle)
        self._outbox = Outbox(self._store, self._session, lambda: clock.read().monotonic_s)
        self._messages = DeskMessages(
            self._session, self._store, self._hardware, settings.data_dir, self._core.write_down
        )
        self._effect_handlers = EffectHandlers(
            (
                self._outbox,
                self._messages,
                self._hardware,
                self._calls,
                self._photos,
                self._https_fallback,
                self._renewal,
                Retiring(identity, self._go_on_retired),
                self._updates,
                MachineRestart(settings),
                self._network,
                Voice(self._hardware, self._displayed),
                WindowControl(self._server),
                SelfTests(self._self_tester, look=self._hardware.look, tell=self._core.handle),
            ),
            displayed=self._displayed,
            outbox=self._outbox,
            health=HealthFile(settings.data_dir / "health.json", self._hardware.fitted),
            plan=self._plan,
        )
        self._has_painted = asyncio.Event()
        self._has_ticked = False
        self._loop: asyncio.AbstractEventLoop
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = self._is_retired = False
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Show the saved state, then connect to the desk; until ``stop``."""
        self._loop, self._stop = asyncio.get_running_loop(), stop
        self._answer_for_the_last_core()
        self._core.attach(self._effect_handlers)
        self._core.show(self._core.now())
        await self._server.start()
        self._hardware.start()
        has_modem = "modem" in self._hardware.fitted
        began = Began(version=VERSION, has_modem=has_modem, language=self._language)
        self._core.handle(began)
        self._updates.begin()
        self._tell_what_was_lost()
        self._take_presses_of_the_last_core()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._has_painted.wait(), FIRST_PAINT_PATIENCE_S)
        resume_garbage_collection()
        self._session.start()
        self._renewal.read()
        self._photos.fetch()
        self._manager.ready()
        self._tick_later()
        await stop.wait()
        await self._end()

    def _begin_anew(self) -> None:
        """Stop the core in order, to restart with another release."""
        self._stop.set()

    def _go_on_retired(self) -> None:
        """Stop the core in order; its process goes on, and the service manager must not end it."""
        self._is_retired = True
        self._begin_anew()

    async def _end(self) -> None:
        """Stop in the reverse order of the start; the outbox keeps unsent events."""
        self._is_over = True
        self._tick_later()
        if not self._is_retired:
            self._manager.stopping()
        self._trial.passed()
        self._trial.close()
        self._presses.stop()
        self._displayed.stop()
        self._photos.stop()
        self._https_fallback.stop()
        self._renewal.stop()
        self._updates.stop()
        self._network.stop()
        self._calls.stop()
        self._self_tester.stop()
        await self._server.stop()
        await asyncio.to_thread(self._session.stop)
        self._core.write_down()
        self._store.close()

    def _tick_later(self) -> None:
        """Schedule the next tick; an event may bring it forward.

        The window's beat includes a tick: one wake-up costs less than two.
        """
        if self._timer:
            self._timer.cancel()
        wait_s = self._seconds_to_tick()
        self._timer = None if self._is_over else self._loop.call_later(wait_s, self._tick)

    def _tick(self, *, with_beat: bool = False) -> None:
        try:
            self._end_if_stuck()
            self._outbox.check()
            self._hardware.look()
            self._core.handle(Ticked(with_beat=with_beat))
            self._tell_service_manager()
        finally:
            self._tick_later()

    def _end_if_stuck(self) -> None:
        """Restart when composing hangs: the old Screen stays, and a new core finds the cause (K2, K21).

        Help needs no Screen, and presses are saved: nothing is lost with this process.
        """
        if self._displayed.busy_s() >= STUCK_S:
            _log.critical("the screen is not composed: restarting")
            os._exit(STUCK_EXIT_STATUS)
        if self._displayed.busy_s() == 0.0:
            self._vitals.moved("composer")
            if self._has_ticked:
                self._has_passed()
        self._has_ticked = True

    def _has_passed(self) -> None:
        """Record that what was on trial has been composed and survived."""
        for name in self._trial.passed():
            if document := self._core.state.documents.get(name):
                self._trial.keep_good(name, document)

    def _answer_for_the_last_core(self) -> None:
        """Set aside what crashed the last core: the desk is informed, and the last good document stays."""
        left = self._trial.left
        if left and left.is_guilty and left.command_id:
            self._refuse_command(left.command_id)
        elif left and left.is_guilty:
            # A crash without a named document is about saved data: the calendar is the most complex.
            at_rest: dict[Document, int] = {"calendar": 0}
            for name in left.documents or at_rest:
                self._set_aside(name)
        self._trial.begin_start()

    def _refuse_command(self, id_: str) -> None:
        if self._store.answer_to(id_):
            return  # it was executed, and the core crashed just after
        now = self._core.now()
        refusal = Answer(stage="failed", reason=COULD_NOT_USE)
        with self._store.transaction():
            self._store.remember_answer(id_, refusal, until=now.wall + timedelta(days=8), now=now.wall)

    def _set_aside(self, name: Document) -> None:
        current, good = self._core.state.documents.get(name), self._trial.last_good(name)
        if current:
            document = None if good == current else good
            self._core.handle(DocumentSetAside(name=name, version=current.version, document=document))

    def _take_presses_of_the_last_core(self) -> None:
        for entry in self._presses.left:
            help_ = self._core.state.requests.help
            if help_ is None or help_.id != entry.id:
                self._core.handle(_event_of(entry), entry.id)
            self._presses.taken(entry.id)

    def _plan(self) -> None:
        """Plan the next tick after each event, which may need it sooner."""
        if self._timer and self._loop.time() + self._seconds_to_tick() < self._timer.when():
            self._tick_later()

    def _tell_what_was_lost(self) -> None:
        """Report an unreadable database or part of the state as a fault."""
        if self._store.trouble:
            self._core.handle(FaultChanged(part="store", reason=self._store.trouble))
        for part in self._core.unreadable_parts:
            self._core.handle(InputRefused(source=f"store: {part}", reason="what was kept could not be read"))

    def _tell_service_manager(self) -> None:
        """Report to the service manager; the watchdog is fed once all threads have progressed."""
        self._vitals.moved("loop")
        if self._store.moves():
            self._vitals.moved("database")
        if self._vitals.have_all_moved():
            self._manager.alive()
        self._manager.status(in_words(faults(self._core.state, self._core.now())))

    def _seconds_to_tick(self) -> float:
        """Return the time to the next minute, when the clock on the screen changes, or to a timeout."""
        now = self._core.now()
        checks = (self._outbox.seconds_to_check(), seconds_to_check(self._core.state, now))
        to_minute = 60.0 - now.wall.timestamp() % 60.0
        return max(0.01, min(TICK_S, to_minute, *(each for each in checks if each is not None)))

    def _on_loop(self, then: Callable[[], None]) -> None:
        # A thread may report something after the loop has ended.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(then)

    def _from_thread(self, event: Event) -> None:
        """Handle an event from a thread; a press is saved before the core's loop is involved."""
        entry = _entry_of(event, self._core.now())
        if entry is None:
            self._loop.call_soon_threadsafe(self._core.handle, event)
            return
        self._presses.add(entry)
        self._loop.call_soon_threadsafe(self._pressed, event, entry.id)

    def _pressed(self, event: Event, id_: str) -> None:
        self._core.handle(event, id_)
        self._presses.taken(id_)

    def _viewer_said(self, viewer: Viewer, message: FromViewer | None) -> None:
        is_window = viewer.role == "window"
        match message:
            case Done(intent=intent):
                self._core.handle(Intended(intent=intent))
            case Turned(arrow=arrow) if is_window:
                self._core.handle(PageTurned(arrow=arrow))
            case Hello() if is_window:
                self._core.handle(WindowCame())
            case Beat() if is_window:
                self._tick(with_beat=True)
            case Painted(revision=revision) if is_window:
                self._has_painted.set()
                self._core.handle(WindowPainted(versions=self._displayed.versions_of(revision)))
            case Picture() as picture if is_window and self._core.state.remote_view:
                self._messages.show_desk(picture, self._core.now())
                self._core.handle(PictureTaken())
            case None if is_window:
                self._core.handle(WindowWent())

    def _link_said(self, event: LinkEvent) -> None:
        """Handle an event of the link, on its thread."""
        self._loop.call_soon_threadsafe(self._link_event, event)

    def _link_event(self, event: LinkEvent) -> None:
        now = self._core.now()
        match event:
            case Connected():
                self._messages.say_online(self._session_number, self._core.state, now)
                self._core.handle(LinkChanged(connected=True))
                self._outbox.connected()
            case Disconnected(reason=reason):
                self._outbox.disconnected()
                self._core.handle(LinkChanged(connected=False, reason=reason))
            case IdentityShared(shared=shared):
                reason = "another tablet uses it" if shared else ""
                self._core.handle(FaultChanged(part="identity", reason=reason))
            case Refused(reason=reason):
                self._core.handle(InputRefused(source="link", reason=reason))
            case NobodyListens():
                self._outbox.nobody_listens()
                self._plan()
            case Arrived(channel=topics.ROLL_CALL):
                self._messages.say_online(self._session_number, self._core.state, now)
            case Arrived(channel=channel, payload=payload):
                self._handle_message(channel, payload, now)

    def _handle_message(self, channel: Channel, payload: bytes, now: Now) -> None:
        for understood in understand(channel, payload, now):
            self._arrived(understood, now)

    def _arrived(self, understood: Event | Unanswerable, now: Now) -> None:
        if isinstance(understood, Unanswerable):
            self._messages.answer(understood.command_id, understood.answer, now)
            return
        if isinstance(understood, CommandArrived):
            if answer := self._store.answer_to(understood.id):
                self._messages.answer(understood.id, answer, now)
                return
            with self._trial.of_command(understood.id):
                self._core.handle(understood)
            return
        if isinstance(understood, DocumentArrived):
            self._on_trial(understood)
        self._core.handle(understood)

    def _on_trial(self, arrived: DocumentArrived) -> None:
        documents = self._core.state.documents
        is_known = documents.get(arrived.name) == arrived.document
        if not is_known and documents.set_aside.get(arrived.name) != arrived.document.version:
            self._has_ticked = False
            self._trial.begin_document(arrived.name, arrived.document.version)

    def _brokers(self) -> list[BrokerAddress]:
        """Return the brokers of the desk's newest policy; called on the link's thread."""
        policy = self._core.state.documents.policy
        return policy.brokers if policy else []

    def _make_will(self) -> bytes:
        """Return the will, with a session number higher than any before; called on the link's thread."""
        self._session_number += 1
        will = Presence(online=False, session=self._session_number)
        return seal(will, topics.PRESENCE.type, sent_at=self._core.now().wall)

    def _task_done(self, event: Event) -> None:
        # Photos are outside the state: they are checked whenever a task has ended.
        self._displayed.forget()
        self._core.handle(event)

    def _wanted_photos(self) -> list[str]:
        documents = self._core.state.documents
        plan = documents.messages
        photos = [each.photo for each in documents.people.contacts] if documents.people else []
        photos += [each.photo for each in plan.messages] + [each.photo for each in plan.album] if plan else []
        photos += [each.photo for each in documents.cafe.meetings] if documents.cafe else []
        return [photo for photo in photos if photo]


def _entry_of(event: Event, now: Now) -> Entry | None:
    """Return the journal entry of a press; None for all other events."""
    at, trusted = now.wall.timestamp(), now.trusted
    match event:
        case ButtonChanged(name="help", action="pressed"):
            return Entry(id=now.id, source="button", name="help", at=at, trusted=trusted)
        case PendantPressed(sender=sender):
            return Entry(id=now.id, source="pendant", name=sender, at=at, trusted=trusted)
    return None


def _event_of(entry: Entry) -> Event:
    if entry.source == "button":
        return ButtonChanged(name=entry.name, action="pressed")
    return PendantPressed(sender=entry.name)
