"""Forms for applications, decisions and registration settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm, RowForm, offer
from cloud.calls.forms import LinkForm
from cloud.family.models import Application, RelativesSettings
from cloud.organisations.models import User
from cloud.people.models import NAME_LENGTH, Contact, Resident
from cloud.people.phone import e164

MOST_CHECKED = 200
LIFETIMES = [(30, _("one month")), (90, _("three months")), (365, _("one year"))]
VIEWS = [
    ("both", _("they see each other and can call each other")),
    ("one-way", _("the relative can call; the resident does not see the relative")),
    ("forced", _("they see each other, and the relative may also make forced calls")),
]


class ApplicationForm(RowForm[Application]):
    """The applicant, the resident to call, and consent."""

    consent = forms.BooleanField(label=_("I agree that my data are used as it says here"))

    class Meta:
        model = Application
        fields = ["first_name", "last_name", "email", "phone", "resident_name", "relation"]
        help_texts = {
            "email": _("Your personal link is sent there."),
            "relation": _("For example daughter, neighbour, friend."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("first_name", "given-name"), ("last_name", "family-name"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = kind
        self.fields["phone"].widget.input_type = "tel"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"

    def clean_phone(self) -> str:
        """Return the number as E.164, or an empty text."""
        number = self.cleaned_data["phone"]
        return e164(number, time_zone=settings.TIME_ZONE) if number else ""


class CodeForm(PlainForm, forms.Form):
    """The code that was sent to an applicant's address, typed in by them."""

    code = forms.CharField(label=_("The code that was sent to you"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class LostForm(PlainForm, forms.Form):
    """The e-mail address of a contact."""

    email = forms.EmailField(label=_("Your e-mail address"))


class ApproveForm(PlainForm, forms.Form):
    """The settings of the relation; the residents are selected beside it."""

    view = forms.ChoiceField(label=_("What they may"), choices=VIEWS, initial="both")
    words = forms.CharField(
        label=_("relation, in the resident's words"), max_length=NAME_LENGTH, required=False
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Somebody who is known already"), required=False
    )

    def __init__(self, *args: Any, user: User, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["words"] = application.relation
        known = Contact.objects.visible_to(user).filter(
            email__iexact=application.email, anonymised_at=None, locked=False
        )
        # Colleagues sign in: they get no personal link.
        known = known.filter(role=Contact.Role.RELATIVE, staffcontact=None)
        offer(self.fields["contact"], known, nobody=str(_("no, somebody new")))
        if not known.exists():
            del self.fields["contact"]


class RefuseForm(PlainForm, forms.Form):
    """The reason of a refusal, which is sent to the applicant."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class RegistrationLinkForm(LinkForm):
    """The validity period of a new registration link."""

    days = forms.TypedChoiceField(label=_("The link works for"), choices=LIFETIMES, coerce=int, initial=90)


class RelativesSettingsForm(RowForm[RelativesSettings]):
    """Who is notified of applications, and whether a code is required."""

    class Meta:
        model = RelativesSettings
        fields = ["notice_email", "asks_code"]
        help_texts = {
            "notice_email": _("Empty: the address of the organisation above."),
            "asks_code": _("By text message where the organisation has a channel for them, else by e-mail."),
        }


def checked(data: QueryDict, name: str, most: int = MOST_CHECKED) -> list[int]:
    """Return the selected ids up to the limit; invalid ones are ignored."""
    return [int(each) for each in data.getlist(name)[:most] if each.isdecimal() and len(each) < 18]


def residents_like(user: User, words: str, most: int) -> list[Resident]:
    """Return visible residents with any of these words in their name, best matches first."""
    wanted = [word.casefold() for word in words.replace("\0", "").split()[:8]]
    rows = Resident.objects.visible_to(user).present().select_related("organisation")
    asked = Q()
    for word in wanted:
        asked |= Q(first_name__icontains=word) | Q(last_name__icontains=word)
    found = list(rows.filter(asked)[: 10 * most]) if wanted else []
    found.sort(key=lambda each: -sum(word in str(each).casefold() for word in wanted))
    return found[:most]
