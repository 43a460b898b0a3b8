"""What an agenda may list: rows of titles, notes and appointments, in as many words as there is room for."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from device.window_protocol.model import AgendaDay, AgendaEntry

Detail = Literal["all", "marked", "none"]
_MARKED = ("now", "next")


class Title(NamedTuple):
    """A day, and how many of its appointments have no room."""

    key: str
    words: str
    hidden: int


class Note(NamedTuple):
    """What is said of a day without appointments."""

    key: str
    words: str


class Entry(NamedTuple):
    """An appointment: so many lines of title at most, how many more there are, its day if it must say it."""

    key: str
    entry: AgendaEntry
    caption: str
    lines: int
    hidden: int = 0
    day: str = ""

    @property
    def title(self) -> str:
        """With the day, where no other line of it has that."""
        return f"{self.day}: {self.entry.title}" if self.day and not self.has_state_line else self.entry.title

    @property
    def in_few_words(self) -> str:
        """All that must be known of it: which day, not that it lasts all of it."""
        time = "" if self.entry.all_day else self.entry.time
        words = " ".join(part for part in (time, self.entry.title) if part)
        return f"{self.day}: {words}" if self.day else words

    @property
    def is_marked(self) -> bool:
        """Whether it is set off: it goes on, or comes next."""
        return self.entry.state in _MARKED

    @property
    def has_state_line(self) -> bool:
        """Whether a line above its title says so."""
        return self.is_marked and bool(self.entry.state_words)


Day = tuple[int, AgendaDay]
Row = Title | Note | Entry


class Manner(NamedTuple):
    """How much is said of each appointment."""

    detail: Detail
    with_past: bool
    lines: int = 2


def more_words(row: Title | Entry) -> str:
    """How many there are besides."""
    return f"+\u2009{row.hidden}"


def rows_of(days: Sequence[Day], manner: Manner, most: int) -> Iterator[Row]:
    """Day by day, with the first so many appointments."""
    left = most
    for index, day in days:
        listed = _listed(day, manner)
        shown = listed[:left]
        left -= len(shown)
        yield Title(f"agenda.{index}.title", day.title, len(listed) - len(shown))
        for number, entry in enumerate(shown):
            yield Entry(
                f"agenda.{index}.{number}",
                entry,
                _caption(entry, manner.detail),
                2 if entry.state in _MARKED else manner.lines,
            )
        if not day.entries and day.words:
            yield Note(f"agenda.{index}.words", day.words)


def first_alone(rows: list[Row]) -> list[Row]:
    """The first appointment and how many more there are; with its day, if that is not the first."""
    entries = [row for row in rows if isinstance(row, Entry)]
    if not entries:
        return without_empty_days(rows)
    days = [row.words for row in rows[: rows.index(entries[0])] if isinstance(row, Title)]
    return [entries[0]._replace(hidden=len(entries) - 1, day=days[-1] if len(days) > 1 else "")]


def without_empty_days(rows: list[Row]) -> list[Row]:
    """Leaves out days of which no appointment has room, and counts theirs in the title before."""
    kept: list[Row] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        first = next((one for one in kept if isinstance(one, Title)), None)
        if isinstance(row, Title) and row.hidden and not isinstance(following, Entry) and first:
            kept[kept.index(first)] = first._replace(hidden=first.hidden + row.hidden)
        else:
            kept.append(row)
    return kept


def _listed(day: AgendaDay, manner: Manner) -> list[AgendaEntry]:
    return [entry for entry in day.entries if manner.with_past or entry.state != "past"]


def _caption(entry: AgendaEntry, detail: Detail) -> str:
    if entry.state in _MARKED:
        return "" if detail == "none" else entry.place
    return " · ".join(part for part in (entry.state_words, entry.place) if part) if detail == "all" else ""
