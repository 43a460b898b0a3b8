"""Kivy's settings: they count only if made before its first import, and most of its start is not needed."""

import ctypes
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from types import ModuleType

from kiosk_ui.visual import choose_visual

_VIDEO = 0x20
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
    # Otherwise SDL drops a press that comes together with the window's focus.
    "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",
    "SDL_VIDEO_ALLOW_SCREENSAVER": "0",
}


def open_display() -> Thread:
    """Loads the display's driver on a thread of its own, while Python reads modules: both take a while.

    SDL counts who wants it: Kivy's window finds it loaded. Where it fails, Kivy will say so.
    """
    os.environ.update(_ENVIRONMENT)
    thread = Thread(target=_load_driver, name="display", daemon=True)
    thread.start()
    return thread


def _load_driver() -> None:
    choose_visual(os.environ)
    kivy = find_spec("kivy")
    for library in (
        Path(kivy.origin).parents[1].glob("[Kk]ivy.libs/libSDL2-2*") if kivy and kivy.origin else ()
    ):
        sdl = ctypes.CDLL(str(library))
        sdl.SDL_InitSubSystem(_VIDEO)
        sdl.SDL_GL_LoadLibrary(None)


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


def open_window() -> None:
    """Imports Kivy's window without its language, event loop, behaviours and touch drivers.

    That is 149 ms of CPU instead of 275: a quarter of the whole start. Kivy's range is pinned; a version that
    uses one of these while it is imported raises ``AttributeError`` here, and no window opens.
    """
    with (
        _stub("asyncio", wait_for=None),
        _stub("inspect", isroutine=None),
        _stub("kivy.lang", Builder=None),
        _stub("kivy.uix.behaviors", FocusBehavior=None),
        # Touches come from SDL.
        _stub("kivy.input.postproc", kivy_postproc_modules={}),
        _stub("kivy.input.providers"),
        # For pictures of other kinds than its own, and for errors on other systems.
        _stub("filetype", guess_extension=lambda _: None),
        _stub("kivy.atlas", Atlas=None),
        _stub("subprocess"),
        _stub("tempfile"),
        # It would start a process to look for a library that this one has loaded.
        _stub("ctypes.util", find_library=lambda _: "libc.so.6"),
    ):
        import kivy.core.window  # noqa: F401


@contextmanager
def _stub(name: str, **values: object) -> Iterator[None]:
    """An empty module under this name for what is imported inside; nothing where the real one is loaded."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module = ModuleType(name)
    vars(module).update(values)
    try:
        yield
    finally:
        del sys.modules[name]
