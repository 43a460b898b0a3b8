"""Fits text into a box: wrapped, then smaller, then with an ellipsis; never beyond the edge."""

from functools import lru_cache
from typing import NamedTuple

from kiosk_ui.text.typefaces import Weight, width

LINE_HEIGHT = 1.16
GROWTH_STEP = 1.05
ELLIPSIS = "…"
SOFT_HYPHEN = "\u00ad"


class Fitted(NamedTuple):
    """Lines of one size that fit the box they were made for.

    ``cut``: ends in an ellipsis. ``poor``: broken inside a word, or smaller than easily readable.
    ``small``: readable, and smaller than the resident's text size asks for.
    """

    lines: tuple[str, ...]
    weight: Weight
    size_px: int
    cut: bool = False
    poor: bool = False
    small: bool = False

    @property
    def is_whole(self) -> bool:
        """Return whether everything is there, as large as it must be."""
        return not (self.cut or self.poor or self.small)

    @property
    def is_readable(self) -> bool:
        """Return whether everything is there, in letters that can be read."""
        return not (self.cut or self.poor)

    @property
    def line_px(self) -> int:
        """Return the distance between two lines, in pixels."""
        return line_height(self.size_px)

    @property
    def width_px(self) -> int:
        """Return the width of the widest line."""
        return max((int(width(line, self.weight, self.size_px)) + 1 for line in self.lines), default=1)

    @property
    def height_px(self) -> int:
        """Return the height of all lines."""
        return self.line_px * len(self.lines)


class TypeSize(NamedTuple):
    """The preferred size, and the smallest that is easily readable."""

    weight: Weight
    size_px: int
    least_px: int

    @property
    def largest_px(self) -> int:
        """Return the largest size that a text is set in: sizes lie on steps."""
        return next(iter(_sizes(self.size_px, self.least_px)), self.least_px)

    @property
    def line_px(self) -> int:
        """Return the distance between two lines of this size, in pixels."""
        return line_height(self.size_px)


def line_height(size_px: int) -> int:
    """Return the line spacing of a font size."""
    return round(size_px * LINE_HEIGHT)


@lru_cache(maxsize=4096)
def fit(text: str, type_size: TypeSize, width_px: int, height_px: int, most_lines: int = 12) -> Fitted:
    """Return the largest setting that fits; ``cut`` means that not even the smallest did."""
    weight, largest, least = type_size
    for size in _sizes(largest, least):
        lines = _wrapped(text, weight, size, width_px)
        if lines and len(lines) <= most_lines and len(lines) * line_height(size) <= height_px:
            return Fitted(lines, weight, size)
    if line_height(least) <= height_px:
        return _smallest(text, weight, least, (width_px, height_px, most_lines))
    tiny = max(1, int(height_px / LINE_HEIGHT))
    return _smallest(text, weight, tiny, (width_px, height_px, most_lines))._replace(poor=True)


@lru_cache(maxsize=1024)
def _sizes(largest: int, least: int) -> tuple[int, ...]:
    """Return the sizes from the largest to above the least, on steps that do not depend on the largest.

    So a text that may be larger is never set smaller in the same box.
    """
    sizes, size = list[int](), float(least)
    while round(size := size * GROWTH_STEP) <= largest:
        sizes.append(round(size))
    return tuple(reversed(sizes))


def _smallest(text: str, weight: Weight, size: int, limits: tuple[int, int, int]) -> Fitted:
    width_px, height_px, most_lines = limits
    whole = _wrapped(text, weight, size, width_px)
    lines = whole or _broken(text, weight, size, width_px)
    # One letter may be a whole phrase, and wider than the box.
    too_wide = next((at for at, line in enumerate(lines) if width(line, weight, size) > width_px), len(lines))
    room = max(1, min(most_lines, height_px // line_height(size), too_wide + 1))
    if too_wide == len(lines) <= room:
        return Fitted(lines, weight, size, poor=whole is None)
    rest = " ".join(lines[room - 1 :])
    return Fitted((*lines[: room - 1], _ended(rest, weight, size, width_px)), weight, size, cut=True)


def _wrapped(text: str, weight: Weight, size: int, width_px: int) -> tuple[str, ...] | None:
    """Return lines broken between words; None where a single word is too wide."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if width(_shown(longer), weight, size) <= width_px:
                line = longer
                continue
            if line:
                lines.append(_shown(line))
            parts = _broken_softly(word, weight, size, width_px)
            if any(width(part, weight, size) > width_px for part in parts):
                return None
            lines += parts[:-1]
            line = parts[-1]
        lines.append(_shown(line))
    return tuple(lines)


def _broken_softly(word: str, weight: Weight, size: int, width_px: int) -> list[str]:
    """Return a word over several lines, broken where it allows it."""
    lines, line = [], ""
    for part in _parts(word):
        hyphen = "-" if part.endswith(SOFT_HYPHEN) else ""
        if line and width(_shown(line + part) + hyphen, weight, size) > width_px:
            lines.append(_shown(line) + ("-" if line.endswith(SOFT_HYPHEN) else ""))
            line = ""
        line += part
    return [*lines, _shown(line)]


def _parts(word: str) -> list[str]:
    """Split at soft hyphens, and after hyphens and slashes."""
    parts = [""]
    for character in word:
        parts[-1] += character
        if character in (SOFT_HYPHEN, "-", "/"):
            parts.append("")
    return [part for part in parts if part]


def _broken(text: str, weight: Weight, size: int, width_px: int) -> tuple[str, ...]:
    """Return lines broken anywhere, for words wider than the box."""
    lines, line = [], ""
    for character in _shown(text).replace("\n", " "):
        if line and width(line + character, weight, size) > width_px:
            head, _, tail = line.rpartition(" ")
            if not head.strip() or width(tail + character, weight, size) > width_px:
                head, tail = line, ""
            lines.append(head)
            line = tail
        line += character
    return tuple(one.strip() for one in [*lines, line])


def _ended(text: str, weight: Weight, size: int, width_px: int) -> str:
    """Return as much as fits before an ellipsis."""

    def ended(length: int) -> str:
        return text[:length].rstrip(" \u00a0,.-") + ELLIPSIS

    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(ended(middle), weight, size) <= width_px
        low, high = (middle, high) if fits else (low, middle - 1)
    return ended(low)


def _shown(text: str) -> str:
    return text.replace(SOFT_HYPHEN, "")
