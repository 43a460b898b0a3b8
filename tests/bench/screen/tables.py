"""The figures as Markdown, for the terminal and for docs/."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.screen.figures import SIDES, TARGETS, is_reached

_SHOWN_AS = {"s": ("ms", 1000.0), "core": ("% of a core", 100.0), "MiB": ("MiB", 1.0)}


def table(figures: Mapping[str, dict[str, Any]]) -> str:
    """Each target that was measured."""
    lines = ["| | ours | Chromium | ratio | target | |", "|---|--:|--:|--:|--:|---|"]
    for target in TARGETS:
        if (figure := figures.get(target.name)) is None:
            continue
        unit, factor = _SHOWN_AS[target.unit]
        ours, theirs = (_round(figure[side] * factor) for side in SIDES)
        most = f", {target.most * factor:g} {unit}" if target.most else ""
        word = "reached" if is_reached(target, figure) else "not reached"
        lines.append(
            f"| `{target.name}`, {unit} | {ours} | {theirs} | {figure['ratio']:.2f}"
            f" | ≤ {target.ratio:.2f}{most} | {word} |"
        )
    return "\n".join(lines)


def growth_table(growth: Mapping[str, dict[str, list[dict[str, Any]]]]) -> str:
    """What more of everything costs: a line for each amount."""
    if set(growth) != set(SIDES):
        return ""
    lines = ["| | ours, ms | Chromium, ms | ours, MiB | Chromium, MiB |", "|---|--:|--:|--:|--:|"]
    for kind in ("contacts", "appointments"):
        for ours, theirs in zip(*(growth[side][kind] for side in SIDES), strict=True):
            cells = [
                *(_round(1000 * each["push_to_pixels_p50"]) for each in (ours, theirs)),
                *(_round(each["memory_pss"]) for each in (ours, theirs)),
            ]
            lines.append(f"| {ours['count']} {kind} | {' | '.join(cells)} |")
    newest = [_round(1000 * growth[side]["burst"][0]["newest_s"]) for side in SIDES]
    lines.append(f"| the last of a hundred pushes in a second | {' | '.join(newest)} | | |")
    kept = ["kept" if growth[side]["burst"][0]["tap_was_kept"] else "lost" for side in SIDES]
    lines.append(f"| a tap among them | {' | '.join(kept)} | | |")
    return "\n".join(lines)


def put_into(page: Path, tables: Mapping[str, str]) -> None:
    """Replaces what stands between ``<!-- name -->`` and ``<!-- end -->``."""
    text = page.read_text(encoding="utf-8")
    for name, rows in tables.items():
        head, mark, rest = text.partition(f"<!-- {name} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        text = f"{head}{mark}{rows}\n{end}{tail}"
    page.write_text(text, encoding="utf-8")


def _round(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
