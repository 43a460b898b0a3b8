"""Weekly opening hours: when something is open, and their form fields."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField

# One of ``{"days": [1, 2], "opens": "09:00", "closes": "15:00"}``, as in the contract.
Hours = Mapping[str, Any]
_STRETCHES = (0, 1)


def turns(
    hours: Sequence[Hours], closed_on: Collection[str], day: date, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the opening times of this day; closing at or before opening is on the next day (V25)."""
    if day.isoformat() in closed_on:
        return
    for each in hours:
        if day.isoweekday() in each["days"]:
            opens, closes = time.fromisoformat(each["opens"]), time.fromisoformat(each["closes"])
            last = day if closes > opens else day + timedelta(days=1)
            yield datetime.combine(day, opens, zone), datetime.combine(last, closes, zone)


class WeekFields(forms.BaseForm):
    """Form fields of up to two periods a weekday; a form calls ``add_week`` and ``clean_week``."""

    def add_week(self, hours: Sequence[Hours]) -> None:
        """Add the fields with their initial values."""
        known = _by_day(hours)
        for day in range(1, 8):
            for turn in _STRETCHES:
                stretch = known[day][turn] if turn < len(known[day]) else ("", "")
                for end, value in zip(("opens", "closes"), stretch, strict=True):
                    self.fields[f"{end}_{day}_{turn}"] = ClockField(required=False, initial=value)

    def days(self) -> list[tuple[object, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """Return each weekday with its periods."""
        return [
            (
                WEEKDAYS[day - 1],
                [(self[f"opens_{day}_{turn}"], self[f"closes_{day}_{turn}"]) for turn in _STRETCHES],
            )
            for day in range(1, 8)
        ]

    def clean_week(self) -> list[dict[str, Any]]:
        """Return the week; equal periods of several days are merged. An incomplete period is an error."""
        week: dict[tuple[str, str], list[int]] = defaultdict(list)
        for day in range(1, 8):
            for turn in _STRETCHES:
                opens, closes = (self.cleaned_data.get(f"{end}_{day}_{turn}") for end in ("opens", "closes"))
                if (opens is None) != (closes is None):
                    words = _("%(day)s needs both an opening and a closing time.")
                    self.add_error(None, ValidationError(words, params={"day": str(WEEKDAYS[day - 1])}))
                elif opens is not None and closes is not None:
                    week[f"{opens:%H:%M}", f"{closes:%H:%M}"].append(day)
        return [{"days": days, "opens": opens, "closes": closes} for (opens, closes), days in week.items()]


def _by_day(hours: Sequence[Hours]) -> dict[int, list[tuple[str, str]]]:
    stretches: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for each in sorted(hours, key=lambda each: str(each["opens"])):
        for day in each["days"]:
            stretches[day].append((each["opens"], each["closes"]))
    return stretches
