"""What is measured at a table."""

import re
import signal
import statistics
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.bench.cafe.browser import BrowserGuest
from tests.bench.cafe.kiosk import Kiosk, hum
from tests.bench.cafe.table import Crowd, Table
from tests.bench.calls.browser import Browser
from tests.bench.calls.tablet import Tablet
from tests.bench.calls.trials import Talk
from tests.bench.screen.meters import cpu_s, pss_mib
from tests.bench.screen.pixels import Area, Pixels
from tests.hal.sound_room import Samples, band_dbfs, ear
from tests.link.waiting import eventually
from tests.media.bad_line import BadLine

Costs = dict[str, float]
_TALLY = re.compile(r"at the table ends; sound: (\d+) packets played, (\d+) missing")
_STEADY_S = 4.0
_PAUSE_S = 3.0
_SINGERS, _OWN_HZ = 22, 330
_INTERLEAVED_S, _SYLLABLE_S = 13.0, 0.3
# Until both pages know when they begin; who is shown speaks on until then.
_AHEAD_S = 1.0
# Of the shorter one the tablet learns from the table, of the longer one by its silence.
_OUTAGES_S = (0.0, 6.0)


def joins(kiosk: Kiosk, table: Table, colour: str, visits: int) -> list[float]:
    """From the touch on "Go in" to the speaker's picture on the display."""
    found = []
    others = len(table.people)
    for _ in range(visits):
        kiosk.ask()
        began = time.perf_counter()
        kiosk.enter()
        found.append(_painted_s(kiosk, colour) - began)
        table.await_people(others + 1)
        kiosk.leave()
    return found


def switches(kiosk: Kiosk, speakers: Sequence[tuple[BrowserGuest, str]], turns: int) -> list[float]:
    """Return the seconds from a new speaker's first syllable to their picture on the display."""
    found = []
    for turn in range(turns):
        (before, _), (after, colour) = (speakers[(turn + at) % 2] for at in range(2))
        time.sleep(_PAUSE_S)
        before.speaks(loud=False)
        began = time.perf_counter()
        after.speaks()
        found.append(_painted_s(kiosk, colour) - began)
    return found


def interleaved(table: Table, kiosk: Kiosk, speakers: Sequence[tuple[BrowserGuest, str]]) -> int:
    """How often the picture changes at the tablet while two fall into each other's words."""
    time.sleep(_PAUSE_S)
    before = sum(person == kiosk.name for _, person, _ in table.shown)
    begins_s = time.time() + _AHEAD_S
    for turn, (guest, _) in enumerate(speakers):
        guest.interleaves(begins_s, _SYLLABLE_S, round(_INTERLEAVED_S / _SYLLABLE_S), turn)
    time.sleep(_AHEAD_S + _INTERLEAVED_S)
    return sum(person == kiosk.name for _, person, _ in table.shown) - before


def costs(kiosk: Kiosk, table: Table, seconds: float) -> Costs:
    """CPU of the tablet and of the engine, and the engine's memory, while everybody sits there."""
    time.sleep(_STEADY_S)
    assert table.engine.pid
    sides = {"tablet": kiosk.tablet.processes(), "engine": [table.engine.pid]}
    began, used = time.perf_counter(), {name: cpu_s(pids) for name, pids in sides.items()}
    time.sleep(seconds)
    took = time.perf_counter() - began
    found = {name: (cpu_s(pids) - used[name]) / took for name, pids in sides.items()}
    return found | {"engine_mib": pss_mib(sides["engine"]), "people": float(len(table.people))}


def call_cost(tablet: Tablet, browser: Browser, seconds: float) -> float:
    """CPU of the tablet in a call between two, whose caller sends fifteen pictures a second."""
    with Talk(tablet, browser) as talk:
        browser.caller.page.evaluate("call.camera.getVideoTracks()[0].applyConstraints({frameRate: 15})")
        tablet.connected(talk.call)
        time.sleep(_STEADY_S)
        pids = tablet.processes()
        began, used = time.perf_counter(), cpu_s(pids)
        time.sleep(seconds)
        return (cpu_s(pids) - used) / (time.perf_counter() - began)


