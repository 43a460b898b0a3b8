"""The figures of a call and their targets, as ``calls.json`` and as a table."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

Pair = tuple[float, float]
"""Ours, theirs."""


class Target(NamedTuple):
    """What is measured, and what ours may be at most: alone, or as a share of theirs."""

    name: str
    unit: str
    what: str
    most: float | None = None
    ratio: float | None = None


# ``theirs`` is the same thing at Chromium's end of the same call, where it has it; else the limit.
TARGETS = (
    Target("answer_to_first_frame_p50", "s", "from the answer to the first picture, p50", most=1.0),
    Target("call_cpu", "core", "CPU of the call's process and the window", ratio=0.75),
    Target("painted_gap_p95", "s", "between two pictures on the display, p95", most=0.060),
    Target("memory_growth_100_calls", "MiB", "more memory after a hundred calls than after ten", most=10.0),
    Target("dead_browser_noticed", "s", "until a browser that stands still is noticed", most=10.0),
    Target("audio_missing", "fraction", "sound that is missing, of a line that loses 3 %", most=0.04),
    Target("picture_recovers", "s", "the longest that a picture stood still on that line", most=2.0),
    Target("pictures_per_s", "1/s", "pictures that arrive at the other end"),
)
# Nobody at the other end could be measured: what stands there is the limit.
_ALONE = ("dead_browser_noticed",)


def limit_of(name: str) -> float:
    """What ours may be at most."""
    return next(target.most or 0.0 for target in TARGETS if target.name == name)


def write(file: Path, found: Mapping[str, Pair], samples: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """``calls.json``: the figures, and every sample."""
    figures = {
        target.name: _figure(target, *found[target.name]) for target in TARGETS if target.name in found
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"figures": figures, "samples": samples}, indent=1) + "\n", encoding="utf-8")
    return figures


def table(figures: Mapping[str, dict[str, Any]]) -> str:
    """Markdown, a line for each target that was measured."""
    lines = ["| | ours | Chromium | ratio | target | |", "|---|--:|--:|--:|--:|---|"]
    for target in TARGETS:
        if (figure := figures.get(target.name)) is None:
            continue
        alone = target.name in _ALONE
        theirs, ratio = ("", "") if alone else (f"{figure['theirs']:.3g}", f"{figure['ratio']:.2f}")
        cells = f"{figure['ours']:.3g}", theirs, ratio, *_judged(target, figure)
        lines.append(f"| {target.what}, {target.unit} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _figure(target: Target, ours: float, theirs: float) -> dict[str, float | str]:
    return {"ours": ours, "theirs": theirs, "ratio": ours / theirs if theirs else 0.0, "unit": target.unit}


def _judged(target: Target, figure: Mapping[str, Any]) -> tuple[str, str]:
    if target.most is not None:
        unit = "" if target.unit == "fraction" else f" {target.unit}"
        limit, is_reached = f"≤ {target.most:g}{unit}", figure["ours"] <= target.most
    elif target.ratio is not None:
        limit, is_reached = f"ratio ≤ {target.ratio:.2f}", figure["ratio"] <= target.ratio
    else:
        return "", ""
    return limit, "reached" if is_reached else "not reached"
