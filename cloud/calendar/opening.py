"""Whether an organisation's café is open now, by the desk's own clock (V25)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from cloud.calendar.models import Cafe
from cloud.organisations.models import Organisation
from cloud.people.closed_days import closed_days


class Open(NamedTuple):
    """A café that is open, and until when."""

    owner: Organisation
    name: str
    closes_at: datetime


def open_cafe(organisation: Organisation, now: datetime) -> Open | None:
    """The café that serves this organisation, if it is open now; it may have opened yesterday."""
    cafe = Cafe.serving(organisation)
    if cafe is None:
        return None
    local = timezone.localtime(now)
    for day in (local.date() - timedelta(days=1), local.date()):
        for opens, closes in _turns(cafe, day):
            if opens <= local < closes:
                return Open(cafe.organisation, cafe.name, closes)
    return None


def _turns(cafe: Cafe, day: date) -> Iterator[tuple[datetime, datetime]]:
    if day.isoformat() in _closed_on(cafe, day):
        return
    zone = timezone.get_current_timezone()
    for hours in cafe.hours:
        if day.isoweekday() in hours["days"]:
            opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
            last = day if closes > opens else day + timedelta(days=1)
            yield datetime.combine(day, opens, zone), datetime.combine(last, closes, zone)


def _closed_on(cafe: Cafe, day: date) -> set[str]:
    zone = timezone.get_current_timezone_name()
    holidays = closed_days(cafe.organisation, zone, day) if cafe.closed_on_holidays else []
    return {*cafe.closed_on, *holidays}
