"""How soon an empty window of Kivy's has its first frame: ``python -m tests.bench.screen.empty_window``.

Opened in the shortened way of ``kiosk_ui.kivy_start``, and in Kivy's own; each alone on the machine. No start
of our window can be shorter.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from provisioning.demo.display import HEIGHT_PX, WIDTH_PX, VirtualDisplay
from provisioning.demo.place import REPOSITORY

STARTS = 7
_SHORTENED = f"""
from kiosk_ui.kivy_start import open_display, open_window, prepare_kivy
display = open_display()
prepare_kivy({WIDTH_PX}, {HEIGHT_PX})
display.join()
open_window()
"""
_KIVYS_OWN = f"""
from kivy.config import Config
Config.set("graphics", "width", "{WIDTH_PX}")
Config.set("graphics", "height", "{HEIGHT_PX}")
"""
_FIRST_FRAME = """
from kivy.core.window import Window
from kivy.graphics import Rectangle
from kivy.graphics.opengl import glFinish
Window.canvas.add(Rectangle(size=(200, 200)))
Window.render_context.draw()
Window.flip()
glFinish()
print("on", flush=True)
"""


def main() -> None:
    """Two lines on standard output."""
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        display = VirtualDisplay(Path(folder) / "display", Path(folder) / "display.log")
        display.start()
        quiet = {f"KIVY_NO_{what}": "1" for what in ("ARGS", "CONFIG", "CONSOLELOG", "FILELOG")}
        environment = {**os.environ, **quiet, "PYTHONPATH": str(REPOSITORY), "DISPLAY": display.name}
        for name, way in (("shortened", _SHORTENED), ("Kivy's own", _KIVYS_OWN)):
            took_s = median(_first_frame_s(way + _FIRST_FRAME, environment) for _ in range(STARTS))
            sys.stdout.write(f"{name}: {took_s * 1000:.0f} ms\n")
        display.stop()


def _first_frame_s(program: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as window:
        assert window.stdout
        assert window.stdout.readline() == b"on\n"
        took_s = time.perf_counter() - began
        window.kill()
    return took_s


if __name__ == "__main__":
    main()
