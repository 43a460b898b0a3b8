"""Forms of alarm centre, rota and registration."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm, RowForm, day_input, file_input, file_of, offer
from cloud.calendar.ical import LARGEST_BYTES, TOO_LARGE
from cloud.partner import comparison, registrations
from cloud.partner.models import (
    AlarmCentre,
    ComparisonPlan,
    OperatorStep,
    Registration,
    Rota,
    RotaPerson,
    RotaShift,
)
from cloud.partner.number_list import NotAList
from cloud.people.phone import e164

LONGEST_LIST = 1_000_000
OLDEST_COMPARED_DAYS = 28


class CentreForm(RowForm[AlarmCentre]):
    """The alarm centre's addresses, and how it answers."""

    class Meta:
        model = AlarmCentre
        fields = ["server", "second_server", "answer", "content_type", "controller", "heartbeat_min"]
        fields += ["voice"]
        help_texts = {
            "server": _("As in sip:alarm@centre.example:5061;transport=tls"),
            "second_server": _("Asked when the first does not answer; may be empty."),
            "voice": _(
                "The desk's own SIP address: the centre calls residents back there and talks by their "
                "screen. Empty: no voice."
            ),
            "controller": _("Digits that the centre has given to the desk itself, for signs of life."),
        }


class RotaForm(RowForm[Rota]):
    """Whether the rota comes before the contacts or replaces them, and its time zone."""

    class Meta:
        model = Rota
        fields = ["replaces_contacts", "time_zone"]


class RotaPersonForm(RowForm[RotaPerson]):
    """A person for the rota; a number and an address are required."""

    class Meta:
        model = RotaPerson
        fields = ["name", "phone", "email"]

    def clean_phone(self) -> str:
        """Return the number as E.164."""
        return e164(self.cleaned_data["phone"], time_zone=self.instance.rota.time_zone)


class RotaShiftForm(RowForm[RotaShift]):
    """A weekly shift, in quarters of an hour."""

    class Meta:
        model = RotaShift
        fields = ["person", "weekday", "starts", "ends", "first_day", "last_day"]
        help_texts = {"ends": _("At or before the beginning: on the next day.")}

    def __init__(self, *args: Any, people: QuerySet[RotaPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["person"], people)
        for name in ("first_day", "last_day"):
            self.fields[name].widget.input_type = "date"

    def clean_starts(self) -> time:
        """Require a quarter of an hour."""
        return _quarter(self.cleaned_data["starts"])

    def clean_ends(self) -> time:
        """Require a quarter of an hour."""
        return _quarter(self.cleaned_data["ends"])


class RotaCalendarForm(PlainForm, forms.Form):
    """A calendar file (iCalendar) that says who is on duty when."""

    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        widget=file_input(".ics,text/calendar", LARGEST_BYTES, TOO_LARGE),
        help_text=_("The title of each event is the name of somebody on the rota."),
    )

    def clean_file(self) -> tuple[str, bytes]:
        """Its name and content, unless there is too much of it."""
        found = file_of(self.cleaned_data["file"])
        if found is None or found[1] > LARGEST_BYTES:
            raise ValidationError(TOO_LARGE)
        return self.cleaned_data["file"].name, found[0].read()


class RegistrationForm(RowForm[Registration]):
    """The partner's number of a resident, unique within a partner."""

    class Meta:
        model = Registration
        fields = ["number"]

    def clean_number(self) -> str:
        """Require a unique number: an alarm would be assigned to another resident."""
        number: str = self.cleaned_data["number"]
        if registrations.is_taken(number, self.instance):
            raise ValidationError(_("Another resident has this number."), code="taken")
        return number


class NoteForm(PlainForm, forms.Form):
    """What an operator writes down while the alarm is open."""

    words = forms.CharField(
        label=_("Note"),
        max_length=OperatorStep._meta.get_field("words").max_length,
        widget=forms.Textarea({"rows": 2}),
    )


class SafeWordsForm(PlainForm, forms.Form):
    """Two different words that resident and operator have agreed on."""

    well = forms.CharField(label=_("word for: all is well"), max_length=50)
    duress = forms.CharField(label=_("word for: under duress"), max_length=50)

    def clean(self) -> dict[str, Any] | None:
        """Refuse words that sound alike."""
        well, duress = (self.cleaned_data.get(name, "").casefold().strip() for name in ("well", "duress"))
        if well and well == duress:
            raise ValidationError(_("The two words have to be different."), code="same")
        return super().clean()


class SheetForm(PlainForm, forms.Form):
    """The upload of a spreadsheet of contacts."""

    file = forms.FileField(label=_("table (CSV or XLSX)"))


class ComparisonPlanForm(RowForm[ComparisonPlan]):
    """Whether the partner's webhook is asked each day."""

    class Meta:
        model = ComparisonPlan
        fields = ["is_daily"]


class ComparisonForm(PlainForm, forms.Form):
    """The partner's list of the alarms of a day."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    numbers = forms.CharField(
        label=_("Alarms that the partner has of this day, one number a line"),
        widget=forms.Textarea({"rows": 8}),
        max_length=LONGEST_LIST,
        required=False,
        help_text=_("The number of the request (webhook), or the reference of the alarm (SCAIP)."),
    )

    def clean_day(self) -> date:
        """A day that has begun, and of which the desk still knows something."""
        day: date = self.cleaned_data["day"]
        if not localdate() - timedelta(days=OLDEST_COMPARED_DAYS) <= day <= localdate():
            raise ValidationError(_("A day of the last four weeks, please."), code="day")
        return day

    def clean_numbers(self) -> set[str]:
        """Return the numbers as a set."""
        try:
            return comparison.read(self.cleaned_data["numbers"])
        except NotAList as error:
            words = _("Line %(line)d is no number of an alarm.")
            raise ValidationError(words, params={"line": error.line}, code="number") from None


class PartnerListForm(PlainForm, forms.Form):
    """The list of numbers that the partner has."""

    numbers = forms.CharField(
        label=_("Numbers that the partner knows, one a line"),
        widget=forms.Textarea({"rows": 8}),
        max_length=LONGEST_LIST,
    )

    def clean_numbers(self) -> set[str]:
        """Return the numbers as a set."""
        try:
            return registrations.read(self.cleaned_data["numbers"])
        except NotAList as error:
            raise ValidationError(
                _("Line %(line)d is no number of a resident."), params={"line": error.line}, code="number"
            ) from None


def _quarter(at: time) -> time:
    if at.minute % 15 or at.second:
        raise ValidationError(_("On a quarter of an hour: 7:00, 7:15, 7:30, 7:45."), code="quarter")
    return at