def tones(kiosk: Kiosk, table: Table, crowd: Crowd, guest: BrowserGuest, folder: Path) -> dict[str, int]:
    """Return how many simultaneous tones the tablet plays; fails if the guest misses the tablet's own."""
    frequencies = [400 + 100 * number for number in range(_SINGERS)]
    others = len(table.people)
    guest.speaks(loud=False)
    for number, hz in enumerate(frequencies):
        crowd.enters(f"tone{number}", hz)
    table.await_people(others + _SINGERS)
    with ear() as listener:
        time.sleep(2.0)
        heard = listener.listen(2.0)
    for number in range(_SINGERS):
        crowd.leaves(f"tone{number}")
    humming = hum(folder, _OWN_HZ, 20.0)
    try:
        eventually(lambda: guest.hears(_OWN_HZ), "the guest hears the tablet's tone", 19)
    finally:
        humming.terminate()
        humming.wait()
    return {"sent": _SINGERS, "heard": sum(_stands_out(heard, hz) for hz in frequencies)}


def sound_missing(kiosk: Kiosk, table: Table, seconds: float) -> float:
    """The share of the others' sound that is missing on a line that loses 3 % and takes 40 ms."""
    kiosk.line = BadLine(loss=0.03, delay_s=0.04)
    others = len(table.people)
    try:
        kiosk.enter()
        table.await_people(others + 1)
        kiosk.await_connected()
        time.sleep(seconds)
        kiosk.leave()
    finally:
        kiosk.line.close()
        kiosk.line = None
    found = _TALLY.findall(kiosk.tablet.server.log.read_text())[-1]
    played, missing = (int(each) for each in found)
    return missing / (played + missing)


def memory_growth(kiosk: Kiosk, table: Table, visits: int) -> float:
    """MiB that the tablet has more after so many visits than after a tenth of them."""
    sizes, others = [], len(table.people)
    for number in range(visits):
        kiosk.enter()
        table.await_people(others + 1)
        kiosk.await_connected()
        kiosk.leave()
        if number + 1 in (visits // 10, visits):
            time.sleep(2.0)
            sizes.append(pss_mib(kiosk.tablet.processes()))
    return sizes[1] - sizes[0]


def engine_returns(kiosk: Kiosk, table: Table, times: int) -> list[float]:
    """Seconds from the start of an engine that had been killed to the tablet's sound and picture."""
    found = []
    for outage_s in _OUTAGES_S * times:
        visit = kiosk.visits
        table.engine.stop(signal.SIGKILL)
        table.await_engine(there=False)
        time.sleep(outage_s)
        began = time.perf_counter()
        table.engine.start()
        eventually(partial(kiosk.is_back, visit), "the tablet is back at the table", 60)
        # The first one to come back is shown.
        found.append(max(time.perf_counter(), _painted_s(kiosk, "red", "blue")) - began)
        time.sleep(_STEADY_S)
    return found


def _painted_s(kiosk: Kiosk, *colours: str) -> float:
    """When the picture on the display has one of these colours."""
    pixels, area = kiosk.tablet.pixels, kiosk.picture_area()
    return pixels.wait(lambda: any(is_of(pixels, area, colour) for colour in colours), 20)


def is_of(pixels: Pixels, area: Area, colour: str) -> bool:
    """Whether the middle of the area is red, or blue."""
    _, row = pixels.look(area).rows[0]
    third = len(row) // 3
    blue, _, red = (statistics.fmean(row[at * third : (at + 1) * third]) for at in range(3))
    return red > blue + 80 if colour == "red" else blue > red + 80


def _stands_out(heard: Samples, hz: int) -> bool:
    return band_dbfs(heard, hz) > band_dbfs(heard, hz + 50) + 10
