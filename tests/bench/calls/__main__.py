"""Measures, into ``calls.json``: ``python -m tests.bench.calls [--calls N] [--seconds S] [--publish]``."""

import os
import shutil
import signal
import statistics
import sys
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.calls import trials
from tests.bench.calls.browser import Browser
from tests.bench.calls.figures import Pair, limit_of, table, write
from tests.bench.calls.tablet import Tablet
from tests.bench.screen.tables import put_into
from tests.hal.conftest import ASOUND
from tests.hal.sound_room import SoundServer

FILE, PAGE = Path("build") / "bench" / "calls.json", Path("docs") / "bench-calls.md"


def main() -> None:
    """A table on standard output, and the file."""
    parser = ArgumentParser(prog="python -m tests.bench.calls", description=__doc__)
    parser.add_argument("--calls", type=int, default=10, help="for the time to the first picture")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long a steady call is measured")
    parser.add_argument("--more-calls", type=int, default=100, help="for the memory; 0 to leave out")
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found: dict[str, Pair] = {}
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="kr-")))
        surroundings = sound(folder / "sound", ends)
        tablet = Tablet(folder / "tablet", surroundings)
        ends.callback(tablet.close)
        browser = Browser(ends.enter_context(sync_playwright()), folder / "browser", surroundings)
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
        found["dead_browser_noticed"] = (noticed, limit_of("dead_browser_noticed"))
    rows = table(write(FILE, found, {"answer_to_first_frame": firsts}))
    sys.stdout.write(f"{rows}\n")
    if given.publish:
        put_into(PAGE, {"figures": rows})


def _medians(pairs: list[Pair]) -> Pair:
    return statistics.median(ours for ours, _ in pairs), statistics.median(theirs for _, theirs in pairs)


def sound(folder: Path, ends: ExitStack) -> dict[str, str]:
    """Start a sound server whose microphone records its loudspeaker, as in a room."""
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
