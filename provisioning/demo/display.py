"""A virtual display: Xvfb, whose framebuffer is a file."""

import os
import re
import select
import socket
from pathlib import Path

from provisioning.demo.managed_process import ManagedProcess, ProcessFailed

WIDTH_PX, HEIGHT_PX = 1280, 800
# The resolution of a ten-inch tablet.
WIDTH_MM = 217
START_S = 15.0


def local_display(name: str) -> str | None:
    """Return the display, if it is local and answers; a remote one (ssh -X) is too slow."""
    number = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if not number:
        return None
    with socket.socket(socket.AF_UNIX) as probe:
        return None if probe.connect_ex(f"/tmp/.X11-unix/X{number[1]}") else name  # noqa: S108  X(7)


class VirtualDisplay:
    """An X server on the first free number; ``name`` is its ``DISPLAY`` once it runs."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.frame_file = folder / "Xvfb_screen0"
        screen = f"{WIDTH_PX}x{HEIGHT_PX}x24"
        command = ["Xvfb", "-screen", "0", screen, "-fbdir", str(folder), "-nolisten", "tcp", "-noreset"]
        self.part = ManagedProcess("the virtual display", command, log=log, restarts=False)
        self._command = tuple(command)
        self.name = ""

    def start(self) -> None:
        """Start the X server. Raises ``ProcessFailed``."""
        self.frame_file.parent.mkdir(parents=True, exist_ok=True)
        ours, theirs = os.pipe()
        self.part.command = (*self._command, "-displayfd", str(theirs))
        self.part.pass_fds = (theirs,)
        self.part.start()
        try:
            self.part.wait_until(lambda: bool(select.select([ours], [], [], 0)[0]), START_S)
            number = os.read(ours, 32).decode().strip()
        finally:
            os.close(ours)
            os.close(theirs)
        if not number:
            raise ProcessFailed(f"the virtual display chose no number; see {self.part.log}")
        self.name = f":{number}"

    def stop(self) -> None:
        """Stop the X server; every window on it closes."""
        self.part.stop()

    def shows_something(self) -> bool:
        """Return whether the picture has more than one colour (an XWD file; see X11/XWDFile.h)."""
        try:
            with self.frame_file.open("rb") as file:
                header = int.from_bytes(file.read(4))
                file.seek(76)
                colours = int.from_bytes(file.read(4))
                file.seek(header + 12 * colours)
                pixels = file.read(WIDTH_PX * HEIGHT_PX * 4)
        except OSError:
            return False
        return any(pixels[i : i + 4] != pixels[:4] for i in range(0, len(pixels), 1028))
