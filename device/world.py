"""The device's hands: the screen's window, the link to the desk, the health file."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from device.calls import CallProcesses
from device.contract import topics
from device.contract.commands import Answer
from device.contract.documents import Document, Reported
from device.contract.topics import Channel
from device.contract.vital import LookFrame, Presence
from device.contract.wire import seal
from device.display import DisplayedScreen
from device.hardware import FittedHardware
from device.health.file import HealthFile
from device.link.outbox import Outbox
from device.link.session import Session
from device.rules import effects as fx
from device.rules.events import Event, EventsReceived
from device.rules.health import faults
from device.rules.moment import Moment
from device.rules.state import State
from device.screen.scene import Scene
from device.screen.server import ScreenServer
from device.screen.speech import call_words, help_words, language_of
from device.screen.texts import text_message
from device.store.database import Store
from device.window_protocol.messages import Picture, TakePicture, Touch

_log = logging.getLogger(__name__)

# Received and painted are mostly milliseconds apart: one message says both.
GATHER_REPORTS_S = 0.25


class TabletWorld:
    """Carries out effects with the real parts of a tablet."""

    def __init__(  # noqa: PLR0913 - the hands are what they are
        self,
        *,
        store: Store,
        session: Session,
        outbox: Outbox,
        server: ScreenServer,
        displayed: DisplayedScreen,
        fetch_photos: Callable[[], None],
        send_help: Callable[[str], None],
        start_self_test: Callable[[str], None],
        stop_self_test: Callable[[], None],
        hardware: FittedHardware,
        calls: CallProcesses,
        ask_by_https: Callable[[], None],
        plan: Callable[[], None],
        write_down: Callable[[], None],
        health_file: Path,
    ) -> None:
        self._store = store
        self._session = session
        self._outbox = outbox
        self._server = server
        self._displayed = displayed
        self._fetch_photos = fetch_photos
        self._send_help = send_help
        self._start_self_test = start_self_test
        self._stop_self_test = stop_self_test
        self._hardware = hardware
        self._calls = calls
        self._health_file = HealthFile(health_file, hardware.fitted)
        self._ask_by_https = ask_by_https
        self._plan = plan
        self._write_down = write_down
        self._untold: dict[Document, tuple[Reported, Moment]] = {}

    def show(self, state: State, now: Moment) -> None:
        """Send the Screen to the window, if it differs."""
        self._displayed.refresh(state, now)

    def perform(self, effect: fx.Effect, state: State, now: Moment) -> None:
        """Carry out one effect."""
        match effect:
            case fx.Report(name=name):
                self._report(state.documents.reported[name], now)
            case fx.AnswerCommand(command_id=command_id, answer=answer):
                self.answer(command_id, answer, now)
            case fx.SendHeartbeat(heartbeat=heartbeat):
                counted = replace(heartbeat, outbox=self._store.count_waiting(), fitted=self._hardware.fitted)
                self._publish(topics.HEARTBEAT, counted, now)
            case fx.FetchPhotos() | fx.SendByHttps() | fx.AskByHttps():
                self._over_https(effect)
            case fx.SendSms(id=id_, number=number):
                self._hardware.send_sms(number, text_message(effect, Scene.of(state, now)), id_)
            case fx.StartSelfTest(id=id_):
                self._start_self_test(id_)
            case fx.Record():
                pass  # on the disk already; ``changed`` sends it
            case _:
                self._in_the_room(effect, state, now)

    def _in_the_room(self, effect: fx.Effect, state: State, now: Moment) -> None:
        """What the resident hears and sees of it."""
        match effect:
            case fx.TakePicture() | fx.TouchScreen() | fx.RestartWindow():
                self._to_window(effect)
            case fx.Play() | fx.StopSound() | fx.SetVolume() | fx.Shine() | fx.Dim():
                self._hardware.perform(effect)
            case fx.SayHelp():
                self._hardware.say(help_words(state, now), language_of(state))
            case fx.SayLabel(of=touched):
                self._hardware.say(self._displayed.label(touched), language_of(state))
            case fx.SayCall():
                self._hardware.say(call_words(state, now), language_of(state))
            case fx.PrepareCall() | fx.BeginCall() | fx.ShowRoom() | fx.FinishCall():
                self._calls.perform(effect)
            case fx.StopSelfTest():
                self._stop_self_test()

    def changed(self, state: State, now: Moment, event: Event) -> None:
        """Send and write down whatever differs now."""
        if isinstance(event, EventsReceived):
            self._outbox.received(event.ids)
        else:
            self._outbox.send()
        self._health_file.write(faults(state, now), now.wall)
        self._plan()

    def answer(self, command_id: str, answer: Answer, now: Moment) -> None:
        """Send one stage of a command."""
        self._publish(topics.ANSWER, answer, now, correlation=command_id)

    def say_online(self, session: int, now: Moment) -> None:
        """Presence, retained; the will of this session says the opposite."""
        self._publish(topics.PRESENCE, Presence(online=True, session=session), now)

    def show_desk(self, picture: Picture, now: Moment) -> None:
        """A picture for whoever looks from afar."""
        frame = LookFrame(width_px=picture.width_px, height_px=picture.height_px, jpeg=picture.jpeg)
        self._publish(topics.LOOK, frame, now)

    def _report(self, reported: Reported, now: Moment) -> None:
        if not self._untold:
            asyncio.get_running_loop().call_later(GATHER_REPORTS_S, self._tell_reports)
        self._untold[reported.document] = reported, now

    def _tell_reports(self) -> None:
        """Without a link they are lost, and told again on the next connection."""
        self._write_down()
        untold, self._untold = self._untold, {}
        for name, (reported, now) in untold.items():
            self._publish(topics.REPORTED[name], reported, now)

    def _publish(self, channel: Channel, body: Struct, now: Moment, correlation: str | None = None) -> None:
        self._session.publish(channel, seal(body, channel.type, sent_at=now.wall, correlation=correlation))

    def _over_https(self, effect: fx.FetchPhotos | fx.SendByHttps | fx.AskByHttps) -> None:
        match effect:
            case fx.FetchPhotos():
                self._fetch_photos()
            case fx.SendByHttps(id=id_):
                self._send_help(id_)
            case fx.AskByHttps():
                self._ask_by_https()

    def _to_window(self, effect: fx.TakePicture | fx.TouchScreen | fx.RestartWindow) -> None:
        match effect:
            case fx.TakePicture():
                self._server.to_window(TakePicture())
            case fx.TouchScreen(x=x, y=y):
                self._server.to_window(Touch(x, y))
            case fx.RestartWindow():
                self._end_window()

    def _end_window(self) -> None:
        """SIGKILL works on a stopped process too; the window's supervisor starts a new one."""
        for pid in self._server.window_pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError as error:
                _log.error("the frozen window %d could not be ended: %s", pid, error)
