"""Calls over a line that loses three packets in a hundred and delays each way by 40 ms."""

import re
import select
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from device.media.messages import Begin, Finish, PictureIs
from device.window_protocol.frames import FrameReader
from tests.link.waiting import eventually
from tests.media.bad_line import BadLine
from tests.media.caller import Caller
from tests.media.core_end import CoreCall, MediaServer
from tests.media.test_calls import take

SECONDS = 6.0


@pytest.fixture
def line() -> Iterator[BadLine]:
    line = BadLine(loss=0.03, delay_s=0.04)
    yield line
    line.close()


def gaps_s(reader: FrameReader, seconds: float) -> list[float]:
    """Return the seconds between consecutive pictures for the window."""
    came = [time.monotonic()]
    while came[-1] - came[0] < seconds:
        assert select.select([reader.wake_fd], [], [], 5)[0]
        if reader.newest():
            came.append(time.monotonic())
    return [after - before for before, after in pairwise(came)]


@pytest.mark.requirement("V10")
def test_what_the_line_loses_is_all_that_is_lost(
    server: MediaServer, call: CoreCall, caller: Caller, line: BadLine
) -> None:
    """Hardly more audio is missing than the line lost; the picture never freezes for two seconds."""
    ready = call.prepare(line.offer(caller.offer(hz=700)))
    take(call, caller, line.answer(ready.answer))
    with FrameReader(Path(ready.frames)) as reader:
        eventually(reader.newest, "a picture")
        longest_s = max(gaps_s(reader, SECONDS))
    heard = caller.counts()
    call.send(Finish())
    eventually(lambda: not server.calls, "the process has ended and said how it was")
    played, missing = tally(server)
    assert line.dropped > 0.02 * line.carried
    assert longest_s < 2.0
    assert line.dropped_sound > 0
    assert missing <= line.dropped_sound + 0.02 * played
    audio, video = heard["audio"], heard["video"]
    assert audio["concealedSamples"] / audio["totalSamplesReceived"] < 0.15
    assert video["framesDecoded"] > 10 * SECONDS


def tally(server: MediaServer) -> tuple[int, int]:
    """Return the packets of the caller's audio: played, missing."""
    found = re.findall(r"sound: (\d+) packets played, (\d+) missing", server.log.read_text())
    return int(found[-1][0]), int(found[-1][1])


def test_a_line_that_breaks_off_is_reported_and_comes_back(
    call: CoreCall, caller: Caller, line: BadLine
) -> None:
    """After two seconds without packets the resident is informed; the picture resumes soon after."""
    line.loss = 0.0
    ready = call.prepare(line.offer(caller.offer()))
    call.send(Begin())
    caller.answer(line.answer(ready.answer))
    with FrameReader(Path(ready.frames)) as reader:
        eventually(lambda: PictureIs(quality="good") in call.all_of(PictureIs), "a good picture", 20)
        line.loss = 1.0
        eventually(lambda: call.all_of(PictureIs)[-1].quality == "poor", "it is reported", 3)
        time.sleep(1.2)
        line.loss = 0.0
        back_at = time.monotonic()
        reader.newest()
        eventually(reader.newest, "the picture moves again", 2.5)
        assert time.monotonic() - back_at < 2.5
