"""The caller's picture in the real window: a process writes colour bars, the display is looked at."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

import pytest

from device.window_protocol.intents import HangUp, RefuseCall
from device.window_protocol.model import Screen
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import compose
from kiosk_ui.palettes import palette_for
from kiosk_ui.scene import Photo, RoundedRectangle, Video
from tests.kiosk_ui.color_bars import COLOURS
from tests.kiosk_ui.conftest import Eye, FakeCore, Rgb
from tests.kiosk_ui.samples import call_page, home, screen
from tests.kiosk_ui.test_window import PANEL, Process, place_that_differs, wait_until

ROOT = Path(__file__).parents[2]
BARS = len(COLOURS)


@contextmanager
def bars(path: Path, width_px: int, height_px: int, rate: float = 0.0) -> Iterator[None]:
    """Somebody who writes pictures; takes them away at the end."""
    command = [sys.executable, "-m", "tests.kiosk_ui.color_bars", str(path), str(width_px), str(height_px)]
    writer = subprocess.Popen(
        [*command, str(rate)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    assert writer.stdout.readline() == "writes\n"
    try:
        yield
    finally:
        writer.communicate(timeout=15)


def in_call(path: Path, kind: str = "picture", revision: int = 1) -> Screen:
    return screen(call_page("fi", kind, frames=str(path)), revision=revision)


def stage_of(shown: Screen) -> Box:
    piece = compose(shown, PANEL).pieces["call.picture"]
    assert isinstance(piece, Video)
    return piece.box


def picture_in(stage: Box, width_px: int, height_px: int) -> Box:
    """As large as fits, with its own shape."""
    scale = min(stage.width / width_px, stage.height / height_px)
    return stage.middle(round(width_px * scale), round(height_px * scale))


def points(picture: Box) -> list[tuple[tuple[int, int], Rgb]]:
    """The middle of each bar, above and below, and its colour."""
    xs = [picture.x + (2 * bar + 1) * picture.width // (2 * BARS) for bar in range(BARS)]
    upper, lower = picture.y + picture.height // 4, picture.y + picture.height * 3 // 4
    return [
        *(((x, upper), colour) for x, colour in zip(xs, COLOURS, strict=True)),
        *(((x, lower), colour) for x, colour in zip(xs, reversed(COLOURS), strict=True)),
    ]


def is_like(seen: Rgb, wanted: Rgb) -> bool:
    return all(abs(one - other) <= 4 for one, other in zip(seen, wanted, strict=True))


def is_on(eye: Eye, picture: Box) -> bool:
    return all(is_like(eye.pixel(*point), colour) for point, colour in points(picture))


def centre(box: Box) -> tuple[int, int]:
    return box.x + box.width // 2, box.y + box.height // 2


@pytest.mark.parametrize("size", [(640, 480), (360, 640), (161, 121)], ids=["wide", "upright", "odd"])
def test_the_callers_picture_has_its_colours_and_its_shape(
    window: Process, core: FakeCore, eye: Eye, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Colour bars (BT.601) come out as on a display, the right way up, in the middle of their place."""
    path = tmp_path / "frames"
    shown = in_call(path)
    stage = stage_of(shown)
    picture = picture_in(stage, *size)
    with bars(path, *size):
        core.draw(shown)
        wait_until(lambda: is_on(eye, picture))
        ground = palette_for(shown.style).room.ground[:3]
        beside = stage.x + 2, stage.y + 2
        assert is_like(eye.pixel(*beside), ground) == (picture.x > stage.x + 3 or picture.y > stage.y + 3)


