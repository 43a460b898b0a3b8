"""The real window on a real display, in front of a small core."""

import io
import subprocess
import time
from collections.abc import Callable
from functools import reduce
from itertools import count
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from device.window_protocol.intents import OpenPage, PressHelp
from device.window_protocol.messages import (
    BEAT_INTERVAL_S,
    Beat,
    Draw,
    Hello,
    Painted,
    Picture,
    TakePicture,
    Touch,
)
from device.window_protocol.model import Home, Page, Style
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import compose
from kiosk_ui.palettes import palette_for
from kiosk_ui.panel import Panel
from tests.kiosk_ui.conftest import HEIGHT_PX, WIDTH_PX, Eye, FakeCore, start_window
from tests.kiosk_ui.samples import cafe_page, help_page, home, notice_page, screen

Process = subprocess.Popen[bytes]
PANEL = Panel(WIDTH_PX, HEIGHT_PX, 217)
DAY, NIGHT = palette_for(Style()), palette_for(Style(palette="night"))
HOME = screen(home("fi"))


def place_that_differs(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """Mesa rounds the edge of a shadow up or down, depending on how much is drawn at once."""
    return ImageChops.difference(one, other).point(lambda level: max(0, level - 1)).getbbox()


def look_the_same(one: Image.Image, other: Image.Image) -> bool:
    return place_that_differs(one, other) is None


def place_of(key: str) -> Box:
    return next(target.box for target in compose(HOME, PANEL).targets if target.key == key)


def corner_of(box: Box) -> tuple[int, int]:
    """Where the surface is bare."""
    return box.x + box.width // 2, box.bottom - 6


def ink_in(eye: Eye, box: Box) -> bytes:
    return eye.whole().convert("L").crop((box.x, box.y, box.right, box.bottom)).tobytes()


def test_painted_means_on_the_display(window: Process, core: FakeCore, eye: Eye) -> None:
    """When the answer arrives, the pixels are already there."""
    x, y = corner_of(place_of("help"))
    for revision in range(1, 11):
        style = Style(palette="night" if revision % 2 else "day")
        core.draw(screen(home("fi"), revision=revision, style=style))
        assert eye.pixel(x, y) == (NIGHT if revision % 2 else DAY).help.ground[:3]


def test_nothing_is_left_over_from_earlier_pages(window: Process, core: FakeCore, eye: Eye) -> None:
    """Only changes are redrawn, and yet the same Screen always looks the same."""
    core.draw(HOME)
    first = eye.whole()
    pages: tuple[Page, ...] = (
        home("fi", muted=True),
        help_page("fi", "coming"),
        home("fi", ("clock",)),
        cafe_page("fi"),
    )
    for revision, page in enumerate(pages, 2):
        core.draw(screen(page, revision=revision))
        assert not look_the_same(eye.whole(), first)
    core.draw(screen(home("fi"), revision=9))
    assert look_the_same(eye.whole(), first)


@pytest.mark.parametrize("names", [("Liisa", "Matti"), ("Aino-Kaarina Vesterbacka", "Matti", "Olli")])
def test_what_is_drawn_by_difference_looks_like_what_is_drawn_whole(
    window: Process, core: FakeCore, eye: Eye, names: tuple[str, ...]
) -> None:
    """A small change paints its own place only, and nobody could tell."""
    changes: tuple[Home, ...] = (
        home("fi", names=names),
        home("fi", names=names[:1]),
        home("fi", muted=True),
        home("fi", age="Tilanne klo 8.10"),
        home("fi", ("clock", "today", "mute")),
    )
    revisions = count(1)
    core.draw(screen(home("fi"), revision=next(revisions)))
    for change in changes:
        core.draw(screen(change, revision=next(revisions)))
        by_difference = eye.whole()
        core.draw(screen(change, revision=next(revisions), style=Style(palette="night")))
        core.draw(screen(change, revision=next(revisions)))
        assert look_the_same(eye.whole(), by_difference)


def test_the_newest_of_a_burst_wins(window: Process, core: FakeCore, eye: Eye) -> None:
    """A hundred Screens at once are not drawn one by one."""
    core.draw(HOME)
    burst = [screen(home("fi"), revision=revision) for revision in range(2, 101)]
    core.send(*map(Draw, burst), Draw(screen(home("fi"), revision=101, style=Style(palette="night"))))
    core.wait_painted(101)
    assert len(core.painted) < 60
    assert eye.pixel(*corner_of(place_of("help"))) == NIGHT.help.ground[:3]


def test_a_finger_on_a_button_is_an_intent(window: Process, core: FakeCore, eye: Eye) -> None:
    """Seen while it is down, done when it lifts, sent as the Screen gave it."""
    core.draw(HOME)
    box = place_of("mute")
    x, y = corner_of(box)
    before = eye.pixel(x, y)
    eye.move(x, box.y + 20)
    eye.press()
    wait_until(lambda: eye.pixel(x, y) != before)
    assert core.done == []
    eye.lift()
    core.wait(lambda: len(core.done) == 1)
    assert core.done[0].intent == OpenPage("mute")


def test_a_trembling_finger_taps_once(window: Process, core: FakeCore, eye: Eye) -> None:
    """Three quick contacts that drift are one call for help."""
    core.draw(HOME)
    x, y = corner_of(place_of("help"))
    for shift in (0, 12, -9):
        eye.move(x + shift, y - 40)
        eye.press()
        eye.move(x + shift + 25, y - 60)
        eye.lift()
    core.draw(screen(home("fi"), revision=2))
    core.wait(lambda: len(core.done) >= 1)
    assert [done.intent for done in core.done] == [PressHelp()]


def test_a_touch_from_afar_is_a_touch(window: Process, core: FakeCore) -> None:
    """By share of width and height."""
    core.draw(HOME)
    core.send(Touch(0.9, 0.9))
    core.wait(lambda: len(core.done) == 1)
    assert core.done[0].intent == PressHelp()


def test_a_picture_is_what_is_on_the_display(window: Process, core: FakeCore, eye: Eye) -> None:
    """As JPEG, small enough to travel."""
    core.draw(HOME)
    core.send(TakePicture())
    core.wait(lambda: core.count(Picture) == 1)
    answer = next(what for _, what in core.heard if isinstance(what, Picture))
    picture = Image.open(io.BytesIO(answer.jpeg))
    assert picture.size == (answer.width_px, answer.height_px) == (WIDTH_PX, HEIGHT_PX)
    assert len(answer.jpeg) < 500_000
    x, y = corner_of(place_of("help"))
    assert picture.getpixel((x, y)) == pytest.approx(eye.pixel(x, y), abs=6)


def test_a_core_that_dies_takes_the_time_down(window: Process, core: FakeCore, eye: Eye) -> None:
    """Ten seconds later no clock is seen; when the core is back, it is at once."""
    core.draw(HOME)
    pieces = compose(HOME, PANEL).pieces
    clock = reduce(Box.joined, (pieces[key].box for key in pieces if key.startswith("clock.time")))
    with_clock = ink_in(eye, clock)
    core.vanish()
    wait_until(lambda: ink_in(eye, clock) != with_clock, patience_s=13)
    core.listen()
    core.wait(lambda: core.count(Hello) == 2)
    core.draw(screen(home("fi"), revision=2))
    assert ink_in(eye, clock) == with_clock


def test_help_pressed_while_the_core_restarts_arrives(window: Process, core: FakeCore, eye: Eye) -> None:
    """No press on help is lost."""
    core.draw(HOME)
    core.vanish()
    eye.tap(*corner_of(place_of("help")))
    core.listen()
    core.wait(lambda: len(core.done) == 1)
    assert core.done[0].intent == PressHelp()


def test_waits_for_a_core_that_comes_late(tmp_path: Path, x_display: str, eye: Eye) -> None:
    """A calm, empty page until the first Screen; then the Screen."""
    path = tmp_path / "screen.sock"
    process = start_window(path, x_display)
    try:
        wait_until(lambda: eye.pixel(5, 5) == DAY.room.ground[:3])
        core = FakeCore(path)
        core.draw(screen(notice_page("fi"), style=Style(palette="night")))
        assert eye.pixel(5, 5) == NIGHT.room.ground[:3]
        core.vanish()
    finally:
        process.kill()
        process.wait()


def test_beats_and_rests(window: Process, core: FakeCore) -> None:
    """A heartbeat every few seconds, and hardly any work in between."""
    core.draw(HOME)
    beats = core.count(Beat)
    before = cpu_s(window)
    core.wait(lambda: core.count(Beat) >= beats + 2, patience_s=3 * BEAT_INTERVAL_S)
    times = [at_s for at_s, what in core.heard if isinstance(what, Beat)]
    assert times[-1] - times[-2] == pytest.approx(BEAT_INTERVAL_S, abs=0.5)
    assert cpu_s(window) - before < 0.2


def test_a_new_minute_is_on_the_display_at_once(window: Process, core: FakeCore) -> None:
    """Usually within a few hundredths of a second of being sent, and never only at the next heartbeat."""
    core.draw(HOME)
    times = []
    for revision in range(2, 32):
        page = home("fi", muted=revision % 2 == 0)
        sent_s = time.monotonic()
        core.draw(screen(page, revision=revision))
        times.append(next(at_s for at_s, what in core.heard if what == Painted(revision)) - sent_s)
    assert sorted(times)[len(times) // 2] < 0.2
    assert max(times) < 2


def cpu_s(process: Process) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def wait_until(is_so: Callable[[], bool], patience_s: float = 15.0) -> None:
    """Looks again and again: a display reports no changes."""
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
