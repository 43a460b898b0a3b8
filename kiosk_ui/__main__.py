"""Starts the window: ``python -m kiosk_ui``."""

import logging
import os
import signal
import sys
import time

from device.start import pause_garbage_collection
from kiosk_ui.display import choose_card
from kiosk_ui.kivy_start import open_display, open_window, prepare_kivy


def main() -> None:
    """Open the display and show the core's Screens until the window is closed."""
    choose_card(os.environ)
    display = open_display()
    pause_garbage_collection()

    from kiosk_ui.settings import read_settings

    logging.basicConfig(level=logging.WARNING)
    settings = read_settings(sys.argv[1:], os.environ)
    prepare_kivy(settings.width_px, settings.height_px)

    from device.window_protocol.model import Style
    from kiosk_ui.bridge import Bridge
    from kiosk_ui.kiosk import Kiosk
    from kiosk_ui.palettes import palette_for

    display.join()
    open_window()

    from kiosk_ui.loop import Loop
    from kiosk_ui.sdl import EventWait
    from kiosk_ui.supervisor import Supervisor
    from kiosk_ui.window import KioskWindow

    wait = EventWait()
    window = KioskWindow(settings.width_mm, wait.wake)
    # The window has no unsaved state: it may exit at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window.clear(palette_for(Style()).room.ground)
    bridge = Bridge(settings.socket, wait.wake)
    kiosk = Kiosk(window.panel, bridge, window.show, time.monotonic)
    bridge.start()
    supervisor = Supervisor(os.environ.get("NOTIFY_SOCKET"))
    Loop(window, wait, kiosk, bridge, supervisor=supervisor).run()
    bridge.close()


if __name__ == "__main__":
    main()
