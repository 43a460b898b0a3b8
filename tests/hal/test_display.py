"""One suite for all displays: simulated, and the real adapter on files like the kernel's."""

from pathlib import Path

import pytest

from hal.backlight_display import BacklightDisplay
from hal.ports import Display, HardwareAbsent, Panel
from hal.simulated import TEN_INCH, SimulatedDisplay


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """Create sysfs files of a ten-inch HDMI panel with a backlight of 256 steps."""
    light = tmp_path / "class/backlight/10-0045"
    light.mkdir(parents=True)
    for name, text in {"brightness": "255", "max_brightness": "255", "bl_power": "0"}.items():
        (light / name).write_text(text + "\n")
    for name, status in {"card0-HDMI-A-1": "disconnected", "card1-HDMI-A-1": "connected"}.items():
        connector = tmp_path / "class/drm" / name
        connector.mkdir(parents=True)
        (connector / "status").write_text(status + "\n")
        (connector / "modes").write_text("1280x800\n1024x768\n")
        (connector / "edid").write_bytes(edid(217, 136))
    return tmp_path


def edid(width_mm: int, height_mm: int) -> bytes:
    """Return the part of a VESA E-EDID that the adapter reads."""
    block = bytearray(128)
    block[21:23] = bytes((width_mm // 10, height_mm // 10))
    block[66:69] = bytes((width_mm & 0xFF, height_mm & 0xFF, (width_mm >> 8) << 4 | height_mm >> 8))
    return bytes(block)


@pytest.fixture(params=["simulated", "sysfs"])
def display(request: pytest.FixtureRequest, sysfs: Path) -> Display:
    return SimulatedDisplay() if request.param == "simulated" else BacklightDisplay(sysfs=sysfs)


def test_a_panel_says_its_size(display: Display) -> None:
    """The size is needed to scale the text."""
    assert display.panel == TEN_INCH
    assert display.panel.density_dpi == pytest.approx(149.8, abs=0.1)


@pytest.mark.parametrize(("asked", "got"), [(0.0, 0.0), (0.4, 0.4), (1.0, 1.0), (-3.0, 0.0), (7.0, 1.0)])
def test_the_light_is_dimmed(display: Display, asked: float, got: float) -> None:
    """Values are clamped to the allowed range."""
    display.dim(asked)
    assert display.level == got
    assert display.health() == ""


def test_a_blanked_panel_comes_back_as_it_was(display: Display) -> None:
    """Also when it was dimmed in between."""
    display.dim(0.8)
    display.blank()
    display.dim(0.2)
    blanked = display.blanked
    display.unblank()
    assert (blanked, display.blanked, display.level) == (True, False, 0.2)


def test_the_darkest_is_never_off(sysfs: Path) -> None:
    """At night a resident who wakes must see that the screen works."""
    BacklightDisplay(sysfs=sysfs).dim(0.0)
    assert int((sysfs / "class/backlight/10-0045/brightness").read_text()) == 8
    BacklightDisplay(sysfs=sysfs).dim(1.0)
    assert int((sysfs / "class/backlight/10-0045/brightness").read_text()) == 255


def test_blank_is_the_kernels_power_down(sysfs: Path) -> None:
    """Blanking writes FB_BLANK_POWERDOWN (4) to bl_power, unblanking writes 0."""
    display = BacklightDisplay(sysfs=sysfs)
    display.blank()
    assert (sysfs / "class/backlight/10-0045/bl_power").read_text() == "4"
    assert BacklightDisplay(sysfs=sysfs).blanked
    display.unblank()
    assert (sysfs / "class/backlight/10-0045/bl_power").read_text() == "0"


@pytest.mark.requirement("K8")
def test_a_light_that_cannot_be_set_is_a_fault(sysfs: Path) -> None:
    """The fault is cleared when the backlight can be set again."""
    display = BacklightDisplay(sysfs=sysfs)
    power = sysfs / "class/backlight/10-0045/bl_power"
    power.unlink()
    power.mkdir()
    display.blank()
    assert "backlight" in display.health()
    assert not display.blanked
    power.rmdir()
    display.blank()
    assert display.health() == ""


def test_without_a_backlight_the_display_is_absent(tmp_path: Path) -> None:
    """The message names the folder that was searched."""
    with pytest.raises(HardwareAbsent, match="backlight"):
        BacklightDisplay(sysfs=tmp_path)


def test_the_boards_word_goes_before_the_panels(sysfs: Path) -> None:
    """DSI panels have no EDID, and some EDIDs are wrong."""
    (sysfs / "class/drm/card1-HDMI-A-1/edid").write_bytes(b"")
    display = BacklightDisplay(sysfs=sysfs, panel=Panel(width_mm=154, height_mm=86, rotation=180))
    assert display.panel == Panel(1280, 800, 154, 86, 180)


def test_a_panel_that_reports_only_centimetres(sysfs: Path) -> None:
    """The older field is used where the newer is empty."""
    block = bytearray(edid(217, 136))
    block[66:69] = bytes(3)
    (sysfs / "class/drm/card1-HDMI-A-1/edid").write_bytes(bytes(block))
    assert BacklightDisplay(sysfs=sysfs).panel.width_mm == 210
