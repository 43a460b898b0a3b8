"""The figures of a table and their targets, as ``cafe.json``, as a table and as a plot of growth."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure


class Target(NamedTuple):
    """What is measured, and what it may be at most."""

    name: str
    unit: str
    what: str
    most: float


TARGETS = (
    Target(
        "tablet_cpu_24_vs_3", "", "CPU of the tablet with 24 at the table, as a share of that with 3", 1.10
    ),
    Target("tablet_cpu_vs_call", "", "CPU of the tablet with 24, as a share of a call between two", 1.0),
    Target("join_to_picture_p50", "s", 'from the touch on "Go in" to the picture on the display, p50', 0.3),
    Target("speaker_switch_p50", "s", "from the first syllable to the picture of the new speaker, p50", 0.9),
    Target("switches_interleaved", "", "changes of the picture while two interrupt each other for 13 s", 0.0),
    Target("sound_missing", "", "sound that is missing on a line that loses 3 %", 0.04),
    Target("memory_growth_50_visits", "MiB", "more memory of the tablet after 50 visits than after 5", 10.0),
    Target("end_reaches_ringing_p95", "s", "from the early end of an event to the last screen, p95", 2.0),
    Target(
        "engine_return_to_table_s",
        "s",
        "from the return of an engine that died to sound and picture, the longest of six",
        5.0,
    ),
    Target("tones_unheard", "", "of 22 who sing at once, how many the tablet does not play", 0.0),
)


def write(file: Path, found: Mapping[str, float], more: Mapping[str, Any]) -> None:
    """``cafe.json``: the figures, and everything beside them."""
    figures = {
        target.name: {"ours": round(found[target.name], 4), "unit": target.unit, "target": target.most}
        for target in TARGETS
        if target.name in found
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"figures": figures, **more}, indent=1) + "\n", encoding="utf-8")


def table(found: Mapping[str, float]) -> str:
    """Markdown, a line for each target that was measured."""
    lines = ["| | measured | target | |", "|---|--:|--:|---|"]
    for target in TARGETS:
        if (value := found.get(target.name)) is None:
            continue
        unit = f" {target.unit}" if target.unit else ""
        word = "reached" if value <= target.most else "not reached"
        lines.append(f"| {target.what} | {value:.3g}{unit} | ≤ {target.most:g}{unit} | {word} |")
    return "\n".join(lines)


def growth_table(sizes: Sequence[Mapping[str, float]], call_cpu: float) -> str:
    """Markdown: what a table costs as it grows, beside a call between two."""
    lines = ["| people | tablet, of a core | engine, of a core | engine, MiB |", "|--:|--:|--:|--:|"]
    lines.append(f"| a call | {call_cpu:.2f} | – | – |")
    lines += [
        f"| {each['people']:.0f} | {each['tablet']:.2f} | {each['engine']:.2f} | {each['engine_mib']:.0f} |"
        for each in sizes
    ]
    return "\n".join(lines)


def plot(file: Path, sizes: Sequence[Mapping[str, float]], call_cpu: float) -> None:
    """A PNG of the same."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    people = [each["people"] for each in sizes]
    for name, label in (("tablet", "tablet: media and window"), ("engine", "engine")):
        axes.plot(people, [each[name] for each in sizes], "o-", label=label)
    axes.axhline(call_cpu, color="#c9b48f", label="tablet in a call between two")
    axes.set(xlabel="people at the table", ylabel="CPU, of a core", ylim=(0, None))
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
