"""Reports by month, registered by domains in ``AppConfig.ready``: numbers only, no names (V28)."""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import ceil
from typing import Any, Literal, TypeVar

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone

# A number, or None where there is nothing to say.
Value = float | int | None
Unit = Literal["", "s", "min", "%"]
R = TypeVar("R")
Q = TypeVar("Q", bound="QuerySet[Any]")


@dataclass(frozen=True)
class Column:
    """One column of a report."""

    heading: object
    unit: Unit = ""


@dataclass(frozen=True)
class Part:
    """A row of the whole period for one service or table; its name is nobody's."""

    name: str
    values: list[Value]


@dataclass(frozen=True)
class Numbers:
    """The values of each month, and of each part of the whole period."""

    rows: list[list[Value]]
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """A table with a row for each month. ``read`` gets a user, a path of organisations and the months.

    The whole period may also be divided by what ``part_heading`` names, in the same columns. ``record`` is
    the route of the page with each of what is counted.
    """

    key: str
    title: object
    columns: tuple[Column, ...]
    read: Callable[[Any, str, list[date]], Numbers]
    part_heading: object = ""
    record: str = ""


_reports: dict[str, Report] = {}


def register(report: Report) -> None:
    """Add a report, or replace the one of the same key."""
    _reports[report.key] = report


def reports() -> list[Report]:
    """Return all reports, in the order of their titles."""
    return sorted(_reports.values(), key=lambda report: str(report.title).casefold())


def months_until(day: date, number: int) -> list[date]:
    """Return the first days of so many months, the last of them with this day."""
    at = day.year * 12 + day.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(at - number + 1, at + 1)]


def spans(months: list[date]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the beginning and the end of each month by the desk's clock."""
    for month in months:
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        yield _midnight(month), _midnight(following)


def within(rows: Q, field: str, months: list[date]) -> Q:
    """Return the rows whose ``field`` lies in these months, by the desk's clock."""
    periods = list(spans(months))
    return rows.filter(**{f"{field}__gte": periods[0][0], f"{field}__lt": periods[-1][1]})


def by_month(rows: Iterable[R], at: Callable[[R], datetime], months: list[date]) -> list[list[R]]:
    """Return the rows of each month, by the desk's clock."""
    periods = list(spans(months))
    ends = [end for _begin, end in periods]
    found: list[list[R]] = [[] for _month in months]
    for row in rows:
        moment = at(row)
        number = bisect(ends, moment)
        if number < len(ends) and moment >= periods[number][0]:
            found[number].append(row)
    return found


def percentile(values: list[float], share: float) -> Value:
    """Return the smallest value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())
