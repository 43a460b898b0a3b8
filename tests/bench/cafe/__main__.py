"""Measures, into ``build/bench/cafe.json``: ``python -m tests.bench.cafe [--seconds S] [--publish]``."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from provisioning import janus
from tests.bench.cafe import trials
from tests.bench.cafe.browser import BrowserGuest, Browsers
from tests.bench.cafe.figures import growth_table, plot, table, write
from tests.bench.cafe.kiosk import Kiosk
from tests.bench.cafe.rings import ends_reach
from tests.bench.cafe.table import Crowd, Table
from tests.bench.calls.__main__ import sound
from tests.bench.calls.browser import Browser
from tests.bench.calls.tablet import Tablet
from tests.bench.screen.figures import percentile
from tests.bench.screen.tables import put_into

FILE, DOCS = Path("build") / "bench" / "cafe.json", Path("docs")
SIZES = (3, 6, 12, 24)


def main() -> None:
    """Tables on standard output, and the file."""
    parser = ArgumentParser(prog="python -m tests.bench.cafe", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each steady state is measured")
    parser.add_argument("--visits", type=int, default=50, help="for the memory; 0 to leave out")
    parser.add_argument("--ringing", type=int, default=10, help="tablets that ring; 0 to leave out")
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if janus.program() is None:
        sys.exit("there is no Janus here")
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="kr-")))
        found, samples = _at_the_table(folder, given, ends)
    # What was measured is kept where the whole desk, which comes next, does not start.
    write(FILE, found, samples)
    if given.ringing:
        _say("the end of an event")
        street = Path("build") / "bench" / "cafe"
        shutil.rmtree(street, ignore_errors=True)
        samples["ends"] = ends_reach(street, given.ringing, 3)
        found["end_reaches_ringing_p95"] = percentile(samples["ends"], 95)
    write(FILE, found, samples)
    figures, growth = table(found), growth_table(samples["sizes"], samples["call_cpu"])
    sys.stdout.write(f"{figures}\n\n{growth}\n{json.dumps(samples['tones'])}\n")
    if given.publish:
        put_into(DOCS / "bench-cafe.md", {"figures": figures, "growth": growth})
        plot(DOCS / "pictures" / "bench-cafe.png", samples["sizes"], samples["call_cpu"])


def _at_the_table(folder: Path, given: Namespace, ends: ExitStack) -> tuple[dict[str, float], dict[str, Any]]:
    tablet = Tablet(folder / "tablet", _sound(folder, ends))
    ends.callback(tablet.close)
    place = Table(folder / "table")
    ends.callback(place.close)
    call_cpu = _call(tablet, folder, given.seconds)
    browsers, crowd, kiosk = Browsers(place), Crowd(place), Kiosk(tablet, place)
    ends.callback(browsers.close)
    ends.callback(crowd.close)
    speakers = [
        (browsers.guest("anna", 1000, "#d02020"), "red"),
        (browsers.guest("bertta", 1300, "#2020d0"), "blue"),
    ]
    speakers[0][0].speaks()
    found, samples = _visits(kiosk, place, speakers, given)
    sizes = _growth(kiosk, place, crowd, speakers[0][0], given.seconds)
    again = sizes.pop()
    few = statistics.fmean((sizes[0]["tablet"], again["tablet"]))
    found["tablet_cpu_24_vs_3"] = sizes[-1]["tablet"] / few
    found["tablet_cpu_vs_call"] = sizes[-1]["tablet"] / call_cpu
    _say("tones")
    tones = trials.tones(kiosk, place, crowd, speakers[0][0], folder)
    found["tones_unheard"] = tones["sent"] - tones["heard"]
    _say("an engine that dies")
    returns = trials.engine_returns(kiosk, place, 3)
    found["engine_return_to_table_s"] = max(returns)
    kiosk.leave()
    if given.visits:
        _say(f"{given.visits} visits")
        found["memory_growth_50_visits"] = trials.memory_growth(kiosk, place, given.visits)
    more = {"sizes": sizes, "three_again": again, "call_cpu": call_cpu, "tones": tones, "returns": returns}
    return found, samples | more


def _visits(
    kiosk: Kiosk, place: Table, speakers: list[tuple[BrowserGuest, str]], given: Namespace
) -> tuple[dict[str, float], dict[str, Any]]:
    """Joining, a bad line, and whose turn it is; afterwards the tablet sits there."""
    _say("joining")
    joins = trials.joins(kiosk, place, "red", 10)
    _say("a bad line")
    missing = trials.sound_missing(kiosk, place, given.seconds)
    kiosk.enter()
    place.await_people(3)
    _say("turns")
    turns = trials.switches(kiosk, speakers, 10)
    found = {
        "join_to_picture_p50": statistics.median(joins),
        "sound_missing": missing,
        "speaker_switch_p50": statistics.median(turns),
        "switches_interleaved": trials.interleaved(place, kiosk, speakers),
    }
    return found, {"joins": joins, "turns": turns}


def _call(tablet: Tablet, folder: Path, seconds: float) -> float:
    _say("a call between two")
    with sync_playwright() as playwright:
        browser = Browser(playwright, folder / "browser", {})
        try:
            return trials.call_cost(tablet, browser, seconds)
        finally:
            browser.close()


def _growth(kiosk: Kiosk, place: Table, crowd: Crowd, speaker: Any, seconds: float) -> list[trials.Costs]:
    """The table grows, and the last is of three once more: what has changed meanwhile shows in it."""
    speaker.speaks()
    found = []
    people = 3
    for size in SIZES:
        _say(f"{size} at the table")
        for number in range(people, size):
            crowd.enters(f"guest{number}")
        people = size
        place.await_people(size)
        found.append(trials.costs(kiosk, place, seconds))
    for number in range(3, people):
        crowd.leaves(f"guest{number}")
    place.await_people(3)
    return [*found, trials.costs(kiosk, place, seconds)]


def _sound(folder: Path, ends: ExitStack) -> dict[str, str]:
    """Start a sound server whose microphone does not pick up the loudspeaker."""
    surroundings = sound(folder / "sound", ends)
    module = ["pactl", "load-module", "module-null-sink", "sink_name=microphone", "rate=48000", "channels=1"]
    subprocess.run(module, check=True, capture_output=True)
    os.environ["PULSE_SINK"] = "room"
    return surroundings | {"PULSE_SOURCE": "microphone.monitor", "PULSE_SINK": "room"}


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
