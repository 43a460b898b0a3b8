"""What is measured of a call, at both of its ends."""

import os
import re
import signal
import time
from collections.abc import Sequence
from typing import Self

from device.media.messages import Gone, Ready
from tests.bench.calls import browser as browser_module
from tests.bench.calls import tablet as tablet_module
from tests.bench.calls.browser import Browser
from tests.bench.calls.figures import Pair
from tests.bench.calls.tablet import Tablet
from tests.bench.screen.figures import percentile
from tests.bench.screen.meters import cpu_s, pss_mib
from tests.bench.screen.pixels import Area, Pixels
from tests.link.waiting import eventually
from tests.media.bad_line import BadLine
from tests.media.core_end import CoreCall

# Two changes of the display so close are two parts of one picture.
_ONE_PAINT_S = 0.008
_POLL_S = 0.002


class Talk:
    """A call that goes on, as a context manager."""

    def __init__(self, tablet: Tablet, browser: Browser, line: BadLine | None = None) -> None:
        self._tablet, self._browser, self._line = tablet, browser, line
        self.call: CoreCall
        self.answered_at_s = 0.0

    def __enter__(self) -> Self:
        offer = self._browser.caller.offer()
        self.call, ready = self._tablet.prepare(self._line.offer(offer) if self._line else offer)
        self.answered_at_s = time.perf_counter()
        self._answer(ready)
        return self

    def __exit__(self, *_: object) -> None:
        self._tablet.hang_up(self.call)
        self._browser.caller.hang_up()

    def _answer(self, ready: Ready) -> None:
        self._tablet.begin(self.call, ready)
        self._browser.caller.answer(self._line.answer(ready.answer) if self._line else ready.answer)


def answer_to_first_frame(tablet: Tablet, browser: Browser) -> Pair:
    """From the resident's answer to the caller's picture on the display; and as the browser has it."""
    with Talk(tablet, browser) as talk:
        painted = tablet.pixels.wait(lambda: _is_green(tablet.pixels), 20) - talk.answered_at_s
        page = browser.caller.page
        eventually(lambda: page.evaluate("call.firstFrameMs ?? 0"), "our picture in the browser", 20)
        return painted, float(page.evaluate("call.firstFrameMs - call.answeredMs")) / 1000


def steady(tablet: Tablet, browser: Browser, seconds: float) -> dict[str, Pair]:
    """CPU and the gaps between painted pictures, while both see each other."""
    with Talk(tablet, browser) as talk:
        tablet.connected(talk.call)
        time.sleep(4.0)
        before = browser.caller.counts()
        sides = (tablet.processes(), browser.processes())
        began, used = time.perf_counter(), [cpu_s(side) for side in sides]
        # Nobody looks at the displays meanwhile: looking costs, and two processors are not many.
        time.sleep(seconds)
        took = time.perf_counter() - began
        cpu = [(cpu_s(side) - start) / took for side, start in zip(sides, used, strict=True)]
        after = browser.caller.counts()
        rates = [
            (after[kind][count] - before[kind][count]) / took
            for kind, count in (("video", "framesDecoded"), ("sent", "framesEncoded"))
        ]
        gaps = [
            percentile(_gaps_s(pixels, area, seconds / 2), 95)
            for pixels, area in (
                (tablet.pixels, tablet_module.PICTURE),
                (browser.pixels, browser_module.PICTURE),
            )
        ]
    return {
        "call_cpu": (cpu[0], cpu[1]),
        "painted_gap_p95": (gaps[0], gaps[1]),
        "pictures_per_s": (rates[0], rates[1]),
    }


def bad_line(tablet: Tablet, browser: Browser, seconds: float) -> dict[str, Pair]:
    """3 % of the packets lost, 40 ms each way: missing sound, and the longest that a picture stood still."""
    line = BadLine(loss=0.03, delay_s=0.04)
    try:
        with Talk(tablet, browser, line) as talk:
            tablet.connected(talk.call)
            tablet.pixels.wait(lambda: _is_green(tablet.pixels), 20)
            time.sleep(3.0)
            longest = [max(_gaps_s(tablet.pixels, tablet_module.PICTURE, seconds))]
            before = browser.caller.counts()["video"]
            longest.append(max(_gaps_s(browser.pixels, browser_module.PICTURE, seconds)))
            counts = browser.caller.counts()
            assert counts["video"]["framesDecoded"] > before["framesDecoded"]
        audio = counts["audio"]
        theirs = audio["concealedSamples"] / audio["totalSamplesReceived"]
    finally:
        line.close()
    played, missing = tally(tablet)
    return {
        "audio_missing": (missing / (played + missing), theirs),
        "picture_recovers": (longest[0], longest[1]),
    }


def tally(tablet: Tablet) -> tuple[int, int]:
    """Packets of the caller's sound in the last call: played, missing."""
    found = re.findall(r"sound: (\d+) packets played, (\d+) missing", tablet.server.log.read_text())
    return int(found[-1][0]), int(found[-1][1])


def memory_growth(tablet: Tablet, browser: Browser, calls: int) -> Pair:
    """MiB more after so many calls than after a tenth of them."""
    sizes: list[Pair] = []
    for number in range(calls):
        with Talk(tablet, browser) as talk:
            tablet.connected(talk.call)
            tablet.pixels.wait(lambda: _is_green(tablet.pixels), 20)
        if number + 1 in (calls // 10, calls):
            time.sleep(2.0)
            sizes.append((pss_mib(tablet.processes()), pss_mib(browser.processes())))
    return sizes[1][0] - sizes[0][0], sizes[1][1] - sizes[0][1]


def dead_browser_noticed(tablet: Tablet, browser: Browser) -> float:
    """From the moment at which the browser stands still to the end of the call."""
    with Talk(tablet, browser) as talk:
        tablet.connected(talk.call)
        time.sleep(1.0)
        processes = browser.processes()
        died_at_s = time.monotonic()
        _signal(processes, signal.SIGSTOP)
        try:
            talk.call.wait_for(Gone, 30)
        finally:
            _signal(processes, signal.SIGCONT)
        return talk.call.time_of(Gone) - died_at_s


def _signal(processes: Sequence[int], number: signal.Signals) -> None:
    for pid in processes:
        os.kill(pid, number)


def _gaps_s(pixels: Pixels, area: Area, seconds: float) -> list[float]:
    began = last = time.perf_counter()
    gaps: list[float] = []
    look = pixels.look(area)
    while last - began < seconds and time.perf_counter() - last < 10:
        time.sleep(_POLL_S)
        if pixels.shows(look):
            continue
        now, look = time.perf_counter(), pixels.look(area)
        if now - last > _ONE_PAINT_S:
            gaps.append(now - last)
            last = now
    return gaps[1:]


def _is_green(pixels: Pixels) -> bool:
    """Chromium's own test picture, in one row."""
    _, row = pixels.look(tablet_module.PICTURE).rows[0]
    third = len(row) // 3
    blue, green, red = row[:third], row[third : 2 * third], row[2 * third :]
    greens = sum(g > b + 60 and g > r + 60 for b, g, r in zip(blue, green, red, strict=True))
    return greens > len(green) // 4
