"""The pixels of the virtual display, read from the memory in which its X server keeps them."""

import mmap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from PIL import Image, ImageChops

from provisioning.demo.display import HEIGHT_PX, WIDTH_PX

POLL_S = 0.0002
ROWS_LOOKED_AT = 24
_HEADER_AT, _COLOURS_AT, _LINE_BYTES_AT, _COLOUR_BYTES, _PIXEL_BYTES = 0, 76, 48, 12, 4


class NotSeen(Exception):
    """What was waited for did not appear on the display."""


class Area(NamedTuple):
    """A part of the display; ``right`` and ``bottom`` are the first that are outside."""

    left: int
    top: int
    right: int
    bottom: int


WHOLE = Area(0, 0, WIDTH_PX, HEIGHT_PX)


@dataclass(frozen=True)
class Look:
    """How some rows of an area look: what a probe compares."""

    area: Area
    rows: tuple[tuple[int, bytes], ...]


class Pixels:
    """One display. Positions and sizes in pixels from the top left."""

    def __init__(self, frame_file: Path) -> None:
        with frame_file.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header, colours, self._line_bytes = (
            int.from_bytes(self._memory[at : at + 4]) for at in (_HEADER_AT, _COLOURS_AT, _LINE_BYTES_AT)
        )
        self._start = header + _COLOUR_BYTES * colours

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._memory.close()

    def picture(self) -> Image.Image:
        size = WIDTH_PX, HEIGHT_PX
        return Image.frombuffer("RGB", size, self._data(), "raw", "BGRX", self._line_bytes, 1).copy()

    def look(self, area: Area) -> Look:
        """How an area looks now: at most so many of its rows, evenly spread."""
        step = max(1, (area.bottom - area.top) // ROWS_LOOKED_AT)
        return Look(area, tuple((y, self._row(y, area)) for y in range(area.top, area.bottom, step)))

    def shows(self, look: Look) -> bool:
        """Whether the area looks like that."""
        return all(self._row(y, look.area) == row for y, row in look.rows)

    def wait(self, seen: Callable[[], bool], timeout_s: float = 5.0) -> float:
        """The moment (``time.perf_counter``) at which it is seen. Raises ``NotSeen``."""
        deadline = time.perf_counter() + timeout_s
        while not seen():
            if time.perf_counter() > deadline:
                raise NotSeen(f"not on the display within {timeout_s} s")
            time.sleep(POLL_S)
        return time.perf_counter()

    def wait_for(self, look: Look, timeout_s: float = 5.0) -> float:
        """When the area looks like that. Raises ``NotSeen``."""
        return self.wait(lambda: self.shows(look), timeout_s)

    def wait_for_change(self, look: Look, timeout_s: float = 5.0) -> float:
        """When the area looks different from that. Raises ``NotSeen``."""
        return self.wait(lambda: not self.shows(look), timeout_s)

    def calm(self, quiet_s: float = 0.5, timeout_s: float = 20.0) -> Image.Image:
        """The picture, once nothing has changed for a while. Raises ``NotSeen``."""
        deadline = time.perf_counter() + timeout_s
        seen, since = self._data(), time.perf_counter()
        while time.perf_counter() - since < quiet_s:
            time.sleep(quiet_s / 10)
            if self._data() != seen:
                seen, since = self._data(), time.perf_counter()
            if time.perf_counter() > deadline:
                raise NotSeen(f"the display is not calm within {timeout_s} s")
        return self.picture()

    def change(self, before: Image.Image, timeout_s: float = 5.0) -> Area:
        """Where the picture, calm again, differs from how it was before. Raises ``NotSeen``."""
        self.wait(lambda: difference(before, self.picture()) is not None, timeout_s)
        area = difference(before, self.calm())
        if area is None:
            raise NotSeen("what was seen did not stay")
        return area

    def _data(self) -> bytes:
        return self._memory[self._start : self._start + self._line_bytes * HEIGHT_PX]

    def _row(self, y: int, area: Area) -> bytes:
        """All blue, all green, all red; the fourth octet of a pixel is not seen."""
        line = self._start + y * self._line_bytes
        start, end = line + area.left * _PIXEL_BYTES, line + area.right * _PIXEL_BYTES
        return b"".join(self._memory[start + colour : end : _PIXEL_BYTES] for colour in range(3))


def difference(one: Image.Image, other: Image.Image) -> Area | None:
    """The smallest area in which two pictures differ."""
    box = ImageChops.difference(one, other).getbbox()
    return Area(*box) if box else None
