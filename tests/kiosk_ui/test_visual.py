"""Which kind of window an X display is asked for."""

import subprocess

import pytest
from Xlib import display

from kiosk_ui.visual import choose_visual
from tests.kiosk_ui.conftest import FakeCore
from tests.kiosk_ui.samples import home, screen


def test_the_window_is_one_that_mesa_paints_quickly(
    window: subprocess.Popen[bytes], core: FakeCore, x_display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visual that was chosen is the one that the window has."""
    core.draw(screen(home("fi")))
    monkeypatch.setenv("DISPLAY", x_display)
    environment = {"DISPLAY": x_display}
    choose_visual(environment)
    wanted = int(environment["SDL_VIDEO_X11_WINDOW_VISUALID"], 16)
    x = display.Display(x_display)
    visuals = [child.get_attributes().visual for child in x.screen().root.query_tree().children]
    x.close()
    assert wanted in visuals


@pytest.mark.parametrize(
    "environment",
    [{}, {"SDL_VIDEODRIVER": "KMSDRM", "DISPLAY": ":0"}, {"DISPLAY": ":no-such-display"}],
    ids=["bare", "another driver", "no display"],
)
def test_elsewhere_nothing_is_chosen(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The window opens as Kivy would have it, or Kivy says why it cannot."""
    monkeypatch.setenv("DISPLAY", ":no-such-display")
    before = dict(environment)
    choose_visual(environment)
    assert environment == before
