"""Looks at processes of this machine, and waits for what must become true."""

import time
from collections.abc import Callable
from pathlib import Path


def until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Waits until the condition holds; fails after ``timeout_s``."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Whether the process lives; one that nobody has waited for is dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def command(pid: int) -> str:
    """What the process executes now; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def descendants(pid: int) -> list[int]:
    """The children of a process, from all its threads, and theirs."""
    lists = [file.read_text(encoding="utf-8") for file in Path(f"/proc/{pid}/task").glob("*/children")]
    children = [int(child) for each in lists for child in each.split()]
    return children + [each for child in children for each in descendants(child)]
