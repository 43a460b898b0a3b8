"""Figures with their targets, as Markdown for docs/bench-messages.md."""

from collections.abc import Mapping
from pathlib import Path

PAGE = Path("docs") / "bench-messages.md"


def table(figures: Mapping[str, float], most: Mapping[str, float], least: Mapping[str, float]) -> str:
    """Return a line for each figure; those without a target come last."""
    targets = [(name, "≤", bound, figures.get(name, 0) <= bound) for name, bound in most.items()]
    targets += [(name, "≥", bound, figures.get(name, 0) >= bound) for name, bound in least.items()]
    rest = [name for name in figures if name not in {*most, *least}]
    lines = ["| | measured | target | |", "|---|--:|--:|---|"]
    for name, sign, bound, is_reached in targets:
        if name in figures:
            word = "reached" if is_reached else "not reached"
            lines.append(f"| `{name}` | {figures[name]:g} | {sign} {bound:g} | {word} |")
    return "\n".join([*lines, *(f"| `{name}` | {figures[name]:g} | – | |" for name in rest)])


def scale_line(scale: Mapping[str, object]) -> str:
    """Return how much was measured, in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in scale.items()) + "."
