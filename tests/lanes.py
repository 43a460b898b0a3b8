"""Runs every test in three lanes side by side: ``python -m tests.lanes``.

Most tests wait for processes, sounds and pages: three lanes fill two cores. Each lane is serial and has its
own data, so that its tests may share a house, a browser or a display. Output is in ``build/test-LANE.log``.
"""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from types import FrameType

BUILD = Path("build")
PYTEST = [sys.executable, "-m", "pytest"]
STORIES = [
    f"tests/{name}"
    for name in (
        "cafe",
        "campaign",
        "demo",
        "flows",
        "kiosk_ui",
        "partner",
        "provisioning",
        "software",
    )
]
DEVICES = [f"tests/{name}" for name in ("calls", "device", "devices", "hal", "link", "media", "setup")]

# Of each lane its commands, which all run, also after a red one. The longest lane first.
LANES = {
    "desk": [[*PYTEST, *(f"--ignore={folder}" for folder in STORIES + DEVICES)]],
    "stories": [[*PYTEST, *STORIES]],
    "devices": [[*PYTEST, *DEVICES], [sys.executable, "-m", "tests.postgresql"]],
}


class Runner:
    """Runs lanes, each command in a process group of its own."""

    def __init__(self) -> None:
        self._is_stopped = False
        self._running: set[subprocess.Popen[bytes]] = set()

    def run(self, lane: str) -> bool:
        """Run a lane; return whether all of it is green."""
        environment = os.environ | {"KOTIRUUTU_DESK_DATA": str(BUILD.resolve() / f"test-{lane}")}
        statuses = []
        with _log(lane).open("wb") as log:
            for command in LANES[lane]:
                if self._is_stopped:
                    return False
                process = subprocess.Popen(
                    command,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    process_group=0,
                )
                self._running.add(process)
                statuses.append(process.wait())
                self._running.discard(process)
        return not any(statuses)

    def stop(self) -> None:
        """Interrupt what runs, as Ctrl-C would: fixtures end what they have started."""
        self._is_stopped = True
        for process in list(self._running):
            os.killpg(process.pid, signal.SIGINT)


def main() -> int:
    """Return 0 where every lane is green. Prints each lane's output when it is over."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    BUILD.mkdir(exist_ok=True)
    runner = Runner()
    red = []
    with ThreadPoolExecutor(len(LANES)) as threads:
        runs = {threads.submit(runner.run, lane): lane for lane in LANES}
        try:
            for run in as_completed(runs):
                lane = runs[run]
                sys.stdout.write(f"\n== Lane {lane}:\n{_log(lane).read_text(errors='replace')}")
                sys.stdout.flush()
                red += [] if run.result() else [lane]
        finally:
            runner.stop()
    sys.stdout.write(f"\nRed: {', '.join(red)}\n" if red else "\nAll lanes are green.\n")
    return 1 if red else 0


def _log(lane: str) -> Path:
    return BUILD / f"test-{lane}.log"


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
