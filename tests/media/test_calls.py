"""Complete calls between the call process and the system's Chromium."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from device.media.messages import (
    Begin,
    Connected,
    Finish,
    Gone,
    PictureIs,
    Ready,
    SetLoudness,
    ShowPicture,
)
from device.window_protocol.frames import FrameReader, VideoFrame
from tests.demo.processes import descendants
from tests.hal.sound_room import Ear, band_dbfs, peak_hz, undisturbed
from tests.link.waiting import eventually
from tests.media.caller import CHROMIUM, FLAGS, Caller
from tests.media.core_end import SIMULATED_SOUND, CoreCall, CoreEnd, MediaServer

# White, yellow, cyan, green, magenta, red, blue, black, at the middle of each column.
COLUMNS = [(each / 8 + 1 / 16, 0.3) for each in range(8)]

SINGER = """
import sys
import numpy as np
tone = 9000 * np.sin(2 * np.pi * float(sys.argv[1]) * np.arange(48_000) / 48_000)
while True:
    sys.stdout.buffer.write(tone.astype("<i2").tobytes())
"""


@contextlib.contextmanager
def singing(hz: int) -> Iterator[None]:
    """Play a tone at the microphone."""
    with subprocess.Popen([sys.executable, "-c", SINGER, str(hz)], stdout=subprocess.PIPE) as singer:
        play = ["pacat", "-d", "mouth", "--format=s16le", "--rate=48000", "--channels=1"]
        with subprocess.Popen(play, stdin=singer.stdout) as mouth:
            yield
            mouth.kill()
        singer.kill()


def connect(call: CoreCall, caller: Caller, **wishes: object) -> Ready:
    """Connect both sides with audio and video."""
    ready = call.prepare(caller.offer(**wishes))
    take(call, caller, ready.answer)
    return ready


def take(call: CoreCall, caller: Caller, answer: str) -> None:
    """Accept the call and wait until both sides are connected."""
    call.send(Begin())
    caller.answer(answer)
    call.wait_for(Connected)


def sees(caller: Caller, number: int, colour: tuple[int, int, int]) -> bool:
    """Return whether the caller sees this colour in this column."""
    seen = caller.seen(COLUMNS[number])
    if not seen:
        return False
    return all(abs(is_ - wanted) < 40 for is_, wanted in zip(seen[0], colour, strict=True))


@pytest.mark.requirement("V10")
def test_each_hears_the_other_by_frequency(
    sounding_call: CoreCall, caller: Caller, room: Ear, room_sound: dict[str, str]
) -> None:
    """A tone is sent and the same tone is measured: noise cannot be mistaken for it."""
    with singing(523):
        connect(sounding_call, caller, hz=700)
        eventually(
            lambda: abs(caller.heard()[0] - 523) < 6 and caller.heard()[1] > -60, "523 Hz at the caller"
        )
        eventually(lambda: band_dbfs(room.listen(0.5), 700) > -40, "700 Hz in the room")
        assert abs(peak_hz(room.listen(1.0)) - 700) < 3
    assert sounding_call.troubles() == {}


def test_the_caller_is_heard_as_loud_as_the_resident_wants(
    sounding_call: CoreCall, caller: Caller, room: Ear
) -> None:
    """In the room: 18 dB softer at the softest, at once, and 6 dB louder than usual at the loudest."""

    def tone_dbfs() -> float:
        return band_dbfs(room.listen(0.5), 700)

    connect(sounding_call, caller, hz=700)
    eventually(lambda: tone_dbfs() > -40, "700 Hz in the room")
    usual = undisturbed(tone_dbfs)
    for loudness, gain_db in ((1, -18), (5, 6)):
        sounding_call.send(SetLoudness(loudness=loudness))
        wanted = usual + gain_db
        eventually(lambda: abs(tone_dbfs() - wanted) < 1.5, f"{gain_db} dB")  # noqa: B023 - before it turns


@pytest.mark.requirement("V10")
def test_each_sees_the_other(call: CoreCall, caller: Caller) -> None:
    """The caller sees the columns of our test pattern, the window gets Chromium's moving picture."""
    ready = connect(call, caller)
    eventually(lambda: sees(caller, 2, (0, 255, 255)), "cyan at the caller")
    assert all(
        sees(caller, number, colour)
        for number, colour in enumerate([(255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0)])
    )
    with FrameReader(Path(ready.frames)) as reader:
        first, second = newest(reader), newest(reader)
    assert (first.width_px, first.height_px) == (640, 480)
    assert first.octets != second.octets
    # Chromium's own test picture is green.
    assert max(map(mean, first.planes[1:])) < 110
    assert call.wait_for(PictureIs).quality in ("good", "poor")


@pytest.mark.requirement("V10")
def test_a_browser_that_hides_where_it_is_is_found_by_its_own_knocking(
    call: CoreCall, caller: Caller
) -> None:
    """Firefox may send host names as candidates that only its own network can resolve."""
    hidden, places = re.subn(r"a=candidate:.*\r\n", "", caller.offer())
    assert places
    take(call, caller, call.prepare(hidden).answer)
    eventually(lambda: sees(caller, 2, (0, 255, 255)), "cyan at the caller")