@pytest.mark.parametrize("size", [(640, 480), (161, 121)], ids=["usual", "odd"])
def test_a_graphics_chip_mixes_the_same_colours(x_display: str, size: tuple[int, int]) -> None:
    """The shader, which is used where there is one, and SDL, which is used where there is none."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kiosk_ui.both_mixers", *map(str, size)],
        cwd=ROOT,
        env={**os.environ, "DISPLAY": x_display},
        capture_output=True,
        timeout=30,
        check=True,
    )
    by_shader, by_sdl = json.loads(done.stdout)
    assert all(map(is_like, by_shader, COLOURS))
    assert all(map(is_like, by_sdl, COLOURS))


def test_the_face_is_there_whenever_the_picture_is_not(
    window: Process, core: FakeCore, eye: Eye, tmp_path: Path
) -> None:
    """Before the first frame, with an invalid file, and after the writer is gone."""
    path = tmp_path / "frames"
    path.write_bytes(b"no pictures at all")
    shown = in_call(path)
    picture = picture_in(stage_of(shown), 640, 480)
    face = compose(shown, PANEL).pieces["call.portrait"]
    assert isinstance(face, RoundedRectangle | Photo)
    edge = face.box.x + face.box.width // 2, face.box.y + 12
    core.draw(shown)
    face_colour = eye.pixel(*edge)
    for _ in range(2):
        with bars(path, 640, 480):
            wait_until(lambda: is_on(eye, picture))
        wait_until(lambda: eye.pixel(*edge) == face_colour)
    path.write_bytes(b"\0" * 5000)
    core.draw(in_call(path, "poor", revision=2))
    assert window.poll() is None


def test_the_page_may_change_under_the_picture(
    window: Process, core: FakeCore, eye: Eye, tmp_path: Path
) -> None:
    """A notice makes it smaller, another path is another picture, and afterwards nothing is left over."""
    core.draw(screen(home("fi")))
    before, threads = eye.whole(), thread_count(window)
    one, other = tmp_path / "one", tmp_path / "other"
    with bars(one, 640, 480), bars(other, 320, 320):
        core.draw(in_call(one, revision=2))
        wait_until(lambda: is_on(eye, picture_in(stage_of(in_call(one)), 640, 480)))
        core.draw(in_call(one, "poor", revision=3))
        wait_until(lambda: is_on(eye, picture_in(stage_of(in_call(one, "poor")), 640, 480)))
        core.draw(in_call(other, revision=4))
        wait_until(lambda: is_on(eye, picture_in(stage_of(in_call(other)), 320, 320)))
        core.draw(screen(home("fi"), revision=5))
        assert place_that_differs(eye.whole(), before) is None
        assert thread_count(window) == threads


@pytest.mark.requirement("K5")
def test_a_forced_call_keeps_its_border_while_pictures_run(
    window: Process, core: FakeCore, eye: Eye, tmp_path: Path
) -> None:
    """Two and a half millimetres on every side, from the countdown to the end."""
    path = tmp_path / "frames"
    border = palette_for(in_call(path).style).border[:3]
    width, height, inner = PANEL.width_px, PANEL.height_px, int(2.2 * PANEL.px_per_mm)
    around = [
        (x, y)
        for depth in (0, inner)
        for x, y in (
            (width // 3, depth),
            (width // 3, height - 1 - depth),
            (depth, height // 2),
            (width - 1 - depth, height // 2),
        )
    ]
    core.draw(in_call(path, "countdown"))
    assert {eye.pixel(*point) for point in around} == {border}
    forced = in_call(path, "forced picture", revision=2)
    picture = picture_in(stage_of(forced), 640, 480)
    with bars(path, 640, 480, rate=30):
        core.draw(forced)
        changes(eye, centre(picture), count=4)
        assert {eye.pixel(*point) for point in around} == {border}


def test_pictures_flow_and_a_finger_is_still_felt(
    window: Process, core: FakeCore, eye: Eye, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thirty a second are shown as they come, and hanging up is one touch."""
    path = tmp_path / "frames"
    shown = in_call(path)
    place = centre(picture_in(stage_of(shown), 640, 480))
    with bars(path, 640, 480, rate=30):
        core.draw(shown)
        times = changes(eye, place, count=60)
        gaps_ms = quantiles([1000 * (after - before) for before, after in pairwise(times)], n=20)
        with capsys.disabled():
            sys.stdout.write(f"\npainted gap: p50 {gaps_ms[9]:.0f} ms, p95 {gaps_ms[18]:.0f} ms\n")
        hang_up = next(t.box for t in compose(shown, PANEL).targets if isinstance(t.action, HangUp))
        eye.tap(*centre(hang_up))
        core.wait(lambda: len(core.done) == 1)
        assert core.done[0].intent == HangUp("call")


def test_no_more_than_thirty_a_second_are_drawn(
    window: Process, core: FakeCore, eye: Eye, tmp_path: Path
) -> None:
    """Frames that arrive faster than thirty a second are skipped, not queued."""
    path = tmp_path / "frames"
    shown = in_call(path)
    with bars(path, 160, 120, rate=90):
        core.draw(shown)
        times = changes(eye, centre(picture_in(stage_of(shown), 160, 120)), count=45)
    assert (len(times) - 1) / (times[-1] - times[0]) < 33


@pytest.mark.requirement("V23")
def test_what_ends_a_call_is_not_where_it_was_answered() -> None:
    """A finger that comes down twice on the answer neither hangs up nor calls for help."""
    for name in ("ringing", "picture", "connected"):
        scene = compose(in_call(Path("/nowhere"), name), PANEL)
        if name == "ringing":
            answer = next(target for target in scene.targets if target.key == "main")
            refuse = next(target for target in scene.targets if isinstance(target.action, RefuseCall))
            assert answer.box.width * answer.box.height > 3 * refuse.box.width * refuse.box.height
        else:
            for target in scene.targets:
                assert not target.box.overlaps(answer.box.inset(-int(5 * PANEL.px_per_mm))), target.key


def changes(eye: Eye, point: tuple[int, int], count: int) -> list[float]:
    """When the colour of a point changed."""
    times: list[float] = []
    seen, deadline = eye.pixel(*point), time.monotonic() + 20
    while len(times) < count:
        assert time.monotonic() < deadline, f"only {len(times)} pictures were seen"
        now = eye.pixel(*point)
        if now != seen:
            seen = now
            times.append(time.monotonic())
        time.sleep(0.002)
    return times


def thread_count(process: Process) -> int:
    return len(list(Path(f"/proc/{process.pid}/task").iterdir()))
