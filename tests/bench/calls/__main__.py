"""Measures, into ``calls.json``: ``python -m tests.bench.calls [--calls N] [--seconds S]``."""

import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import sync_playwright

from tests.bench.calls import trials
from tests.bench.calls.browser import Browser
from tests.bench.calls.tablet import Tablet
from tests.hal.conftest import ASOUND
from tests.hal.sound_room import SoundServer

FILE = Path("build") / "bench" / "calls.json"


class Target(NamedTuple):
    """What ours may be at most: alone, or as a share of theirs."""

    unit: str
    most: float | None = None
    ratio: float | None = None


# ``theirs`` is the same thing at Chromium's end of the same call, where it has it; else the limit.
TARGETS = {
    "answer_to_first_frame_p50": Target("s", most=1.0),
    "call_cpu": Target("core", ratio=0.75),
    "painted_gap_p95": Target("s", most=0.060),
    "memory_growth_100_calls": Target("MiB", most=10.0),
    "dead_browser_noticed": Target("s", most=10.0),
    "audio_missing": Target("fraction", most=0.04),
    "picture_recovers": Target("s", most=2.0),
    "pictures_per_s": Target("1/s"),
}


def main() -> None:
    """A table on standard output, and the file."""
    parser = ArgumentParser(prog="python -m tests.bench.calls", description=__doc__)
    parser.add_argument("--calls", type=int, default=10, help="for the time to the first picture")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long a steady call is measured")
    parser.add_argument("--more-calls", type=int, default=100, help="for the memory; 0 to leave out")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found: dict[str, trials.Pair] = {}
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="kr-")))
        sound = _sound(folder / "sound", ends)
        tablet = Tablet(folder / "tablet", sound)
        ends.callback(tablet.close)
        browser = Browser(ends.enter_context(sync_playwright()), folder / "browser", sound)
        ends.callback(browser.close)
        _say("the first pictures")
        firsts = [trials.answer_to_first_frame(tablet, browser) for _ in range(given.calls)]
        found["answer_to_first_frame_p50"] = _medians(firsts)
        _say("a steady call")
        found |= trials.steady(tablet, browser, given.seconds)
        _say("a bad line")
        found |= trials.bad_line(tablet, browser, given.seconds)
        if given.more_calls:
            _say(f"{given.more_calls} calls")
            found["memory_growth_100_calls"] = trials.memory_growth(tablet, browser, given.more_calls)
        _say("a dead browser")
        noticed = trials.dead_browser_noticed(tablet, browser)
        found["dead_browser_noticed"] = (noticed, TARGETS["dead_browser_noticed"].most or 0.0)
    figures = {name: _figure(name, *found[name]) for name in TARGETS if name in found}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    whole = {"figures": figures, "samples": {"answer_to_first_frame": firsts}}
    FILE.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    for name, figure in figures.items():
        _print(name, figure)


def _figure(name: str, ours: float, theirs: float) -> dict[str, float | str]:
    ratio = ours / theirs if theirs else 0.0
    return {"ours": ours, "theirs": theirs, "ratio": ratio, "unit": TARGETS[name].unit}


def _print(name: str, figure: dict[str, Any]) -> None:
    target = TARGETS[name]
    missed = (target.most is not None and figure["ours"] > target.most) or (
        target.ratio is not None and figure["ratio"] > target.ratio
    )
    numbers = f"ours {figure['ours']:8.3f}  theirs {figure['theirs']:8.3f}  ratio {figure['ratio']:6.2f}"
    sys.stdout.write(f"{name:28} {numbers}  {figure['unit']}{'  MISSED' if missed else ''}\n")


def _medians(pairs: list[trials.Pair]) -> trials.Pair:
    return statistics.median(ours for ours, _ in pairs), statistics.median(theirs for _, theirs in pairs)


def _sound(folder: Path, ends: ExitStack) -> dict[str, str]:
    """A sound server whose loudspeaker nobody hears, and whose microphone hears it: as in a room."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "asound.conf").write_text(ASOUND)
    server = SoundServer(folder)
    os.environ["PULSE_SERVER"] = f"unix:{server.socket}"
    ends.callback(server.kill)
    server.start()
    return {
        "PULSE_SERVER": f"unix:{server.socket}",
        "PULSE_SOURCE": "room.monitor",
        "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{folder / 'asound.conf'}",
    }


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
