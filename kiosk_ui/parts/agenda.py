"""Today and tomorrow: as many appointments as can be read well, the next one set off."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from device.screen.model import Agenda, AgendaDay, AgendaEntry
from kiosk_ui.boxes import Box, even_shares
from kiosk_ui.palettes import Paint
from kiosk_ui.pen import Hand, Pen, remembered
from kiosk_ui.text.fitting import Fitted, line_height

SIDE_BY_SIDE_MM = 190.0
LEAST_WITH_AGE_MM = 26.0
TIGHT = 0.8
Detail = Literal["all", "marked", "none"]


class _Title(NamedTuple):
    key: str
    words: str
    hidden: int


class _Note(NamedTuple):
    key: str
    words: str


class _Entry(NamedTuple):
    key: str
    entry: AgendaEntry
    caption: str
    lines: int
    hidden: int = 0
    day: str = ""


_Day = tuple[int, AgendaDay]
_Row = _Title | _Note | _Entry


class _Manner(NamedTuple):
    """How much is said of each appointment."""

    detail: Detail
    with_past: bool
    lines: int = 2


_ALL, _AHEAD = _Manner("all", with_past=True), _Manner("all", with_past=False)
_LEAST = _Manner("none", with_past=False, lines=1)
# The first that fits is taken.
_WAYS = (
    (_ALL, (1.5, 1.3, 1.15, 1.0, 0.85)),
    (_AHEAD, (1.0, 0.85, TIGHT)),
    (_Manner("marked", with_past=False), (TIGHT,)),
    (_Manner("none", with_past=False), (TIGHT,)),
    (_LEAST, (TIGHT,)),
)


@remembered
def draw_agenda(pen: Pen, box: Box, agenda: Agenda) -> None:
    """One card; a card a day where there is width for it."""
    if agenda.age_words and box.height < pen.theme.mm(LEAST_WITH_AGE_MM):
        # The strip above the page says it too.
        pen.leave_out("agenda.age", agenda.age_words)
    elif agenda.age_words:
        line = pen.theme.fitted(agenda.age_words, "caption", box._replace(height=pen.theme.mm(20)), lines=2)
        foot, box = box.foot(line.height_px, pen.theme.mm(1.5))
        pen.lettering(
            "agenda.age",
            agenda.age_words,
            line,
            foot,
            Hand("caption", pen.theme.palette.room.ink, "left", "middle"),
        )
    days = list(enumerate(agenda.days))
    if len(days) > 1 and box.width >= pen.theme.mm(SIDE_BY_SIDE_MM):
        widths = even_shares(box.width - pen.theme.gap * (len(days) - 1), len(days))
        columns = zip(box.columns(widths, pen.theme.gap), days, strict=True)
        cards = [_Card(pen, column, [day]) for column, day in columns]
        smallest = min(card.choose()[1] for card in cards)
        for card in cards:
            card.draw(smallest)
        return
    _Card(pen, box, days).draw()


class _Card:
    """One or more days on one surface."""

    def __init__(self, pen: Pen, box: Box, days: Sequence[_Day]) -> None:
        self._pen = pen
        self._whole = box
        self._days = days
        self._box = box.inset(pen.theme.mm(4.5), min(pen.theme.mm(2), box.height // 8))
        self._gap = pen.theme.mm(1.2)
        # Asked again for each way that is tried.
        self._row_height = cache(self._height_of_row)
        self._time_width = cache(self._widest_time)
        self._all_rows = cache(lambda manner: list(_rows(days, manner, most=99)))

    def choose(self, largest: float = 9.0) -> tuple[list[_Row], float]:
        """The largest and fullest way that fits; else the first appointments, and how many more there are."""
        for manner, scales in _WAYS:
            rows = self._all_rows(manner)
            if not self._fit(rows, scales[-1]):
                continue
            for scale in (each for each in scales if each <= largest):
                if self._fit(rows, scale) and (manner is _LEAST or self._is_whole(rows, scale)):
                    return self._relaxed(rows, scale), scale
        for most in range(self._most_entries(), 0, -1):
            rows = list(_rows(self._days, _LEAST, most))
            for candidate in (rows, _without_empty_days(rows)):
                if self._fit(candidate, TIGHT):
                    return self._relaxed(candidate, TIGHT), TIGHT
        return self._first_alone(), TIGHT

    def _first_alone(self) -> list[_Row]:
        """How many more there are, and its day if that is not the first."""
        rows = self._all_rows(_LEAST)
        entries = [row for row in rows if isinstance(row, _Entry)]
        if not entries:
            return _without_empty_days(rows)
        days = [row.words for row in rows[: rows.index(entries[0])] if isinstance(row, _Title)]
        return [entries[0]._replace(hidden=len(entries) - 1, day=days[-1] if len(days) > 1 else "")]

    def _most_entries(self) -> int:
        """How many would have room in their least form, if there were nothing else."""
        count, room = 0, self._box.height + self._gap
        for row in self._all_rows(_LEAST):
            if isinstance(row, _Entry):
                room -= self._row_height(row, TIGHT) + self._gap
                if room < 0:
                    break
                count += 1
        return count

    def _is_whole(self, rows: Sequence[_Row], scale: float) -> bool:
        """No word is cut or broken."""
        entries = [row for row in rows if isinstance(row, _Entry)]
        texts = [text for row in entries for text in self._entry_lettering(row, scale) if text]
        return all(text.is_whole for text in texts)

    def _relaxed(self, rows: list[_Row], scale: float) -> list[_Row]:
        """Gives second lines to titles, as far as there is room."""
        for index, row in enumerate(rows):
            if isinstance(row, _Entry):
                longer = [*rows[:index], row._replace(lines=2), *rows[index + 1 :]]
                rows = longer if self._fit(longer, scale) else rows
        return rows

    def draw(self, largest: float = 9.0) -> None:
        """As large as fits, and no larger than that."""
        pen, first = self._pen, self._days[0][0] if self._days else 0
        pen.plate(f"agenda.{first}.card", self._whole, pen.theme.palette.card, raised=True)
        rows, scale = self.choose(largest)
        top = self._box.y
        for row in rows:
            height = self._row_height(row, scale)
            if top + height <= self._box.bottom:
                self._draw_row(row, self._box._replace(y=top, height=height), scale)
            elif top < self._box.bottom:
                self._draw_squeezed(row, self._box._replace(y=top, height=self._box.bottom - top))
            top += height + self._gap

    def _draw_squeezed(self, row: _Row, box: Box) -> None:
        """Where not even one row fits as it should: in one line, as large as it can be."""
        words = _in_one_line(row) if isinstance(row, _Entry) else row.words
        if not isinstance(row, _Note):
            box = self._draw_hidden(row, box, self._pen.theme.palette.card, TIGHT)
        self._pen.words(
            f"{row.key}.squeezed", words, box, Hand("strong", self._pen.theme.palette.card.ink, lines=2)
        )

    def _fit(self, rows: Sequence[_Row], scale: float) -> bool:
        room = self._box.height + self._gap
        for row in rows:
            room -= self._row_height(row, scale) + self._gap
            if room < 0:
                return False
        return True

    def _height_of_row(self, row: _Row, scale: float) -> int:
        if isinstance(row, _Entry):
            title, caption = self._entry_lettering(row, scale)
            state = (
                line_height(self._pen.theme.type_size("strong", scale).size_px)
                if _has_state_line(row.entry)
                else 0
            )
            inner = title.height_px + (caption.height_px if caption else 0) + state
            return inner + (2 * self._pen.theme.mm(1.5) if _is_marked(row.entry) else 0)
        role: Literal["title", "body"] = "title" if isinstance(row, _Title) else "body"
        return self._pen.theme.fitted(
            row.words, role, self._tall(self._box.width), lines=3, scale=scale
        ).height_px

    def _draw_row(self, row: _Row, box: Box, scale: float) -> None:
        if isinstance(row, _Entry):
            self._draw_entry(row, box, scale)
        elif isinstance(row, _Note):
            self._pen.words(
                row.key, row.words, box, Hand("body", self._pen.theme.palette.card.ink, lines=3, scale=scale)
            )
        else:
            self._draw_title(row, box, scale)

    def _draw_title(self, row: _Title, box: Box, scale: float) -> None:
        paint = self._pen.theme.palette.card
        box = self._draw_hidden(row, box, paint, scale)
        self._pen.words(row.key, row.words, box, Hand("title", paint.ink, lines=3, scale=scale))

    def _draw_hidden(self, row: _Title | _Entry, box: Box, paint: Paint, scale: float) -> Box:
        """How many more there are than are shown. Returns the place beside it."""
        if not row.hidden:
            return box
        count, rest = box.end(self._width_of_hidden(row, scale))
        self._pen.words(
            f"{row.key}.more", _more(row), count, Hand("strong", paint.soft, align="right", scale=scale)
        )
        return rest

    def _width_of_hidden(self, row: _Title | _Entry, scale: float) -> int:
        """With a gap before it."""
        return self._pen.measure(_more(row), "strong", scale) + self._pen.theme.mm(2) if row.hidden else 0

    def _draw_entry(self, row: _Entry, box: Box, scale: float) -> None:
        marked = _is_marked(row.entry)
        paint = self._pen.theme.palette.chosen if marked else self._pen.theme.palette.card
        ink = paint.soft if row.entry.state == "past" else paint.ink
        if marked:
            self._pen.plate(
                f"{row.key}.plate",
                _wider(box, self._pen.theme.mm(2.5)),
                paint,
                radius_px=self._pen.theme.mm(2.5),
            )
            box = box.inset(0, self._pen.theme.mm(1.5))
        title, caption = self._entry_lettering(row, scale)
        column, rest = box.left(self._time_width(scale), self._pen.theme.mm(3))
        self._pen.words(
            f"{row.key}.time", row.entry.time, column, Hand("strong", ink, rise="top", lines=1, scale=scale)
        )
        if _has_state_line(row.entry):
            head, _ = rest.top(line_height(self._pen.theme.type_size("strong", scale).size_px))
            head = self._draw_hidden(row, head, paint, scale)
            self._pen.words(
                f"{row.key}.state", row.entry.state_words, head, Hand("caption", ink, lines=1, scale=scale)
            )
            rest = box.top(head.height)[1]
        else:
            rest = self._draw_hidden(row, rest, paint, scale)
        self._pen.lettering(
            f"{row.key}.title", row.entry.title, title, rest, Hand("body", ink, "left", "top")
        )
        if caption:
            below = rest.top(title.height_px)[1]
            self._pen.lettering(
                f"{row.key}.place", row.caption, caption, below, Hand("caption", paint.soft, "left", "top")
            )

    def _entry_lettering(self, row: _Entry, scale: float) -> tuple[Fitted, Fitted | None]:
        """Title and caption; under a line of its own for time and state they have the whole width."""
        indent = 0
        if not _has_state_line(row.entry):
            indent = self._time_width(scale) + self._pen.theme.mm(3) + self._width_of_hidden(row, scale)
        room = self._tall(self._box.width - indent)
        role: Literal["strong", "body"] = "strong" if _is_marked(row.entry) else "body"
        title = self._pen.theme.fitted(row.entry.title, role, room, lines=row.lines, scale=scale)
        caption = (
            self._pen.theme.fitted(row.caption, "caption", room, lines=1, scale=scale)
            if row.caption
            else None
        )
        return title, caption

    def _widest_time(self, scale: float) -> int:
        times = (entry.time for _, day in self._days for entry in day.entries)
        return max((self._pen.measure(time, "strong", scale) for time in times), default=0)

    def _tall(self, width: int) -> Box:
        return Box(0, 0, max(1, width), 10_000)


def _in_one_line(row: _Entry) -> str:
    return " ".join(part for part in (row.day, row.entry.time, row.entry.title) if part)


def _more(row: _Title | _Entry) -> str:
    return f"+\u2009{row.hidden}"


def _rows(days: Sequence[_Day], manner: _Manner, most: int) -> Iterator[_Row]:
    left = most
    for index, day in days:
        listed = _listed(day, manner)
        shown = listed[:left]
        left -= len(shown)
        yield _Title(f"agenda.{index}.title", day.title, len(listed) - len(shown))
        for number, entry in enumerate(shown):
            yield _Entry(
                f"agenda.{index}.{number}",
                entry,
                _caption(entry, manner.detail),
                2 if _is_marked(entry) else manner.lines,
            )
        if not day.entries and day.words:
            yield _Note(f"agenda.{index}.words", day.words)


def _listed(day: AgendaDay, manner: _Manner) -> list[AgendaEntry]:
    return [entry for entry in day.entries if manner.with_past or entry.state != "past"]


def _caption(entry: AgendaEntry, detail: Detail) -> str:
    if _is_marked(entry):
        return "" if detail == "none" else entry.place
    return " · ".join(part for part in (entry.state_words, entry.place) if part) if detail == "all" else ""


def _is_marked(entry: AgendaEntry) -> bool:
    return entry.state in ("now", "next")


def _has_state_line(entry: AgendaEntry) -> bool:
    return _is_marked(entry) and bool(entry.state_words)


def _without_empty_days(rows: list[_Row]) -> list[_Row]:
    """Leaves out days of which no appointment has room, and counts theirs in the title before."""
    kept: list[_Row] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        first = next((one for one in kept if isinstance(one, _Title)), None)
        if isinstance(row, _Title) and row.hidden and not isinstance(following, _Entry) and first:
            kept[kept.index(first)] = first._replace(hidden=first.hidden + row.hidden)
        else:
            kept.append(row)
    return kept


def _wider(box: Box, by: int) -> Box:
    return box._replace(x=box.x - by, width=box.width + 2 * by)
