"""Forms of residents, contacts, and care settings."""

from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField, PlainForm, RowForm, day_input, offer
from cloud.base.found_choices import offer_found
from cloud.organisations.models import Organisation, User
from cloud.people import forced_calls, photo
from cloud.people.models import CareSettings, Contact, EscalationContact, Relation, Resident, ResidentHome
from cloud.people.phone import e164
from cloud.people.picture_field import PictureField

MOST_CLOSED_DAYS = 100
P = TypeVar("P", bound=Resident | Contact)


class PersonForm(RowForm[P]):
    """A person with a photo, stored in the person's organisation and removed when nobody has it."""

    picture = PictureField(
        photo.square_jpeg,
        label=_("Photo"),
        help_text=_("JPEG, PNG, WebP or HEIC, at most 10 MB. It is cut to a square."),
    )
    without_picture = forms.BooleanField(label=_("Remove the photo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = self.instance.organisation if self.instance.pk else None
        if not self.instance.photo_id:
            del self.fields["without_picture"]

    def save(self, commit: bool = True) -> P:
        """Save the person, and the photo where one was chosen; it moves along to another organisation."""
        home, kept = self.instance.organisation, self.instance.photo
        if jpeg := self.cleaned_data.get("picture"):
            self.instance.photo = photo.keep(jpeg, home)
        elif self.cleaned_data.get("without_picture"):
            self.instance.photo = None
        elif kept and kept.organisation_id != home.pk:
            self.instance.photo = photo.keep(bytes(kept.data), home)
        person: P = super().save(commit)
        for organisation in {home, self._before or home}:
            photo.forget_unused(organisation)
        return person


class ResidentForm(PersonForm[Resident]):
    """A resident and their home; both names are required (V3), in any script (V4)."""

    class Meta:
        model = Resident
        fields = ["first_name", "last_name", "organisation"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))
        if not self.instance.pk:
            self.initial["organisation"] = user.organisation.pk


class HomeForm(RowForm[ResidentHome]):
    """Where the resident lives, and what to know."""

    class Meta:
        model = ResidentHome
        fields = ["room", "address", "phone", "email", "notes"]
        widgets = {"notes": forms.Textarea({"rows": 3})}
        help_texts = {
            "notes": _("Shown on the board while help is open: hard of hearing, a dog, the lift to take."),
        }

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._time_zone = time_zone

    def clean_phone(self) -> str:
        """Return the number in international format."""
        return e164(self.cleaned_data["phone"], time_zone=self._time_zone)


class DoorForm(RowForm[ResidentHome]):
    """How to get in; the user who opens this form is recorded."""

    class Meta:
        model = ResidentHome
        fields = ["door_code", "key_place"]
        widgets = {name: forms.TextInput({"autocomplete": "off"}) for name in fields}


class TableForm(PlainForm, forms.Form):
    """The upload of a table of residents."""

    file = forms.FileField(label=_("table (CSV or XLSX)"))


class ContactForm(PersonForm[Contact]):
    """A contact of one or more residents."""

    class Meta:
        model = Contact
        fields = ["first_name", "last_name", "role", "phone", "email", "mail_missed_calls", "presence"]
        help_texts = {
            "presence": _("Those who have a personal link say so on their own page."),
        }

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._time_zone = time_zone
        self.fields["phone"].widget.input_type = "tel"

    def clean_phone(self) -> str:
        """Return the number as E.164, or an empty text."""
        number = self.cleaned_data["phone"]
        return e164(number, time_zone=self._time_zone) if number else ""


class RelationForm(RowForm[Relation]):
    """A contact's relation to one resident."""

    class Meta:
        model = Relation
        fields = ["words", "favourite", "visible_to_resident", "may_force_call"]
        help_texts = {
            "words": _("As the resident would say it: daughter, neighbour, nurse."),
            "may_force_call": _("Only where the resident's care settings allow forced calls by relatives."),
        }


class KnownContactForm(PlainForm, forms.Form):
    """An existing contact of another resident (V15)."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Somebody who is known already"))

    def __init__(self, *args: Any, user: User, resident: Resident, search: QueryDict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Contact.objects.visible_to(user).filter(anonymised_at=None)
        others = others.exclude(relations__resident=resident)
        offer_found(self, "contact", others, search, nobody="")


class CareForm(RowForm[CareSettings]):
    """What is permitted at a resident's home, and the office hours."""

    class Meta:
        model = CareSettings
        fields = [
            "monitored",
            "remote_view_allowed",
            "remote_view_may_touch",
            "press_screen",
            "press_button",
            "press_pendant",
            "office_from",
            "office_until",
            "call_limit_min",
            "missed_calls_email",
            *forced_calls.FIELDS,
            "sms_wait_s",
        ]
        field_classes = dict.fromkeys(
            ("office_from", "office_until", "forced_from", "forced_until"), ClockField
        )
        widgets = {"consent_on": day_input()}
        help_texts = {
            "call_limit_min": _("Empty: as in the organisation."),
            "missed_calls_email": _("Empty: no e-mail is sent when the resident did not answer."),
            "forced_by_relatives": _("Each relative needs the right too, on their own page."),
            "forced_most_per_day": _("0: none at all."),
            "forced_countdown_s": _("From 5 to 30."),
            "remote_view_allowed": _(
                "The resident sees on the screen that somebody looks, and it is logged."
            ),
            "press_screen": _("At once is the safest. Change it only where help is often called by mistake."),
            "sms_wait_s": _("From 30 to 600. Then the device writes to the next one."),
        }

    def clean(self) -> dict[str, Any] | None:
        """Require viewing for touching, and consent for remote views (K10)."""
        cleaned = super().clean()
        data = self.cleaned_data
        is_forced = data.get("forced_by_professionals") or data.get("forced_by_relatives")
        if is_forced and not (data.get("consent_by") and data.get("consent_on")):
            words = _("Forced calls need consent on file: who gave it, and when.")
            self.add_error("consent_by", ValidationError(words, code="consent"))
        if data.get("consent_on") and data["consent_on"] > localdate():
            self.add_error("consent_on", ValidationError(_("This day has not come yet.")))
        if self.cleaned_data.get("remote_view_may_touch") and not self.cleaned_data.get(
            "remote_view_allowed"
        ):
            self.add_error(
                "remote_view_may_touch", ValidationError(_("Touching needs looking: allow both, or neither."))
            )
        return cleaned

    def common(self) -> list[forms.BoundField]:
        """Return the fields that are not about forced calls."""
        return [field for field in self if field.name not in forced_calls.FIELDS]

    def forced(self) -> list[forms.BoundField]:
        """Return the fields about forced calls (V12, K5)."""
        return [self[name] for name in forced_calls.FIELDS]


class ClosedDayForm(PlainForm, forms.Form):
    """A day on which an organisation's offices are closed."""

    day = forms.DateField(label=_("The office is closed on"), widget=day_input())

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation = organisation

    def clean_day(self) -> date:
        """Return a day within the next two years; limit their number."""
        day: date = self.cleaned_data["day"]
        if not 0 <= (day - localdate()).days <= 730:
            raise ValidationError(_("A day of the next two years, please."))
        if self._organisation.closed_days.count() >= MOST_CLOSED_DAYS:
            raise ValidationError(_("There can be at most 100 closed days. Remove some that are over."))
        return day

    def save(self) -> None:
        """Save the day, if it is not saved already."""
        self._organisation.closed_days.get_or_create(day=self.cleaned_data["day"])


class EscalationForm(RowForm[EscalationContact]):
    """Somebody who is notified when nobody answers; numbers are validated (S3)."""

    class Meta:
        model = EscalationContact
        fields = ["name", "role", "office_phone", "other_phone", "email"]
        help_texts = {
            "other_phone": _("Empty if it is the same number."),
            "email": _("The desk writes here when nobody has answered a call for help."),
        }

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._time_zone = time_zone
        self.fields["role"].required = False
        for name in ("office_phone", "other_phone"):
            self.fields[name].widget.input_type = "tel"

    def clean_role(self) -> str:
        """Return the role; it is optional."""
        return self.cleaned_data["role"] or EscalationContact.Role.RESPONDER

    def clean_office_phone(self) -> str:
        """Return the number in the modem's format."""
        return e164(self.cleaned_data["office_phone"], time_zone=self._time_zone)

    def clean_other_phone(self) -> str:
        """Return the number in the modem's format, or an empty text."""
        number = self.cleaned_data["other_phone"]
        return e164(number, time_zone=self._time_zone) if number else ""
