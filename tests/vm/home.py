"""What of the resident's home is seen on the emulated display, and a finger on its help."""

import time

from PIL import Image

from device.window_protocol.model import Style
from kiosk_ui.pages.frame import bar_height, help_width
from kiosk_ui.palettes import palette_for
from kiosk_ui.theme import MARGIN_MM, theme_for
from tests.vm.finger import tap_until
from tests.vm.host import Host
from tests.vm.installer import PANEL
from tests.vm.machine import HEIGHT_PX, WIDTH_PX, Machine

BARE_PX = 8


def is_home(picture: Image.Image) -> bool:
    """The help button is there, as on every page of a resident and on none of the wizard's."""
    if picture.size != (WIDTH_PX, HEIGHT_PX):
        return False
    grounds = [palette_for(Style(palette=name)).help.ground[:3] for name in ("day", "night")]
    return picture.getpixel(help_place()) in grounds


def help_place() -> tuple[int, int]:
    """Where its surface is bare: inside its left edge."""
    theme = theme_for(PANEL, Style())
    margin = theme.mm(MARGIN_MM)
    return WIDTH_PX - margin - help_width(theme) + BARE_PX, HEIGHT_PX - margin - bar_height(theme) // 2


def help_is_received(machine: Machine, host: Host) -> float:
    """After how many seconds the desk has one call for help more, which begins with none open."""
    host.close_help()
    before, began_s = host.requests(), time.monotonic()
    what = "the desk has another call for help"
    tap_until(machine, help_place(), lambda: host.requests() > before, what)
    return round(time.monotonic() - began_s, 1)
