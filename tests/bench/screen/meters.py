"""What the kernel says that processes use: CPU time, memory, wake-ups."""

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
# Of a process, by clock_gettime: see CPUCLOCK_SCHED in the kernel's posix-timers.
_CPU_CLOCK = 2


def family(roots: Iterable[int]) -> list[int]:
    """Processes with all their children, and all that were started in their process groups."""
    parents: dict[int, tuple[int, int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(fields[1]), int(fields[2])
    found = set(roots)
    groups = set(roots)
    grew = True
    while grew:
        more = {pid for pid, (parent, group) in parents.items() if parent in found or group in groups}
        grew = not more <= found
        found |= more
    return sorted(found)


def cpu_s(pids: Iterable[int]) -> float:
    """CPU time that these processes have used so far, ended threads included; in seconds."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += time.clock_gettime((~pid << 3) | _CPU_CLOCK)
    return total


def pss_mib(pids: Iterable[int]) -> float:
    """Their proportional share of memory: what is shared counts once, over all that share it."""
    total_kib = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total_kib += int(line.split()[1])
    return total_kib / 1024


def wake_ups(pids: Iterable[int]) -> int:
    """How often their threads have gone to sleep by themselves so far."""
    total = 0
    for pid in pids:
        for status in (_PROC / str(pid) / "task").glob("*/status"):
            with contextlib.suppress(OSError):
                total += int(status.read_text().split("voluntary_ctxt_switches:")[1].split()[0])
    return total
