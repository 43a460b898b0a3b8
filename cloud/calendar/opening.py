"""Whether an organisation's café is open now (V25)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from cloud.base.opening_hours import turns
from cloud.calendar.models import Cafe
from cloud.organisations.models import Organisation
from cloud.people.closed_days import closed_days


class Open(NamedTuple):
    """An open café, and its closing time."""

    owner: Organisation
    name: str
    closes_at: datetime


def open_cafe(organisation: Organisation, now: datetime) -> Open | None:
    """Return the organisation's café if it is open now; it may have opened yesterday."""
    return _open(Cafe.serving(organisation), now)


def open_cafes(organisations: Iterable[Organisation], now: datetime) -> list[Open]:
    """Return the cafés of these organisations that are open now, each once."""
    serving = Cafe.serving_each(organisations)
    cafes = {cafe.pk: cafe for cafe in serving.values()}
    return [opened for cafe in cafes.values() if (opened := _open(cafe, now))]


def _open(cafe: Cafe | None, now: datetime) -> Open | None:
    if cafe is None:
        return None
    local = timezone.localtime(now)
    zone = timezone.get_current_timezone()
    for day in (local.date() - timedelta(days=1), local.date()):
        for opens, closes in turns(cafe.hours, _closed_on(cafe, day), day, zone):
            if opens <= local < closes:
                return Open(cafe.organisation, cafe.name, closes)
    return None


def _closed_on(cafe: Cafe, day: date) -> set[str]:
    zone = timezone.get_current_timezone_name()
    holidays = closed_days(cafe.organisation, zone, day) if cafe.closed_on_holidays else []
    return {*cafe.closed_on, *holidays}
