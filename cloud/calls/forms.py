"""Forms of the desk's call pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm, RowForm, day_input, offer
from cloud.base.found_choices import offer_found
from cloud.calls import history
from cloud.calls.missed import is_missed
from cloud.calls.models import Call, CallSettings
from cloud.calls.words import AT_DESK
from cloud.organisations.models import User
from cloud.people.models import Contact, Resident

LIFETIMES = [(30, _("one month")), (180, _("half a year")), (365, _("one year")), (1095, _("three years"))]
MISSED, ANSWERED = "missed", "answered"


class LinkForm(PlainForm, forms.Form):
    """The validity period of a new personal link."""

    days = forms.TypedChoiceField(label=_("The link works for"), choices=LIFETIMES, coerce=int, initial=365)

    @property
    def lifetime(self) -> timedelta:
        """Return the chosen validity period."""
        return timedelta(days=self.cleaned_data["days"])


class LogForm(PlainForm, forms.Form):
    """Filters of the call log; all are optional."""

    resident = forms.ModelChoiceField(Resident.objects.none(), label=_("Resident"), required=False)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Caller"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)

    def __init__(self, *args: Any, user: User, search: QueryDict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        everybody = str(_("all"))
        offer_found(self, "resident", Resident.objects.visible_to(user), search, nobody=everybody)
        offer_found(self, "contact", Contact.objects.visible_to(user), search, nobody=everybody)
        special = [(MISSED, _("missed")), (ANSWERED, _("answered"))]
        for name, choices in (
            ("kind", Call.Kind.choices),
            ("reason", Call.Reason.choices),
            ("outcome", [*special, *AT_DESK.items()]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", everybody), *choices]

    def calls(self) -> history.Calls:
        """Return matching calls, the newest first; all where the form is invalid."""
        calls: history.Calls = Call.objects.visible_to(self._user)
        asked = self.cleaned_data if self.is_valid() else {}
        calls = history.between(calls, asked.get("since"), asked.get("until"))
        for name in ("resident", "contact", "kind", "reason"):
            if asked.get(name):
                calls = calls.filter(**{name: asked[name]})
        match asked.get("outcome"):
            case "missed":
                calls = calls.filter(is_missed())
            case "answered":
                calls = calls.exclude(answered_at=None)
            case str(why) if why:
                calls = calls.filter(why=why)
        return calls.select_related("resident", "contact", "user", "organisation")


class ReportForm(PlainForm, forms.Form):
    """The period length of the report."""

    since = forms.DateField(label=_("From"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())
    step = forms.ChoiceField(
        label=_("By"), choices=[("month", _("month")), ("week", _("week")), ("day", _("day"))], required=False
    )


class CallSettingsForm(RowForm[CallSettings]):
    """The duty officer, and the maximum length of calls."""

    class Meta:
        model = CallSettings
        fields = ["duty_officer", "limit_min", "tells_relatives"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = Contact.objects.visible_to(user).filter(role=Contact.Role.PROFESSIONAL)
        offer(
            self.fields["duty_officer"],
            able.filter(locked=False, anonymised_at=None),
            nobody=str(_("Nobody")),
        )
