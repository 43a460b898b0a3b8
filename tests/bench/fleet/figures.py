"""The figures of a fleet and their targets, as ``fleet.json``, as a table and as a plot of growth."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure

Found = Mapping[str, Mapping[str, float]]


class Target(NamedTuple):
    """A figure, the most (or the least) that it may be at 4,000 tablets, and what it says."""

    name: str
    bound: float
    what: str
    is_least: bool = False

    def is_reached(self, value: float) -> bool:
        """Whether this is good enough."""
        return value >= self.bound if self.is_least else value <= self.bound


TARGETS = (
    Target("help_rest_p95", 0.2, "help at rest: from the press to the receipt, s"),
    Target("help_in_step_p95", 0.5, "help while all heartbeats come at once, s"),
    Target("help_in_push_p95", 0.5, "help while a new view goes to all, s"),
    Target("help_in_storm_p95", 1.0, "help of a device that is reconnected after the broker was killed, s"),
    Target("storm_linked", 20.0, "broker back: all are linked after, s"),
    Target("storm_known", 30.0, "broker back: the desk knows all after, s"),
    Target("push_all", 20.0, "a new view for all: the last has it after, s"),
    Target("events_per_s", 1_500.0, "events a second with p95 of the receipt below 1 s", is_least=True),
    Target("lease_takeover", 15.0, "one of two link workers killed: the other serves all after, s"),
    Target("cpu_per_device_growth", 1.1, "processor a tablet at rest, beside the smallest fleet"),
    Target("memory_broker_kb", 45.0, "memory of the broker, kB a tablet"),
    Target("written_at_rest_mb_per_min", 10.0, "written by the broker at rest, MB a minute"),
    Target("rest_cpu_broker", 1.0, "broker at rest, of a core"),
    Target("rest_cpu_worker", 1.0, "link worker at rest, of a core"),
)


def write(file: Path, found: Found, *, postgresql: bool) -> None:
    """``fleet.json``: for the largest fleet what was measured, and everything beside it."""
    largest = found[max(found, key=int)]
    figures: dict[str, dict[str, Any]] = {
        target.name: {"ours": largest[target.name], "theirs": None, "ratio": None, "target": target.bound}
        for target in TARGETS
        if target.name in largest
    }
    whole = {"database": "postgresql" if postgresql else "sqlite", "figures": figures, "sizes": found}
    file.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def table(found: Found) -> str:
    """Markdown: a line for each target, a column for each size."""
    sizes = sorted(found, key=int)
    lines = [
        f"| | {' | '.join(f'{int(size):,}' for size in sizes)} | target at 4,000 | |",
        f"|---|{'--:|' * (len(sizes) + 1)}---|",
    ]
    for target in TARGETS:
        values = [found[size].get(target.name) for size in sizes]
        last = values[-1]
        if last is None:
            continue
        sign = "≥" if target.is_least else "≤"
        word = "within" if target.is_reached(last) else "beyond"
        cells = " | ".join("–" if value is None else f"{value:.3g}" for value in values)
        lines.append(f"| {target.what} | {cells} | {sign} {target.bound:g} | {word} |")
    return "\n".join(lines)


def plot(file: Path, found: Found) -> None:
    """A PNG: help in each trouble, over the size of the fleet."""
    sizes = sorted(found, key=int)
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for name in ("help_rest_p95", "help_in_step_p95", "help_in_push_p95", "help_in_storm_p95"):
        axes.plot([int(size) for size in sizes], [found[size][name] for size in sizes], "o-", label=name)
    axes.set(
        xlabel="tablets", ylabel="seconds from the press to the receipt, p95", xscale="log", yscale="log"
    )
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
