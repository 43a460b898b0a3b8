"""Kivy's settings: they count only if made before its first import, and most of its start is not needed."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_GL_BACKEND": "sdl2",
    "KIVY_AUDIO": "",
    "KIVY_VIDEO": "",
    "KIVY_CAMERA": "",
    "KIVY_SPELLING": "",
    "KIVY_CLIPBOARD": "dummy",
    # Otherwise SDL reports each finger a second time, as a mouse.
    "SDL_TOUCH_MOUSE_EVENTS": "0",
    "SDL_VIDEO_ALLOW_SCREENSAVER": "0",
}


def prepare_kivy(width_px: int | None, height_px: int | None) -> None:
    """Without a size the window will take the whole display."""
    if "kivy" in sys.modules:
        raise RuntimeError("Kivy was imported before its settings were made")
    os.environ.update(_ENVIRONMENT)
    logging.getLogger("kivy").addFilter(lambda record: record.levelno >= logging.WARNING)
    from kivy.config import Config

    graphics = {
        "maxfps": "0",
        "vsync": "0",
        "multisamples": "0",
        "resizable": "0",
        "borderless": "1",
        "show_cursor": "0",
        "fullscreen": "0" if width_px and height_px else "auto",
        "width": str(width_px or 1280),
        "height": str(height_px or 800),
        "position": "custom",
        "left": "0",
        "top": "0",
    }
    for option, value in graphics.items():
        Config.set("graphics", option, value)
    for option, _ in Config.items("input"):
        Config.remove_option("input", option)
    _leave_out_the_unused()


def _leave_out_the_unused() -> None:
    """Kivy's own event loop, its stock widgets' rules and behaviours: together half of what it imports."""
    from pathlib import Path

    import kivy

    data_dir = kivy.kivy_data_dir
    kivy.kivy_data_dir = str(Path(__file__).with_name("kivy_data"))
    with _stand_in("asyncio", wait_for=None):
        import kivy.lang
    kivy.kivy_data_dir = data_dir
    with _stand_in("kivy.uix.behaviors", FocusBehavior=None):
        import kivy.core.window


@contextmanager
def _stand_in(name: str, **values: object) -> Iterator[None]:
    """In place of a module, as long as others import it without using it."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module = ModuleType(name)
    vars(module).update(values)
    try:
        yield
    finally:
        del sys.modules[name]
