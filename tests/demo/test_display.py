"""The virtual display is a real X server whose picture can be read."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from Xlib.display import Display

from provisioning.demo.display import HEIGHT_PX, WIDTH_PX, VirtualDisplay, local_display


@pytest.fixture
def display(tmp_path: Path) -> Iterator[VirtualDisplay]:
    display = VirtualDisplay(tmp_path / "frame", tmp_path / "log")
    display.start()
    yield display
    display.stop()


def test_display_has_the_tablets_size(display: VirtualDisplay) -> None:
    """A window that fills it is as large as on the wall."""
    with closing(Display(display.name)) as client:
        screen = client.screen()
    assert (screen.width_in_pixels, screen.height_in_pixels) == (WIDTH_PX, HEIGHT_PX)


def test_picture_is_seen_once_it_is_drawn(display: VirtualDisplay) -> None:
    """What the demo takes for painted is on the display itself, not in a program's word."""
    assert not display.shows_something()
    with closing(Display(display.name)) as client:
        root = client.screen().root
        root.fill_rectangle(root.create_gc(foreground=0x336699), 0, 0, 400, 400)
        client.sync()
    assert display.shows_something()


def test_only_a_display_of_this_computer_is_drawn_on(display: VirtualDisplay) -> None:
    """One from afar, or one that is gone, is not a reason to fail: the demo brings its own."""
    assert local_display(display.name) == display.name
    assert local_display(f"{display.name}.0") == f"{display.name}.0"
    assert [local_display(name) for name in ("", ":98765", "localhost:10.0")] == [None, None, None]
