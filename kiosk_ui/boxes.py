"""Rectangles and their subdivision: in whole pixels, from the top left."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self


class Box(NamedTuple):
    """A rectangle on the panel."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Return the first column to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Return the first row below it."""
        return self.y + self.height

    def inset(self, sides: int, ends: int | None = None) -> Self:
        """Return it smaller by ``sides`` left and right, by ``ends`` (or the same) above and below."""
        ends = sides if ends is None else ends
        width, height = max(1, self.width - 2 * sides), max(1, self.height - 2 * ends)
        return type(self)(self.x + sides, self.y + ends, width, height)

    def top(self, height: int, gap: int = 0) -> tuple[Self, Self]:
        """Split off the uppermost ``height``; return both parts."""
        height = min(height, self.height)
        left_over = max(0, self.height - height - gap)
        return self._replace(height=height), self._replace(y=self.bottom - left_over, height=left_over)

    def foot(self, height: int, gap: int = 0) -> tuple[Self, Self]:
        """Split off the lowest ``height``; return both parts."""
        height = min(height, self.height)
        left_over = max(0, self.height - height - gap)
        return self._replace(y=self.bottom - height, height=height), self._replace(height=left_over)

    def left(self, width: int, gap: int = 0) -> tuple[Self, Self]:
        """Split off the leftmost ``width``; return both parts."""
        width = min(width, self.width)
        left_over = max(0, self.width - width - gap)
        return self._replace(width=width), self._replace(x=self.right - left_over, width=left_over)

    def end(self, width: int, gap: int = 0) -> tuple[Self, Self]:
        """Split off the rightmost ``width``; return both parts."""
        width = min(width, self.width)
        left_over = max(0, self.width - width - gap)
        return self._replace(x=self.right - width, width=width), self._replace(width=left_over)

    def middle(self, width: int, height: int) -> Self:
        """Return a centred box of that size, limited to this one."""
        width, height = min(width, self.width), min(height, self.height)
        return type(self)(
            self.x + (self.width - width) // 2, self.y + (self.height - height) // 2, width, height
        )

    def columns(self, widths: Sequence[int], gap: int) -> list[Self]:
        """Return boxes side by side, from the left."""
        boxes, x = [], self.x
        for width in widths:
            boxes.append(type(self)(x, self.y, width, self.height))
            x += width + gap
        return boxes

    def rows(self, heights: Sequence[int], gap: int) -> list[Self]:
        """Return boxes one below the other, from the top."""
        boxes, y = [], self.y
        for height in heights:
            boxes.append(type(self)(self.x, y, self.width, height))
            y += height + gap
        return boxes

    def grid(self, columns: int, rows: int, gap: int) -> list[Self]:
        """Return equal cells, row by row."""
        widths = even_shares(self.width - gap * (columns - 1), columns)
        heights = even_shares(self.height - gap * (rows - 1), rows)
        return [cell for row in self.rows(heights, gap) for cell in row.columns(widths, gap)]

    def distance(self, x: float, y: float) -> float:
        """Return the distance of a point to the nearest edge; 0 for a point inside."""
        across = max(self.x - x, 0, x - self.right)
        down = max(self.y - y, 0, y - self.bottom)
        return float((across**2 + down**2) ** 0.5)

    def joined(self, other: Self) -> Self:
        """Return the smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return type(self)(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def common(self, other: Self) -> Self:
        """Return the intersection of two overlapping boxes."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return type(self)(x, y, min(self.right, other.right) - x, min(self.bottom, other.bottom) - y)

    def overlaps(self, other: "Box") -> bool:
        """Return whether two boxes share a pixel."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Return whether another box lies wholly inside."""
        return (
            self.x <= other.x
            and other.right <= self.right
            and self.y <= other.y
            and other.bottom <= self.bottom
        )


NOWHERE = Box(0, 0, 0, 0)


class SizeHint(NamedTuple):
    """A size hint: minimum, preferred, and growth share.

    Where the minimums do not fit, ``firm`` is kept.
    """

    least: int
    wish: int
    growth: float = 0.0
    firm: int = 0


def even_shares(total: int, count: int) -> list[int]:
    """Return equal whole parts; the remainder goes to the first ones."""
    each, odd = divmod(max(total, count), count)
    return [each + (1 if index < odd else 0) for index in range(count)]


def share(total: int, demands: Sequence[SizeHint]) -> list[int]:
    """Divide a length: first minimums, then preferred sizes, then by growth."""
    needed = sum(demand.least for demand in demands)
    if needed >= total:
        firm = sum(demand.firm for demand in demands)
        part = max(0.0, (total - firm) / max(1, needed - firm))
        return [max(1, demand.firm + int((demand.least - demand.firm) * part)) for demand in demands]
    longing = sum(demand.wish - demand.least for demand in demands)
    part = min(1.0, (total - needed) / longing) if longing else 0.0
    given = [demand.least + int((demand.wish - demand.least) * part) for demand in demands]
    growth = sum(demand.growth for demand in demands)
    if growth:
        spare = total - sum(given)
        given = [
            size + int(spare * demand.growth / growth) for size, demand in zip(given, demands, strict=True)
        ]
    return given


def apart(boxes: Iterable[Box]) -> list[Box]:
    """Return the boxes with overlapping ones joined."""
    found: list[Box] = []
    for each in boxes:
        box = each
        while others := [other for other in found if other.overlaps(box)]:
            for other in others:
                found.remove(other)
                box = box.joined(other)
        found.append(box)
    return found
