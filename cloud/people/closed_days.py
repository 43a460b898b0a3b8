"""Days on which an office is closed: public holidays, and the organisation's own (S7)."""

from datetime import date
from functools import lru_cache

import holidays

from cloud.organisations.models import Organisation
from cloud.people.models import ClosedDay
from cloud.people.phone import HOME_REGION, REGIONS

# The contract's maximum.
MOST_DAYS = 200


def closed_days(organisation: Organisation, time_zone: str, today: date) -> list[str]:
    """Return the days of this year and the next, as YYYY-MM-DD; own days are inherited from above."""
    years = (f"{today.year}-01-01", f"{today.year + 1}-12-31")
    rows = ClosedDay.objects.filter(organisation__in=organisation.line, day__range=years)
    country = REGIONS.get(time_zone, HOME_REGION)
    return sorted({*_public(country, today.year), *(row.day.isoformat() for row in rows)})[:MOST_DAYS]


@lru_cache(maxsize=16)
def _public(country: str, year: int) -> tuple[str, ...]:
    # The office is closed on Sundays anyway: Sweden counts each of them as a holiday.
    found = holidays.country_holidays(country, years=(year, year + 1))
    return tuple(day.isoformat() for day in found if day.isoweekday() != 7)