def newest(reader: FrameReader) -> VideoFrame:
    """Return the next picture for the window."""
    frame = eventually(reader.newest, "a picture")
    assert frame
    return frame


def mean(plane: bytes) -> float:
    return sum(plane) / len(plane)


@pytest.mark.requirement("K5")
def test_nothing_is_sent_or_shown_before_the_call_is_taken(call: CoreCall, caller: Caller) -> None:
    """Even if the caller already has the answer and tries to connect."""
    ready = call.prepare(caller.offer(hz=700))
    caller.answer(ready.answer)
    caller.page.wait_for_timeout(1500)
    assert caller.seen(COLUMNS[0]) is None
    assert caller.counts().get("audio", {}).get("packetsReceived", 0) == 0
    with FrameReader(Path(ready.frames)) as reader:
        assert reader.newest() is None
        call.send(Begin())
        call.wait_for(Connected)
        assert newest(reader).number


@pytest.mark.requirement("K5")
def test_a_blurred_room_shows_no_edge(call: CoreCall, caller: Caller) -> None:
    """Blurred from the first picture on, then clear, then off."""
    ready = call.prepare(caller.offer())
    call.send(ShowPicture(how="blurred"))
    call.send(Begin())
    caller.answer(ready.answer)
    eventually(lambda: caller.seen(COLUMNS[0]), "a picture")
    # The white block that moves along the lower edge is sharp and must be skipped.
    line = [(at / 640, 0.95) for at in range(640)]
    assert steepest(caller.seen(*line)) < 25
    call.send(ShowPicture(how="clear"))
    eventually(lambda: steepest(caller.seen(*line)) > 60, "edges")
    call.send(ShowPicture(how="off"))
    eventually(lambda: sees(caller, 0, (0, 0, 0)) and sees(caller, 1, (0, 0, 0)), "black")
    call.send(ShowPicture(how="blurred"))
    eventually(lambda: brightness(caller) > 200, "light again")
    assert steepest(caller.seen(*line)) < 25


def brightness(caller: Caller) -> int:
    """Return the green level of the left column."""
    seen = caller.seen(COLUMNS[0])
    return seen[0][1] if seen else 0


def steepest(line: list[tuple[int, int, int]] | None) -> int:
    """Return the largest step in green across three pixels."""
    green = [colour[1] for colour in line or []]
    return max(abs(a - b) for a, b in zip(green, green[3:], strict=False))


@pytest.mark.requirement("V10")
def test_a_call_without_pictures_is_a_call(call: CoreCall, caller: Caller) -> None:
    """The caller has no camera, and may receive video or refuse it."""
    ready = connect(call, caller, camera=False)
    assert ready.frames == ""
    eventually(lambda: sees(caller, 0, (255, 255, 255)), "our picture at the caller")
    assert call.wait_for(PictureIs) == PictureIs(quality="none")


def test_a_tablet_without_a_camera_gives_its_voice(short_path: Path, caller: Caller) -> None:
    """The answer shows the browser that there is no video."""
    server = MediaServer(short_path, SIMULATED_SOUND)
    core = CoreEnd(server)
    try:
        call = core.call()
        ready = connect(call, caller, hz=700)
        assert "a=recvonly" in ready.answer
        eventually(lambda: abs(caller.heard()[0] - 1000) < 10 and caller.heard()[1] > -80, "the room's beep")
        with FrameReader(Path(ready.frames)) as reader:
            assert newest(reader).width_px == 640
    finally:
        core.close()
        server.stop()


def test_nothing_is_left_of_a_call(server: MediaServer, call: CoreCall, caller: Caller) -> None:
    """Neither process nor pictures are left."""
    connect(call, caller)
    assert len(server.calls) == 1
    call.send(Finish())
    eventually(lambda: not server.calls and not server.leftovers, "no process and no file", 3)


def test_a_caller_who_hangs_up_is_gone_at_once(server: MediaServer, call: CoreCall, caller: Caller) -> None:
    """The browser reports it; nothing is left."""
    connect(call, caller)
    caller.hang_up()
    call.wait_for(Gone, 2)
    eventually(lambda: not server.calls and not server.leftovers, "no process and no file", 3)


@pytest.mark.requirement("V21")
def test_a_browser_that_dies_is_noticed(server: MediaServer, call: CoreCall, browser: Browser) -> None:
    """A frozen browser sends not even a hang-up: the call ends in ten seconds."""
    before = descendants(os.getpid())
    mortal = browser.browser_type.launch(executable_path=CHROMIUM, args=FLAGS)
    processes = [each for each in descendants(os.getpid()) if each not in before]
    try:
        connect(call, Caller(mortal.new_page()))
        died = time.monotonic()
        signal_all(processes, signal.SIGSTOP)
        call.wait_for(Gone, 15)
        assert call.time_of(Gone) - died < 10
        eventually(lambda: not server.calls and not server.leftovers, "no process and no file", 5)
    finally:
        signal_all(processes, signal.SIGCONT)
        mortal.close()


def signal_all(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
