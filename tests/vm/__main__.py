"""``make test-vm``: the image from its first start to the resident's home, then power cuts; build/vm.json."""

import argparse
import json
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from device.window_protocol.model import Style
from kiosk_ui.pages.frame import bar_height, help_width
from kiosk_ui.palettes import palette_for
from kiosk_ui.theme import MARGIN_MM, theme_for
from provisioning.demo.place import REPOSITORY
from tests.vm.host import Host
from tests.vm.installer import PANEL, START_PATIENCE_S, Installer, NotSeen
from tests.vm.machine import HEIGHT_PX, WIDTH_PX, Machine

RESULT = REPOSITORY / "build" / "vm.json"
MOST_TAPS = 25
# A working day, made short: power fails at any moment of it.
LONGEST_DAY_S = 25.0
LOOK_S = 0.5
BARE_PX = 8


def main() -> int:
    """0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.vm")
    parser.add_argument("--cuts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--image", type=Path, default=REPOSITORY / "build/image/kotiruutu-tablet_amd64.img")
    options = parser.parse_args()
    if not options.image.exists() or not shutil.which("qemu-system-x86_64"):
        sys.stderr.write("It needs build/image (make image) and qemu-system-x86_64 with OVMF.\n")
        return 2
    folder = REPOSITORY / "build" / "vm"
    shutil.rmtree(folder, ignore_errors=True)
    host, machine = Host(folder / "host"), Machine(options.image, folder / "machine")
    try:
        found = _run(host, machine, options.cuts, random.Random(options.seed))
    finally:
        machine.close()
        host.stop()
    RESULT.write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    held = (
        found["day_cuts_survived"] == 1.0 and found["wizard_taps"] <= MOST_TAPS and found["help_twice"] == 0
    )
    return 0 if held else 1


def _run(host: Host, machine: Machine, cuts: int, chance: random.Random) -> dict[str, Any]:
    host.start()
    machine.start()
    installer = Installer(machine)
    installer.sees_the_wizard()
    wizard_s = time.monotonic() - machine.started_s
    _say(f"the wizard is painted after {wizard_s:.0f} s")
    installer.sets_up(host)
    _wait(lambda: _is_home(machine.picture()), "the resident's home")
    _wait(host.has_painted, "the desk knows that the view is painted")
    _say(f"home after {installer.taps} taps and {installer.keys} keys")
    homes: list[float] = []
    for number in range(cuts):
        home_s = _cut(host, machine, chance)
        _say(f"cut {number + 1} of {cuts}: home again after {home_s:.0f} s" if home_s else "NOT home again")
        homes += [home_s] if home_s else []
    requests = host.requests()
    return {
        "boot_to_wizard_s": round(wizard_s, 1),
        "boot_to_painted_s": round(sorted(homes)[len(homes) // 2], 1) if homes else None,
        "wizard_taps": installer.taps,
        "wizard_keys": installer.keys,
        "day_cuts": cuts,
        "day_cuts_survived": len(homes) / cuts if cuts else None,
        "help_requests": requests,
        "help_twice": max(0, requests - 1),
    }


def _cut(host: Host, machine: Machine, chance: random.Random) -> float | None:
    """Help is pressed, power fails at some moment after it, and everything is as it was."""
    before = host.requests()
    machine.tap(*_help_place())
    time.sleep(chance.uniform(0.0, LONGEST_DAY_S))
    was_told = host.requests()
    heard_at = host.heard_at()
    machine.cut()
    machine.start()
    try:
        _wait(lambda: _is_home(machine.picture()), "home")
        home_s = time.monotonic() - machine.started_s
        _wait(lambda: host.heard_at() != heard_at, "the desk hears of the tablet again")
    except NotSeen:
        return None
    return home_s if host.requests() >= max(before, was_told) else None


def _is_home(picture: Image.Image) -> bool:
    """The help button is there, as on every page of a resident and on none of the wizard's."""
    if picture.size != (WIDTH_PX, HEIGHT_PX):
        return False
    grounds = [palette_for(Style(palette=name)).help.ground[:3] for name in ("day", "night")]
    return picture.getpixel(_help_place()) in grounds


def _help_place() -> tuple[int, int]:
    """Where its surface is bare: inside its left edge."""
    theme = theme_for(PANEL, Style())
    margin = theme.mm(MARGIN_MM)
    return WIDTH_PX - margin - help_width(theme) + BARE_PX, HEIGHT_PX - margin - bar_height(theme) // 2


def _wait(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(LOOK_S)
    raise NotSeen(what)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
