"""Runs the wizard: converts input to events, and carries out the rules' effects."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from device.contract.identity import new_id
from device.media.camera import PictureSource
from device.rules.setup import effects as fx
from device.rules.setup.events import (
    Began,
    ButtonPressed,
    CameraShows,
    CodeSeen,
    GapsReceived,
    NetworkSeen,
    PendantHeard,
    SetupEvent,
    SoundTested,
    TextEnded,
    Touched,
)
from device.rules.setup.state import Device, Network, State
from device.rules.setup.step import step
from device.screen.server import ScreenServer, Viewer
from device.screen.setup import compose_setup
from device.screen.words import words_of
from device.self_test import ToneTest
from device.settings import Settings
from device.setup.camera import SetupCamera
from device.setup.desk import NewDesk
from device.setup.disk import SetupDisk
from device.setup.gaps import ask_for_gaps
from device.setup.network_manager import NetworkGone, NetworkManager
from device.window_protocol.intents import SetUp, TypeKey
from device.window_protocol.messages import Done, FromViewer
from hal.ports import Hardware, ModemEvent, SmsFailed, SmsSent

_log = logging.getLogger(__name__)

LOOK_S = 3.0
# An error of the panel's width that nobody notices.
SAME_WIDTH = 0.005


class Wizard:
    """Runs on one asyncio loop from the first start until the device is enrolled."""

    def __init__(
        self,
        settings: Settings,
        hardware: Hardware,
        *,
        width_mm: float,
        camera: PictureSource | None,
    ) -> None:
        self._settings = settings
        self._hardware = hardware
        self._width_mm = width_mm
        self._disk = SetupDisk(settings)
        self._desk = NewDesk(self._disk.new_identity)
        self._network = NetworkManager(os.environ.get("DBUS_SYSTEM_BUS_ADDRESS"))
        self._server = ScreenServer(settings.screen_socket, self._viewer_said)
        self._camera = self._seeing(camera, settings.media_socket.with_name("setup.frames"))
        self._state = State()
        self._revision = 0
        self._text_id = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_over = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until the device is enrolled, or ``stop``."""
        self._loop = asyncio.get_running_loop()
        await self._server.start()
        self._watch_hardware()
        kept = self._disk.read()
        parts = frozenset(self._hardware.fitted)
        width_mm = kept.width_mm or self._width_mm
        device = Device(parts=parts, buttons=tuple(self._hardware.buttons.names), width_mm=width_mm)
        self._handle(Began(kept=kept, device=device))
        self._start(self._follow_network())
        ends = [asyncio.create_task(each.wait()) for each in (stop, self._is_over)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in (*ends, *self._tasks):
            task.cancel()
        self._camera_off()
        await self._network.close()
        await self._server.stop()
        if self._is_over.is_set():
            await asyncio.to_thread(self._disk.hand_identity_over)

    def _handle(self, event: SetupEvent) -> None:
        before = self._state
        self._state, effects = step(before, event)
        if self._state.kept != before.kept:
            self._keep()
        self._aim()
        for effect in effects:
            self._perform(effect)
        self._show(before)

    def _keep(self) -> None:
        try:
            self._disk.write(self._state.kept)
        except OSError as error:
            # Continue without saving: after a power cut it resumes at an earlier step.
            _log.error("where the wizard stands could not be written: %s", error)

    def _show(self, before: State) -> None:
        if self._state != before or self._revision == 0:
            self._revision += 1
            self._server.show(replace(compose_setup(self._state), revision=self._revision))

    def _aim(self) -> None:
        """Switch the camera on only while its picture is on the page."""
        is_wanted = self._state.view == "scanning" or (
            self._state.kept.stage == "camera" and self._state.view == ""
        )
        if self._camera and is_wanted:
            self._camera.open()
        elif self._camera:
            self._camera_off()

    def _camera_off(self) -> None:
        if self._camera:
            self._camera.close()
        self._state = replace(self._state, frames="")

    def _perform(self, effect: fx.SetupEffect) -> None:
        match effect:
            case fx.LookForNetworks():
                self._start(self._scan())
            case fx.JoinNetwork(network=network, password=password):
                self._start(self._tell(self._network.join(network, password)))
            case fx.AskDesk(invitation=invitation):
                self._start(self._tell(asyncio.to_thread(self._desk.ask, invitation)))
            case fx.Enrol(invitation=invitation):
                self._start(self._tell(asyncio.to_thread(self._desk.enrol, invitation)))
            case fx.AskForGaps():
                self._start(self._ask_for_gaps())
            case fx.Finish():
                self._is_over.set()
            case _:
                self._perform_here(effect)

    def _perform_here(self, effect: fx.SetupEffect) -> None:
        """Carry out effects on this device's own hardware."""
        match effect:
            case fx.TestSound():
                self._start(self._test_sound())
            case fx.SendText(number=number):
                self._send_text(number)
            case fx.LearnPendant(sender=sender):
                self._disk.learn_pendant(sender)
            case fx.SetWidth(width_mm=width_mm):
                self._set_width(width_mm)

    async def _tell(self, work: Coroutine[Any, Any, SetupEvent]) -> None:
        self._handle(await work)

    async def _scan(self) -> None:
        with contextlib.suppress(NetworkGone):
            await self._network.scan()
        await self._look()

    async def _follow_network(self) -> None:
        """Watch for changes: a cable may be plugged in at any moment."""
        while True:
            await self._look()
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        try:
            network = await self._network.look()
        except NetworkGone as error:
            _log.warning("the network is not known: %s", error)
            network = Network()
        if network != self._state.network:
            self._handle(NetworkSeen(network=network))

    async def _ask_for_gaps(self) -> None:
        now = datetime.now(UTC)
        gaps = await ask_for_gaps(self._disk.new_identity, now)
        self._handle(GapsReceived(gaps=gaps))

    async def _test_sound(self) -> None:
        faults = await ToneTest(self._hardware).faults()
        self._handle(SoundTested(detail="; ".join(fault.reason for fault in faults)))

    def _send_text(self, number: str) -> None:
        self._text_id = new_id(datetime.now(UTC))
        words = words_of(self._state.kept.language)
        self._hardware.modem.send(number, words("Kotiruutu: text messages work."), self._text_id)

    def _set_width(self, width_mm: float) -> None:
        """Save the new width; its service restarts the window."""
        if abs(width_mm - self._width_mm) < SAME_WIDTH * self._width_mm:
            return
        self._width_mm = width_mm
        self._disk.set_width(width_mm)
        for pid in self._server.window_pids():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)

    def _watch_hardware(self) -> None:
        hardware = self._hardware
        hardware.buttons.listen(lambda name: self._from_thread(ButtonPressed(name=name)))
        hardware.pendants.watch(lambda pressed: self._from_thread(PendantHeard(sender=pressed.sender)))
        hardware.modem.watch(self._modem_said)

    def _modem_said(self, event: ModemEvent) -> None:
        match event:
            case SmsSent(id=id_) if id_ == self._text_id:
                self._from_thread(TextEnded())
            case SmsFailed(id=id_, reason=reason) if id_ == self._text_id:
                self._from_thread(TextEnded(detail=reason or "?"))

    def _seeing(self, source: PictureSource | None, frames: Path) -> SetupCamera | None:
        if source is None:
            return None
        return SetupCamera(
            source,
            frames,
            shows=lambda path, reason: self._from_thread(CameraShows(frames=path, detail=reason)),
            seen=lambda text: self._from_thread(CodeSeen(text=text)),
        )

    def _from_thread(self, event: SetupEvent) -> None:
        # A thread may report something after the loop has ended.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._handle, event)

    def _viewer_said(self, _viewer: Viewer, message: FromViewer | None) -> None:
        if isinstance(message, Done) and isinstance(message.intent, SetUp | TypeKey):
            self._handle(Touched(intent=message.intent))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a part of the wizard failed", exc_info=error)
