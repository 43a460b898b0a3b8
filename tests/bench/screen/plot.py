"""The figures as a picture: how much of Chromium's each of ours is, and each push by itself."""

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.bench.screen.figures import TARGETS, Samples

OURS, THEIRS = "#1f6a8c", "#c9b48f"


def plot(file: Path, figures: dict[str, dict[str, Any]], samples: Samples) -> None:
    """Write the plot as a PNG."""
    figure = Figure(figsize=(10, 7), layout="constrained")
    ratios, pushes, taps = figure.subplot_mosaic([["ratios", "ratios"], ["pushes", "taps"]]).values()
    _ratios(ratios, figures)
    _spread(pushes, samples, "push_to_pixels", "desk's push → pixels")
    _spread(taps, samples, "tap_to_pixels", "finger → pixels")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)


def _ratios(axes: Axes, figures: dict[str, dict[str, Any]]) -> None:
    names = [target.name for target in TARGETS][::-1]
    values = [figures[name]["ratio"] for name in names]
    axes.barh(names, values, color=OURS, height=0.6)
    for row, target in enumerate(reversed(TARGETS)):
        axes.plot([target.ratio] * 2, [row - 0.4, row + 0.4], color="#a8141f", linewidth=2)
        axes.annotate(f" {values[row]:.2f}", (max(values[row], target.ratio), row), va="center", fontsize=9)
    axes.axvline(1.0, color=THEIRS, linewidth=1)
    axes.set_title("This kiosk as a share of Chromium's kiosk page; red: the target")
    axes.set_xlim(0, max(1.15, *values) * 1.08)


def _spread(axes: Axes, samples: Samples, what: str, title: str) -> None:
    for side, colour, name in (("ours", OURS, "this kiosk"), ("theirs", THEIRS, "Chromium")):
        ordered = sorted(1000 * each for each in samples.of[what][side])
        shares = [100 * (rank + 1) / len(ordered) for rank in range(len(ordered))]
        axes.step(ordered, shares, where="post", color=colour, label=name, linewidth=2)
    axes.set_title(title)
    axes.set_xlabel("ms")
    axes.set_ylabel("% painted")
    axes.set_xlim(left=0)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower right")
