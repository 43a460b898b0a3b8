"""``make demo``: the whole system on this computer, until Ctrl-C.

``python -m provisioning.demo [FOLDER]`` keeps its data in ``build/demo`` or in the folder given. Once the
screen is painted, the house fills with simulated devices: ``--devices 0`` leaves them out.
"""

import argparse
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from provisioning.broker import BrokerMissing
from provisioning.demo.display import local_display
from provisioning.demo.lock import AlreadyRunning, only_one
from provisioning.demo.managed_process import ProcessFailed
from provisioning.demo.neighbours import Neighbours
from provisioning.demo.place import REPOSITORY
from provisioning.demo.ports import of_last_start
from provisioning.demo.stack import Stack
from provisioning.demo.welcome import welcome

FOLDER = "build/demo"
DEVICES = 30


def main(arguments: list[str]) -> int:
    """Return the exit status: 0 after Ctrl-C, 1 with an explanation where it cannot run."""
    os.chdir(REPOSITORY)
    parser = argparse.ArgumentParser(prog="python -m provisioning.demo", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(FOLDER))
    parser.add_argument("--devices", type=int, default=DEVICES, help="simulated ones beside the real screen")
    given = parser.parse_args(arguments)
    folder: Path = given.folder
    # SIGINT too: a shell that starts it in the background makes it ignore that.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with only_one(folder):
            _run(folder, local_display(os.environ.get("DISPLAY", "")), given.devices)
    except KeyboardInterrupt:
        return 0
    except (AlreadyRunning, BrokerMissing, ProcessFailed) as error:
        return _explain(f"The demo cannot run: {error}")
    except OSError as error:
        return _explain(f"The demo cannot use {error.filename or folder}: {error.strerror or error}.")
    return 0


def _run(folder: Path, display: str | None, devices: int) -> None:
    before = of_last_start(folder / "ports.json")
    stack = Stack(folder, display)
    nurse = ("cloud", "live_in_house", "--devices", str(devices), "--into")
    neighbours = Neighbours(stack.place, stack.desk.authority, nurse)
    for name, port in asdict(stack.place.ports).items():
        if before.get(name, port) != port:
            print(f"Port {before[name]} is taken by another program now; using {port} instead.")
    first = not stack.tablet.enrolled
    print(
        "Kotiruutu: the first start makes the desk's data, which takes half a minute."
        if first
        else "Kotiruutu starts."
    )
    began = time.monotonic()
    try:
        prepared = stack.start()
        print("All parts run; waiting for the picture.")
        stack.wait_until_painted()
        print(welcome(stack, prepared, time.monotonic() - began), flush=True)
        if devices:
            _live_in_house(neighbours, devices)
        signal.pause()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("\nEnding everything that was started.", flush=True)
        neighbours.stop()
        stack.stop()


def _live_in_house(neighbours: Neighbours, devices: int) -> None:
    try:
        neighbours.start()
    except ProcessFailed as error:
        print(f"The screen runs without its neighbours: {error}", flush=True)
    else:
        print(f"The house lives: {devices} simulated devices beside the screen.", flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _explain(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
