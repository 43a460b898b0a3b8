"""The figures of help and their targets, as ``help.json`` and as a table."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.screen.figures import percentile


class Target(NamedTuple):
    """What is measured, in seconds, and the most that it may be in 95 of 100 cases."""

    name: str
    most_s: float
    what: str


TARGETS = (
    Target("button_to_light_p95", 0.1, "from the button to the lamp on the device"),
    Target("button_to_sound_p95", 0.1, "from the button to the sound of help"),
    Target("button_to_receipt_p95", 0.5, "from the button to the desk's receipt on the screen, on loopback"),
    Target("broker_dead_to_https_p95", 10.0, "broker dead when pressed: until the desk has it by HTTPS"),
    Target("half_open_to_https_p95", 10.0, "link half open when pressed: until the desk has it"),
    Target(
        "cut_off_to_sms_p95", 20.0, "broker and desk dead when pressed: until the modem has a text message"
    ),
    Target("silence_to_sms_p95", 20.0, "link half open, desk silent when pressed: until the modem has it"),
)


def figures(samples: Mapping[str, Sequence[float]]) -> dict[str, dict[str, Any]]:
    """One number for each target that was measured; nobody else's is measured beside it."""
    return {
        target.name: {
            "ours": percentile(samples[target.name], 95),
            "theirs": None,
            "ratio": None,
            "unit": "s",
            "target": target.most_s,
        }
        for target in TARGETS
        if samples.get(target.name)
    }


def write(file: Path, samples: Mapping[str, Sequence[float]]) -> dict[str, dict[str, Any]]:
    """``help.json``: the figures, and every sample."""
    found = figures(samples)
    whole = {"figures": found, "samples": dict(samples)}
    file.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return found


def table(found: Mapping[str, dict[str, Any]], samples: Mapping[str, Sequence[float]]) -> str:
    """Markdown, a line for each target."""
    lines = ["| | p95, s | slowest, s | presses | target, s | |", "|---|--:|--:|--:|--:|---|"]
    for target in TARGETS:
        if target.name in found:
            ours, all_s = found[target.name]["ours"], samples[target.name]
            word = "reached" if ours <= target.most_s else "not reached"
            cells = (f"{ours:.3f}", f"{max(all_s):.3f}", len(all_s), f"≤ {target.most_s:g}", word)
            lines.append(f"| {target.what} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)
