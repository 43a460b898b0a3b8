"""Today and tomorrow: as many appointments as can be read well, the next one set off."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

from device.window_protocol.model import Agenda
from kiosk_ui.boxes import Box, even_shares
from kiosk_ui.palettes import Paint
from kiosk_ui.parts.agenda_rows import (
    Day,
    Entry,
    Manner,
    Note,
    Row,
    Title,
    first_alone,
    more_words,
    rows_of,
    without_empty_days,
)
from kiosk_ui.pen import Hand, Pen, remembered
from kiosk_ui.text.fitting import Fitted, line_height

SIDE_BY_SIDE_MM = 190.0
LEAST_WITH_AGE_MM = 26.0
TIGHT = 0.8

_ALL, _AHEAD = Manner("all", with_past=True), Manner("all", with_past=False)
_LEAST = Manner("none", with_past=False, lines=1)
# The first that fits is taken.
_WAYS = (
    (_ALL, (1.5, 1.3, 1.15, 1.0, 0.85)),
    (_AHEAD, (1.0, 0.85, TIGHT)),
    (Manner("marked", with_past=False), (TIGHT,)),
    (Manner("none", with_past=False), (TIGHT,)),
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

    def __init__(self, pen: Pen, box: Box, days: Sequence[Day]) -> None:
        self._pen = pen
        self._whole = box
        self._days = days
        self._box = box.inset(pen.theme.mm(4.5), min(pen.theme.mm(2), box.height // 8))
        self._gap = pen.theme.mm(1.2)
        # Asked again for each way that is tried.
        self._row_height = cache(self._height_of_row)
        self._time_width = cache(self._widest_time)
        self._all_rows = cache(lambda manner: list(rows_of(days, manner, most=99)))

    def choose(self, largest: float = 9.0) -> tuple[list[Row], float]:
        """The largest and fullest way that fits; else the first appointments, and how many more there are."""
        for manner, scales in _WAYS:
            rows = self._all_rows(manner)
            if not self._fit(rows, scales[-1]):
                continue
            for scale in (each for each in scales if each <= largest):
                if self._fit(rows, scale) and (manner is _LEAST or self._is_whole(rows, scale)):
                    return self._relaxed(rows, scale), scale
        for most in range(self._most_entries(), 0, -1):
            rows = list(rows_of(self._days, _LEAST, most))
            for candidate in (rows, without_empty_days(rows)):
                if self._fit(candidate, TIGHT):
                    return self._relaxed(candidate, TIGHT), TIGHT
        return first_alone(self._all_rows(_LEAST)), TIGHT

    def _most_entries(self) -> int:
        """How many would have room in their least form, if there were nothing else."""
        count, room = 0, self._box.height + self._gap
        for row in self._all_rows(_LEAST):
            if isinstance(row, Entry):
                room -= self._row_height(row, TIGHT) + self._gap
                if room < 0:
                    break
                count += 1
        return count

    def _is_whole(self, rows: Sequence[Row], scale: float) -> bool:
        """No word is cut or broken."""
        entries = [row for row in rows if isinstance(row, Entry)]
        texts = [text for row in entries for text in self._entry_lettering(row, scale) if text]
        return all(text.is_whole for text in texts) and all(
            self._is_state_whole(row, scale) for row in entries
        )

    def _is_state_whole(self, row: Entry, scale: float) -> bool:
        if not row.has_state_line:
            return True
        room = self._tall(self._box.width - self._width_beside(row, scale))
        return self._pen.theme.fitted(row.entry.state_words, "caption", room, lines=1, scale=scale).is_whole

    def _says_its_day(self, row: Row, scale: float) -> bool:
        """Alone: an appointment that is set off says it above its title, any other in it."""
        if not isinstance(row, Entry):
            return True
        return self._is_state_whole(row, scale) if row.has_state_line else self._is_whole([row], scale)

    def _relaxed(self, rows: list[Row], scale: float) -> list[Row]:
        """Gives second lines to titles, as far as there is room."""
        for index, row in enumerate(rows):
            if isinstance(row, Entry):
                longer = [*rows[:index], row._replace(lines=2), *rows[index + 1 :]]
                rows = longer if self._fit(longer, scale) else rows
        return rows

    def draw(self, largest: float = 9.0) -> None:
        """As large as fits, and no larger than that."""
        pen, first = self._pen, self._days[0][0] if self._days else 0
        pen.plate(f"agenda.{first}.card", self._whole, pen.theme.palette.card)
        rows, scale = self.choose(largest)
        top = self._box.y
        for row in rows:
            height = self._row_height(row, scale)
            if top + height <= self._box.bottom and (len(rows) > 1 or self._says_its_day(row, scale)):
                self._draw_row(row, self._box._replace(y=top, height=height), scale)
            elif top < self._box.bottom:
                self._draw_squeezed(row, self._box._replace(y=top, height=self._box.bottom - top))
            top += height + self._gap

    def _draw_squeezed(self, row: Row, box: Box) -> None:
        """Where not even one row fits as it should: a few words, as large as they can be."""
        words = row.in_few_words if isinstance(row, Entry) else row.words
        if not isinstance(row, Note):
            box = self._draw_hidden(row, box, self._pen.theme.palette.card, TIGHT)
        self._pen.words(
            f"{row.key}.squeezed", words, box, Hand("strong", self._pen.theme.palette.card.ink, lines=2)
        )

    def _fit(self, rows: Sequence[Row], scale: float) -> bool:
        room = self._box.height + self._gap
        for row in rows:
            room -= self._row_height(row, scale) + self._gap
            if room < 0:
                return False
        return True

    def _height_of_row(self, row: Row, scale: float) -> int:
        if isinstance(row, Entry):
            title, caption = self._entry_lettering(row, scale)
            state = (
                line_height(self._pen.theme.type_size("strong", scale).size_px) if row.has_state_line else 0
            )
            inner = title.height_px + (caption.height_px if caption else 0) + state
            return inner + (2 * self._pen.theme.mm(1.5) if row.is_marked else 0)
        role: Literal["title", "body"] = "title" if isinstance(row, Title) else "body"
        return self._pen.theme.fitted(
            row.words, role, self._tall(self._box.width), lines=3, scale=scale
        ).height_px

    def _draw_row(self, row: Row, box: Box, scale: float) -> None:
        if isinstance(row, Entry):
            self._draw_entry(row, box, scale)
        elif isinstance(row, Note):
            self._pen.words(
                row.key, row.words, box, Hand("body", self._pen.theme.palette.card.ink, lines=3, scale=scale)
            )
        else:
            self._draw_title(row, box, scale)

    def _draw_title(self, row: Title, box: Box, scale: float) -> None:
        paint = self._pen.theme.palette.card
        box = self._draw_hidden(row, box, paint, scale)
        self._pen.words(row.key, row.words, box, Hand("title", paint.ink, lines=3, scale=scale))

    def _draw_hidden(self, row: Title | Entry, box: Box, paint: Paint, scale: float) -> Box:
        """How many more there are than are shown. Returns the place beside it."""
        if not row.hidden:
            return box
        count, rest = box.end(self._width_of_hidden(row, scale))
        self._pen.words(
            f"{row.key}.more", more_words(row), count, Hand("strong", paint.soft, align="right", scale=scale)
        )
        return rest

    def _width_of_hidden(self, row: Title | Entry, scale: float) -> int:
        """With a gap before it."""
        if not row.hidden:
            return 0
        return self._pen.measure(more_words(row), "strong", scale) + self._pen.theme.mm(2)

    def _draw_entry(self, row: Entry, box: Box, scale: float) -> None:
        marked = row.is_marked
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
        if row.has_state_line:
            head, _ = rest.top(line_height(self._pen.theme.type_size("strong", scale).size_px))
            head = self._draw_hidden(row, head, paint, scale)
            self._pen.words(
                f"{row.key}.state", row.entry.state_words, head, Hand("caption", ink, lines=1, scale=scale)
            )
            rest = box.top(head.height)[1]
        else:
            rest = self._draw_hidden(row, rest, paint, scale)
        self._pen.lettering(f"{row.key}.title", row.title, title, rest, Hand("body", ink, "left", "top"))
        if caption:
            below = rest.top(title.height_px)[1]
            self._pen.lettering(
                f"{row.key}.place", row.caption, caption, below, Hand("caption", paint.soft, "left", "top")
            )

    def _entry_lettering(self, row: Entry, scale: float) -> tuple[Fitted, Fitted | None]:
        """Title and caption; under a line of its own for time and state they have the whole width."""
        indent = 0
        if not row.has_state_line:
            indent = self._width_beside(row, scale)
        room = self._tall(self._box.width - indent)
        role: Literal["strong", "body"] = "strong" if row.is_marked else "body"
        title = self._pen.theme.fitted(row.title, role, room, lines=row.lines, scale=scale)
        caption = (
            self._pen.theme.fitted(row.caption, "caption", room, lines=1, scale=scale)
            if row.caption
            else None
        )
        return title, caption

    def _width_beside(self, row: Entry, scale: float) -> int:
        """Of the time before, and of how many more there are."""
        return self._time_width(scale) + self._pen.theme.mm(3) + self._width_of_hidden(row, scale)

    def _widest_time(self, scale: float) -> int:
        times = (entry.time for _, day in self._days for entry in day.entries)
        return max((self._pen.measure(time, "strong", scale) for time in times), default=0)

    def _tall(self, width: int) -> Box:
        return Box(0, 0, max(1, width), 10_000)


def _wider(box: Box, by: int) -> Box:
    return box._replace(x=box.x - by, width=box.width + 2 * by)
