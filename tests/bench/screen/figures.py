"""Samples as figures: ours, theirs, the ratio, and whether the target is reached."""

import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SIDES = ("ours", "theirs")


class Target(NamedTuple):
    """A figure, its unit, the ratio to reach, and what ours alone may be at most."""

    name: str
    unit: str
    ratio: float
    most: float | None = None


TARGETS = (
    Target("warm_start", "s", 0.40),
    Target("memory_pss", "MiB", 0.35),
    Target("idle_cpu", "core", 0.10, 0.001),
    Target("push_to_pixels_p50", "s", 1.0),
    Target("push_to_pixels_p95", "s", 1.0),
    Target("tap_to_pixels_p50", "s", 0.8),
    Target("cpu_per_push", "s", 0.8),
)


def percentile(samples: Sequence[float], percent: int) -> float:
    """The sample below which so many per cent lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Samples:
    """All samples, by what was measured and by side, in the order of measurement."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, list[float]]] = defaultdict(lambda: {side: [] for side in SIDES})

    def add(self, what: str, side: str, values: Iterable[float]) -> None:
        self.of[what][side].extend(values)

    def figures(self) -> dict[str, dict[str, float | str]]:
        """One number a side for everything measured; pushes as the issue names them."""
        found: dict[str, dict[str, float | str]] = {}
        for what, sides in self.of.items():
            if not all(sides.values()):
                continue
            for name, percent in _names(what):
                values = {side: percentile(samples, percent) for side, samples in sides.items()}
                ratio = values["ours"] / values["theirs"] if values["theirs"] else 0.0
                found[name] = {**values, "ratio": ratio, "unit": _unit(what)}
        return found


def _names(what: str) -> list[tuple[str, int]]:
    if "to_pixels" in what:
        return [(f"{what}_p50", 50), (f"{what}_p95", 95)]
    return [(what, 50)]


def _unit(what: str) -> str:
    return next((target.unit for target in TARGETS if what == target.name), "s")


def is_reached(target: Target, figure: dict[str, Any]) -> bool:
    """The ratio, and where there is one the limit of our own."""
    return figure["ratio"] <= target.ratio and (target.most is None or figure["ours"] <= target.most)


def write(file: Path, samples: Samples, growth: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """``screen.json``: the figures of the targets, everything else beside them."""
    figures = samples.figures()
    names = [target.name for target in TARGETS]
    whole = {
        "figures": {name: figures[name] for name in names if name in figures},
        "more": {name: figure for name, figure in figures.items() if name not in names},
        "growth": growth,
        "samples": dict(samples.of),
    }
    file.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return figures


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
