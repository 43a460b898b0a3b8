"""Forms of appointments, calendar files, and the café's opening hours."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField, PlainForm, RowForm, day_input, file_input, file_of
from cloud.base.opening_hours import WeekFields
from cloud.calendar import repeats
from cloud.calendar.expansion import CannotExpand, expand
from cloud.calendar.ical import LARGEST_BYTES, TOO_LARGE
from cloud.calendar.models import MOST_CLOSED_DAYS, Appointment, Cafe
from cloud.calendar.wording import reason
from device.contract.values import EARLIEST_YEAR, LATEST_YEAR

# The times of an imported series are edited in its file.
TIMES = ("day", "all_day", "begins", "finishes", "last_day", "repeats", "repeats_until")


def _near(day: date) -> None:
    if not EARLIEST_YEAR <= day.year < LATEST_YEAR:
        raise ValidationError(_("This day is too far away."))


class AppointmentForm(RowForm[Appointment]):
    """An appointment with separate day and time fields."""

    day = forms.DateField(label=_("Day"), widget=day_input(), validators=[_near])
    all_day = forms.BooleanField(label=_("All day"), required=False)
    begins = ClockField(label=_("From"), required=False)
    finishes = ClockField(label=_("Until"), required=False)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=day_input(),
        validators=[_near],
        help_text=_("Only if it lasts several days."),
    )
    repeats = forms.ChoiceField(label=_("Repeats"), required=False)
    repeats_until = forms.DateField(
        label=_("Repeats until"), required=False, widget=day_input(), validators=[_near]
    )

    class Meta:
        model = Appointment
        fields = ["title", "place", "performer"]

    field_order = (
        "title",
        "place",
        "performer",
        "day",
        "all_day",
        "begins",
        "finishes",
        "last_day",
        "repeats",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule, until = repeats.split(self.instance.rule)
        choices = list(repeats.CHOICES)
        if rule not in dict(choices):
            # An imported rule is kept unless another is chosen.
            choices.append((rule, _("As in the imported calendar")))
        self.fields["repeats"] = forms.ChoiceField(label=_("Repeats"), required=False, choices=choices)
        self.initial.update(repeats=rule, repeats_until=until)
        if self.instance.starts:
            with suppress(ValueError):
                # Unreadable times must be entered again.
                self.initial.update(_as_people_say(self.instance))
        if self.instance.source:
            for name in TIMES:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any] | None:
        """Combine the fields into wall time, and the rule with its last day."""
        cleaned = super().clean()
        values = self.cleaned_data
        if self.instance.source:
            self._follow_repeats()
            return cleaned
        if not values.get("day"):
            return cleaned
        if not values.get("all_day") and not values.get("begins"):
            if "begins" not in self.errors:
                self.add_error("begins", ValidationError(_("When does it begin? Or is it all day?")))
            return cleaned
        starts, ends = _span(values)
        if ends and ends < starts:
            self.add_error(
                "last_day" if values.get("last_day") else "finishes", _("It ends before it starts.")
            )
        until = values.get("repeats_until")
        if until and until < values["day"]:
            self.add_error("repeats_until", _("It stops repeating before it starts."))
        self.instance.starts, self.instance.all_day = _wall(starts), values["all_day"]
        self.instance.ends = _wall(ends) if ends else ""
        if (values.get("repeats", ""), until) != repeats.split(self.instance.rule):
            self.instance.rule = _rule(values.get("repeats", ""), until)
        self._follow_repeats()
        return cleaned

    def _follow_repeats(self) -> None:
        """Expand the recurrence; an invalid one is a form error."""
        if self.errors:
            return
        try:
            expand(self.instance)
        except CannotExpand as problem:
            self.add_error("repeats", reason(problem.code, problem.values))


def _span(values: dict[str, Any]) -> tuple[datetime, datetime | None]:
    day: date = values["day"]
    last: date = values.get("last_day") or day
    if values.get("all_day"):
        return datetime.combine(day, time()), datetime.combine(last, time()) + timedelta(days=1)
    starts = datetime.combine(day, values["begins"] or time())
    finishes = values.get("finishes")
    return starts, datetime.combine(last, finishes) if finishes else None


def _as_people_say(appointment: Appointment) -> dict[str, object]:
    starts = datetime.fromisoformat(appointment.starts)
    ends = datetime.fromisoformat(appointment.ends) if appointment.ends else None
    last = ends - timedelta(days=1) if ends and appointment.all_day else ends
    return {
        "day": starts.date(),
        "all_day": appointment.all_day,
        "begins": None if appointment.all_day else starts.time(),
        "finishes": None if appointment.all_day or not ends else ends.time(),
        "last_day": last.date() if last and last.date() > starts.date() else None,
    }


def _rule(rule: str, until: date | None) -> str:
    return f"{rule};UNTIL={until:%Y%m%d}T235959" if rule and until else rule


def _wall(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


class ImportForm(PlainForm, forms.Form):
    """The upload of an iCalendar file."""

    file = forms.FileField(
        label=_("Calendar file (.ics)"), widget=file_input(".ics,text/calendar", LARGEST_BYTES, TOO_LARGE)
    )

    def clean_file(self) -> bytes:
        """Return the content. Raises an error where it is too large."""
        found = file_of(self.cleaned_data["file"])
        if found and found[1] > LARGEST_BYTES:
            raise ValidationError(TOO_LARGE)
        return found[0].read() if found else b""


class CafeForm(WeekFields, RowForm[Cafe]):
    """The weekly hours of a café: up to two periods a day (V25)."""

    class Meta:
        model = Cafe
        fields = ["name", "closed_on_holidays"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_week(self.instance.hours)

    def clean(self) -> dict[str, Any] | None:
        """Combine the fields into the week."""
        cleaned = super().clean()
        self.instance.hours = self.clean_week()
        return cleaned


class ClosedDayForm(PlainForm, forms.Form):
    """A day on which the café is closed."""

    day = forms.DateField(label=_("Closed on"), widget=day_input())

    def __init__(self, *args: Any, cafe: Cafe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cafe = cafe

    def clean_day(self) -> str:
        """Return the day in the contract's format."""
        if len(self._cafe.closed_on) >= MOST_CLOSED_DAYS:
            raise ValidationError(_("There can be at most 100 closed days. Remove some that are over."))
        day: date = self.cleaned_data["day"]
        return day.isoformat()
