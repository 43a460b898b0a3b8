"""How long Chromium in cage takes from switching on until its page is painted, on the same image as ours."""

import time
from pathlib import Path

from PIL import Image, ImageColor

from tests.vm.disk import Disk
from tests.vm.machine import ARCHES, HEIGHT_PX, WIDTH_PX, Machine
from tests.vm.waiting import NotSeen, say, wait

# The page's own colours and places (tests/bench/screen/page/page.css).
_HELP, _HELP_PLACE = ImageColor.getrgb("#a8141f"), (1120, 770)
_INK, _CLOCK = ImageColor.getrgb("#1e2a35"), (16, 16, 420, 176)
PROFILE_S = 60.0
LONGEST_START_S = 600.0


def browser_starts(image: Path, folder: Path, times: int) -> float:
    """The median in seconds of the starts after the first, which makes the browser's profile."""
    arch = ARCHES["amd64"]
    disk = Disk(image, folder, arch.console)
    machine = Machine(disk.make_layer("browser"), folder, arch)
    took_s = []
    try:
        for number in range(times + 1):
            machine.start()
            _wait_until_painted(machine, folder.parent.with_name("vm-failed-chromium"))
            took_s.append(time.monotonic() - machine.started_s)
            say(f"Chromium's page is painted after {took_s[-1]:.0f} s (start {number})")
            if number == 0:
                # What it keeps of its first start reaches the disk.
                time.sleep(PROFILE_S)
                machine.shell.run("sync")
            machine.cut()
    finally:
        machine.close()
        disk.remove()
    return sorted(took_s[1:])[times // 2]


def _wait_until_painted(machine: Machine, evidence: Path) -> None:
    try:
        what = "the browser's page is painted"
        wait(lambda: _is_painted(machine.picture()), what, patience_s=LONGEST_START_S)
    except NotSeen:
        machine.keep_evidence(evidence)
        raise


def _is_painted(picture: Image.Image) -> bool:
    """The help button at its place, and the clock's figures at theirs."""
    if picture.size != (WIDTH_PX, HEIGHT_PX) or picture.getpixel(_HELP_PLACE) != _HELP:
        return False
    colours = picture.crop(_CLOCK).getcolors(maxcolors=1 << 24) or []
    return any(colour == _INK for _count, colour in colours)
