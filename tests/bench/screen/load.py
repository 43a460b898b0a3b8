"""How soon a tap is answered while every core is busy."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.screen import trials
from tests.bench.screen.figures import percentile
from tests.bench.screen.show import Show
from tests.busy_cores import busy_cores

# Two for each core: a process that waits for one waits behind another.
BUSY_PER_CORE = 2
# As the window's unit has it (``Nice=``).
WINDOW_NICE = -5
WITHIN_S = 0.05


class Answered(NamedTuple):
    """Seconds from a tap to its pixels, with the window at one priority."""

    priority: str
    seconds: list[float]


def taps_under_load(show: Show, display: list[int], taps: int) -> list[Answered]:
    """At the usual priority; and, where this user may raise it, at that of the window's unit.

    The display and this probe are raised in both: on a tablet neither is between the window and the panel.
    """
    found = []
    with busy_cores(BUSY_PER_CORE), _raised([*display, os.getpid()]):
        found.append(Answered("usual priority", trials.tap_to_pixels(show, taps)))
        if os.geteuid() == 0:
            with _raised(show.side.processes()):
                found.append(Answered("priority of the unit", trials.tap_to_pixels(show, taps)))
    return found


def load_table(answered: Sequence[Answered]) -> str:
    """A line for each priority."""
    lines = [
        "| the window has | median, ms | 95 %, ms | longest, ms | within 50 ms |",
        "|---|--:|--:|--:|--:|",
    ]
    for priority, seconds in answered:
        cells = [f"{1000 * each:.1f}" for each in (percentile(seconds, 50), percentile(seconds, 95))]
        within = sum(each <= WITHIN_S for each in seconds)
        cells += [f"{1000 * max(seconds):.1f}", f"{within} of {len(seconds)}"]
        lines.append(f"| {priority} | {' | '.join(cells)} |")
    return "\n".join(lines)


@contextmanager
def _raised(pids: Sequence[int]) -> Iterator[None]:
    """For as long as this is measured, and only where this user may."""
    if os.geteuid() != 0:
        yield
        return
    threads = [int(task.name) for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()]
    before = {thread: os.getpriority(os.PRIO_PROCESS, thread) for thread in threads}
    for thread in threads:
        os.setpriority(os.PRIO_PROCESS, thread, WINDOW_NICE)
    try:
        yield
    finally:
        for thread, nice in before.items():
            os.setpriority(os.PRIO_PROCESS, thread, nice)
