"""The real core, without window, broker and desk, and with one more trouble each: help goes out (K3)."""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from device.contract.documents import EscalationContact, HelpPolicy, Policy, View
from device.window_protocol.client import ScreenClient
from device.window_protocol.intents import SilenceRing
from device.window_protocol.messages import Done
from device.window_protocol.model import HelpPage
from tests.device.core_process import CoreProcess
from tests.device.full_disk import full_disk
from tests.flows.resident_screen import ResidentScreen
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K3")
LEENA, OTTO = "+358401111111", "+358402222222"
POLICY = Policy(
    version=1,
    help=HelpPolicy(
        contacts=[
            EscalationContact(name="Leena", office_phone=LEENA),
            EscalationContact(name="Otto", office_phone=OTTO),
        ]
    ),
)
BARE = "".join(f'[{part}]\nadapter = "simulated"\n' for part in ("buttons", "pendants", "modem"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a name short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="k") as name:
        yield Path(name)


def core_in(folder: Path, board: str = "", clock: str = "trusted") -> CoreProcess:
    return CoreProcess(folder, View(version=1, language="en"), board, policy=POLICY, clock=clock)


def notified(core: CoreProcess) -> list[str]:
    """The numbers that were written to since the core started."""
    return [entry[1] for entry in core.history("modem") if entry[0] == "send"]


def says(core: CoreProcess, headline: str) -> None:
    """Wait for these words on the page of help."""
    screen = ResidentScreen(core.screen_socket)

    def is_said() -> bool:
        page = screen.newest.page if screen.newest else None
        return isinstance(page, HelpPage) and page.headline == headline

    try:
        eventually(is_said, headline, 60)
    finally:
        screen.leave()


TROUBLES = ["nothing else", "nothing but a modem", "a full disk", "the clock unset", "mute on"]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_help_comes_back_as_a_name(folder: Path, trouble: str) -> None:
    """By text message, within seconds, and the screen says so."""
    core = core_in(
        folder,
        board=BARE if trouble == "nothing but a modem" else "",
        clock="kernel" if trouble == "the clock unset" else "trusted",
    )
    with core.running():
        if trouble == "mute on":
            with ScreenClient(core.screen_socket, "viewer") as finger:
                finger.send(Done(SilenceRing(hours=2)))
        disk: AbstractContextManager[None] = (
            full_disk(core.pid) if trouble == "a full disk" else nullcontext()
        )
        with disk:
            core.sim(press="help")
            core.sim(pendant="FEF71234")
            says(core, "Leena has got a text message")
            assert notified(core) == [LEENA]
            code = next(entry[2] for entry in core.history("modem") if entry[0] == "send").split()[-1]
            core.sim(sms_in={"number": LEENA, "text": f"coming {code}"})
            says(core, "Leena is on the way to you")


def test_a_modem_that_is_plugged_in_later_is_used(folder: Path) -> None:
    """Unplugged when help is pressed: the screen claims nothing; plugged in, the text goes out."""
    core = core_in(folder)
    with core.running():
        core.sim(unplug="modem")
        core.sim(press="help")
        says(core, "Your call for help has not got through yet")
        eventually(lambda: notified(core) == [LEENA, OTTO], "both are tried")
        core.sim(plug="modem")
        says(core, "Leena has got a text message")


def test_the_power_goes_right_after_the_press(folder: Path) -> None:
    """Killed with -9 once the screen shows it, before any modem had it: after the restart it is sent."""
    core = core_in(folder)
    with core.running():
        core.sim(network="silent")
        core.sim(press="help")
        says(core, "Your call for help has not got through yet")
    with core.running():
        says(core, "Leena has got a text message")
        assert notified(core)[0] == LEENA
