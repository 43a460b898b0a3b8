"""Which kind of window an X display is asked for."""

import subprocess

import pytest
from Xlib import display

from kiosk_ui.visual import choose_visual
from tests.kiosk_ui.conftest import FakeCore
from tests.kiosk_ui.samples import home, screen


def test_the_window_is_one_that_mesa_paints_quickly(
    window: subprocess.Popen[bytes], core: FakeCore, x_display: str
) -> None:
    """The visual that was chosen is the one that the window has."""
    core.draw(screen(home("fi")))
    environment = {"DISPLAY": x_display}
    choose_visual(environment)
    wanted = int(environment["SDL_VIDEO_X11_WINDOW_VISUALID"], 16)
    x = display.Display(x_display)
    visuals = [child.get_attributes().visual for child in x.screen().root.query_tree().children]
    x.close()
    assert wanted in visuals


@pytest.mark.parametrize("driver", ["KMSDRM", "wayland"])
def test_another_driver_has_no_visuals(x_display: str, driver: str) -> None:
    """Also where there is an X display besides."""
    environment = {"DISPLAY": x_display, "SDL_VIDEODRIVER": driver}
    choose_visual(environment)
    assert environment == {"DISPLAY": x_display, "SDL_VIDEODRIVER": driver}


def test_what_somebody_has_chosen_stays(x_display: str) -> None:
    """An engineer's word goes before ours."""
    environment = {"DISPLAY": x_display, "SDL_VIDEO_X11_WINDOW_VISUALID": "0x21"}
    choose_visual(environment)
    assert environment["SDL_VIDEO_X11_WINDOW_VISUALID"] == "0x21"


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":no-such-display"}], ids=["bare", "no display"])
def test_without_a_display_nothing_is_chosen(environment: dict[str, str]) -> None:
    """Kivy will say what is missing."""
    before = dict(environment)
    choose_visual(environment)
    assert environment == before
