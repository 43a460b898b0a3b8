"""The real window on a display of its own, and what it reports to the service manager."""

import os
import signal
from pathlib import Path

import pytest

from device.window_protocol.messages import BEAT_INTERVAL_S
from kiosk_ui.display import choose_card
from kiosk_ui.supervisor import Supervisor
from provisioning.demo.display import VirtualDisplay
from tests.systemd.listener import Listener, running

pytestmark = pytest.mark.requirement("K2")


def test_ready_means_painted_and_a_frozen_window_is_not_fed(listener: Listener, short_path: Path) -> None:
    """Even without a core: ready once a frame is on the display, fed by the drawing, silent while frozen."""
    display = VirtualDisplay(short_path / "frame", short_path / "log")
    display.start()
    arguments = ["--socket", str(short_path / "none"), "--width-px", "640", "--height-px", "400"]
    environment = {"DISPLAY": display.name}
    try:
        with running(listener, "kiosk_ui", *arguments, environment=environment) as window:
            listener.hear("READY=1")
            assert display.shows_something()
            listener.hear("WATCHDOG=1")
            os.kill(window.pid, signal.SIGSTOP)
            assert listener.hears_nothing_of("WATCHDOG=1", BEAT_INTERVAL_S + 1.0)
            os.kill(window.pid, signal.SIGCONT)
            listener.hear("WATCHDOG=1")
    finally:
        display.stop()


def test_a_loop_that_has_painted_nothing_is_neither_ready_nor_alive(listener: Listener) -> None:
    """Only a frame counts; after it each turn does, one a second."""
    supervisor = Supervisor(str(listener.path))
    supervisor.went_round(1.0, painted=False)
    supervisor.went_round(2.0, painted=True)
    assert [listener.hear(""), listener.hear("")][0] == "READY=1"
    listener.hear("WATCHDOG=1")
    supervisor.went_round(2.5, painted=True)
    assert listener.hears_nothing_of("", 0.05)
    supervisor.went_round(3.0, painted=False)
    listener.hear("WATCHDOG=1")


@pytest.mark.parametrize(
    ("connectors", "card"),
    [
        ({"card1-HDMI-A-1": "connected", "card1-HDMI-A-2": "disconnected"}, "1"),
        ({"card0-HDMI-A-1": "connected", "card2-DSI-1": "connected"}, "2"),
        ({"card0-HDMI-A-1": "disconnected"}, None),
        ({}, None),
    ],
)
def test_the_card_with_the_panel_is_chosen(
    tmp_path: Path, connectors: dict[str, str], card: str | None
) -> None:
    """The one that something is connected to, a built-in panel first; SDL itself where nothing is."""
    for name, status in connectors.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "status").write_text(f"{status}\n")
    environment = {"SDL_VIDEODRIVER": "KMSDRM"}
    choose_card(environment, tmp_path)
    assert environment.get("SDL_KMSDRM_DEVICE_INDEX") == card


def test_a_card_that_the_installer_chose_stays() -> None:
    """As does everything where the display is not bare."""
    for environment in ({"SDL_VIDEODRIVER": "KMSDRM", "SDL_KMSDRM_DEVICE_INDEX": "7"}, {"DISPLAY": ":0"}):
        before = dict(environment)
        choose_card(environment)
        assert environment == before
