"""A tablet takes a release from its desk, and keeps it only if it works: real core, broker and desk (K16)."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cloud.devices import documents
from cloud.devices.models import Device
from cloud.link.worker import Worker
from cloud.releases.models import DeviceRelease
from cloud.releases.rings import extend
from cloud.releases.store import add
from cloud.screens.models import ResidentView
from device import VERSION
from device.contract.release import number_of
from device.software.slots import Slots
from device.window_protocol.client import CoreGone, ScreenClient
from device.window_protocol.messages import Draw, Painted
from tests.cloud.homes import make_user
from tests.device.core_process import REPOSITORY
from tests.link.broker_process import BrokerProcess
from tests.link.fixtures import DeskAddresses
from tests.link.own_core import Core
from tests.link.tablet import Identity
from tests.link.waiting import eventually
from tests.software.releases import Workshop

pytestmark = [pytest.mark.requirement("K16"), pytest.mark.django_db(transaction=True)]

START = REPOSITORY / "systemd/start.sh"
NEXT = "0.9.1"
# Times that a test can wait for; all else is as it is.
_QUICKLY = """
from device import tablet
from device.rules import update
tablet.TICK_S = 1.0
update.FIRST_ASK_S, update.FIRST_RETRY_S, update.TEST_AGAIN_S = 1.0, 1.0, 2.0
update.TRIAL_S = {trial_s}
"""


class Window:
    """Paints whatever comes, as long as it wants to."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._leaving = threading.Event()
        self.is_painting = True
        self._thread = threading.Thread(target=self._paint, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        self._leaving.set()
        self._thread.join(5)

    def _paint(self) -> None:
        while not self._leaving.wait(0.05):
            with suppress(CoreGone, OSError), ScreenClient(self._socket, "window") as client:
                while not self._leaving.is_set():
                    message = client.receive(0.2)
                    if isinstance(message, Draw) and self.is_painting:
                        client.send(Painted(message.screen.revision))


class Tablet:
    """What systemd does for a tablet: the core is started again whenever it ends."""

    def __init__(self, core: Core, workshop: Workshop) -> None:
        self.core = core
        self.package = software(workshop.folder / "package", VERSION)
        self.slots = Slots(core.folder / "software")
        self.slots.folder.mkdir()
        (core.folder / "release.pub").write_bytes(workshop.public)
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._leaving = threading.Event()

    @contextmanager
    def on(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        except AssertionError as error:
            error.add_note(self.core.log.read_text()[-8000:])
            raise
        finally:
            self._leaving.set()
            self.power_cut()
            thread.join(20)

    def power_cut(self) -> None:
        """The core is gone, whatever it was doing."""
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def _run(self) -> None:
        while not self._leaving.is_set():
            self.starts += 1
            with self.core.running(
                "/bin/sh", str(START), str(self.package), str(self.slots.folder)
            ) as process:
                self._process = process
                process.wait()


def software(folder: Path, version: str, trial_s: float = 60.0, first: str = "") -> Path:
    """The device's own code as this version; ``first`` is what its core does at the start."""
    for name in ("device", "hal", "kiosk_ui"):
        shutil.copytree(
            REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.po")
        )
    (folder / "device/__init__.py").write_text(f'"""The device."""\n\nVERSION = "{version}"\n')
    start = folder / "device/__main__.py"
    start.write_text(first + _QUICKLY.format(trial_s=trial_s) + start.read_text())
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="$PWD" exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return folder


@pytest.fixture
def workshop(tmp_path: Path, settings: Any) -> Workshop:
    """Makes releases that desk and tablet trust."""
    made = Workshop(tmp_path / "workshop")
    made.folder.mkdir()
    settings.RELEASE_KEY_FILE = made.folder / "release.pub"
    settings.RELEASE_KEY_FILE.write_bytes(made.public)
    return made


@pytest.fixture
def tablet(
    enrolled_device: Identity,
    desk_addresses: DeskAddresses,
    broker: BrokerProcess,
    worker: Worker,
    workshop: Workshop,
) -> Iterator[Tablet]:
    """Aino's tablet, where it is three in the night."""
    hours_east = (3 - datetime.now(UTC).hour + 12) % 24 - 12
    zone = f"Etc/GMT{-hours_east:+d}" if hours_east else "Etc/GMT"
    ResidentView.objects.update(time_zone=zone)
    documents.refresh(Device.objects.get())
    with tempfile.TemporaryDirectory(prefix="kr") as folder:
        place = Path(folder) / "t"
        place.mkdir()
        yield Tablet(Core(place, enrolled_device, desk_addresses, broker), workshop)


def offer(workshop: Workshop, version: str, **how: Any) -> None:
    """A release of this version, for all devices."""
    tree = software(workshop.folder / f"tree-{version}", version, **how)
    workshop.write(tree, workshop.folder / version)
    release = add(workshop.folder / version)
    extend(release, 3, make_user(Device.objects.get().organisation))


def said(stage: str, version: str) -> bool:
    return DeviceRelease.objects.filter(stage=stage, version=version).exists()


def is_running(version: str) -> bool:
    return (Device.objects.get().heartbeat or {}).get("version") == version


def test_a_release_that_works_is_fetched_installed_and_kept(tablet: Tablet, workshop: Workshop) -> None:
    """Painted, received, heard: the desk is notified; a power cut in the trial changes nothing."""
    offer(workshop, NEXT)
    window = Window(tablet.core.screen_socket)
    with tablet.on():
        eventually(lambda: tablet.slots.trial, "on trial", 40)
        tablet.power_cut()
        eventually(lambda: said("installed", NEXT), "kept", 40)
        eventually(lambda: is_running(NEXT), "the desk sees the version")
    window.leave()
    assert (tablet.slots.current, tablet.slots.trial) == ("a", {})


def test_a_release_that_never_paints_goes_back_by_itself(tablet: Tablet, workshop: Workshop) -> None:
    """And one whose core dies at once; the desk knows why, and the old one serves on."""
    offer(workshop, NEXT, trial_s=6.0)
    window = Window(tablet.core.screen_socket)
    with tablet.on():
        eventually(lambda: tablet.slots.trial, "on trial", 40)
        window.is_painting = False
        eventually(lambda: said("returned", NEXT), "given up", 40)
        eventually(lambda: is_running(VERSION), "the package serves again")
        offer(workshop, "0.9.2", first="raise SystemExit(1)\n")
        tablet.power_cut()
        eventually(lambda: said("returned", "0.9.2"), "given up too", 60)
        eventually(lambda: is_running(VERSION), "the package serves again")
    window.leave()
    reasons = dict(DeviceRelease.objects.filter(stage="returned").values_list("version", "reason"))
    assert reasons == {NEXT: "nothing was painted", "0.9.2": "it does not start"}
    assert (tablet.slots.current, tablet.slots.returned) == ("", {})


def test_a_release_of_a_stranger_is_refused_and_seen(
    tablet: Tablet, workshop: Workshop, tmp_path: Path, settings: Any
) -> None:
    """Even where the desk itself was made to trust it."""
    stranger = Workshop(tmp_path / "stranger")
    stranger.folder.mkdir()
    settings.RELEASE_KEY_FILE.write_bytes(stranger.public)
    offer(stranger, NEXT)
    with tablet.on():
        eventually(lambda: DeviceRelease.objects.filter(stage="refused").exists(), "refused", 40)
    assert "not signed" in DeviceRelease.objects.get().reason
    assert tablet.slots.current == ""
    assert number_of(NEXT) > number_of(VERSION)
