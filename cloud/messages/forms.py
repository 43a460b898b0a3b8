"""Forms of message texts, reminders, and messages to one resident."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm, RowForm, offer
from cloud.base.languages import LANGUAGES
from cloud.messages.merge import FIELDS, problems
from cloud.messages.models import LONGEST_WRITTEN, TITLE_LENGTH, MessageText, ReminderChannel, ReminderType
from cloud.organisations.models import Organisation
from cloud.people.phone import e164, takes_text_messages

BODIES = [f"body_{code}" for code, _name in LANGUAGES]
LEADS = [
    ("0", _("when it begins")),
    ("15", _("15 minutes before")),
    ("30", _("30 minutes before")),
    ("60", _("1 hour before")),
    ("120", _("2 hours before")),
    ("720", _("12 hours before")),
    ("1440", _("1 day before")),
]


class MessageTextForm(RowForm[MessageText]):
    """A text in four languages, with valid merge fields."""

    class Meta:
        model = MessageText
        fields = ["code", "kind", "description", *BODIES]
        widgets = {name: forms.Textarea({"rows": 3}) for name in BODIES}

    def clean(self) -> dict[str, Any] | None:
        """Require that every merge field in braces exists."""
        cleaned = super().clean()
        bodies = {name: self.cleaned_data.get(name) or "" for name in BODIES}
        for name, body in bodies.items():
            if wrong := problems(body):
                words = _("There is no %(wrong)s. These can be used: %(fields)s")
                known = ", ".join(f"{{{field}}}" for field in FIELDS)
                self.add_error(name, ValidationError(words, params={"wrong": wrong[0], "fields": known}))
        if not any(bodies.values()):
            self.add_error(BODIES[0], ValidationError(_("A text needs words in at least one language.")))
        code, owner = self.cleaned_data.get("code"), self.instance.organisation
        same = MessageText.serving(owner).filter(organisation=owner, code=code).exclude(pk=self.instance.pk)
        if code and same.exists():
            self.add_error("code", ValidationError(_("Another text has this code.")))
        is_used = self.instance.pk and self.instance.remindertype_set.exists()
        if is_used and self.cleaned_data.get("kind") == MessageText.Kind.OTHER:
            self.add_error("kind", ValidationError(_("A reminder has this text.")))
        return cleaned


class ReminderTypeForm(RowForm[ReminderType]):
    """Which appointments have reminders, when, and how."""

    leads = forms.MultipleChoiceField(
        label=_("Reminded"), choices=LEADS, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = ReminderType
        fields = [
            "name",
            "keyword",
            "text",
            "evening_before",
            "any_hour",
            "channel",
            "asks_confirmation",
            "confirm_within_min",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = MessageText.serving(self.instance.organisation, MessageText.Kind.REMINDER)
        offer(self.fields["text"], texts)
        self.fields["leads"].initial = [str(each) for each in self.instance.leads_min]

    def clean(self) -> dict[str, Any] | None:
        """Require at least one time, and a screen where a confirmation is asked for."""
        cleaned = super().clean()
        leads = [int(each) for each in self.cleaned_data.get("leads") or []]
        if not leads and not self.cleaned_data.get("evening_before"):
            self.add_error("leads", ValidationError(_("Choose when to remind.")))
        is_text_only = self.cleaned_data.get("channel") == ReminderChannel.PHONE
        if is_text_only and self.cleaned_data.get("asks_confirmation"):
            words = _("Only the screen can ask to be confirmed: choose a channel with it.")
            self.add_error("channel", ValidationError(words))
        self.instance.leads_min = leads
        return cleaned


class OwnPhoneForm(PlainForm, forms.Form):
    """The resident's own mobile number, or empty."""

    number = forms.CharField(label=_("the resident's own mobile number"), max_length=40, required=False)

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._time_zone = time_zone

    def clean_number(self) -> str:
        """Return the number as E.164; it must accept text messages."""
        text: str = self.cleaned_data["number"]
        number = e164(text, time_zone=self._time_zone) if text else ""
        if number and not takes_text_messages(number):
            raise ValidationError(_("%(number)s takes no text messages."), params={"number": number})
        return number


class _Written(PlainForm, forms.Form):
    """A message: its words are a predefined text, or written here."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    ready = forms.ModelChoiceField(MessageText.objects.none(), label=_("Ready text"), required=False)
    body = forms.CharField(
        label=_("Text"), max_length=LONGEST_WRITTEN, required=False, widget=forms.Textarea({"rows": 3})
    )

    fields_of_text: tuple[str, ...] = FIELDS
    needs_words = True

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = MessageText.serving(organisation, MessageText.Kind.OTHER)
        offer(self.fields["ready"], texts, str(_("no ready text")))

    def clean_ready(self) -> MessageText | None:
        """Require that the fields of the text are known for this message."""
        ready: MessageText | None = self.cleaned_data["ready"]
        for body in ready.bodies if ready else ():
            self._check(body)
        return ready

    def clean_body(self) -> str:
        """Require that every merge field in braces exists."""
        body: str = self.cleaned_data["body"]
        self._check(body)
        return body

    def clean(self) -> dict[str, Any] | None:
        """Require words, from one of both."""
        cleaned = super().clean()
        given = [name for name in ("ready", "body") if self.cleaned_data.get(name)]
        if len(given) > 1:
            self.add_error("body", ValidationError(_("Choose a ready text, or write one: not both.")))
        if self.needs_words and not given and not self.errors:
            self.add_error("body", ValidationError(_("Choose a ready text, or write one.")))
        return cleaned

    def words(self, language: str) -> str:
        """Return the text with its merge fields, in this language where it is a predefined one."""
        ready: MessageText | None = self.cleaned_data["ready"]
        return ready.body(language) if ready else str(self.cleaned_data["body"])

    def _check(self, body: str) -> None:
        if wrong := problems(body, self.fields_of_text):
            words = _("There is no %(wrong)s. These can be used: %(fields)s")
            known = ", ".join(f"{{{field}}}" for field in self.fields_of_text)
            raise ValidationError(words, params={"wrong": wrong[0], "fields": known})


class SendForm(_Written):
    """A message to one resident, sent now."""

    fields_of_text = ("first_name", "organisation")
    needs_words = False

    any_hour = forms.BooleanField(label=_("also outside 8:00-21:00"), required=False)


class GroupForm(_Written):
    """A message to those who are booked; their appointments of that day may be cancelled too."""

    cancels = forms.BooleanField(label=_("These appointments are cancelled"), required=False)


class HomeForm(_Written):
    """A message to the residents of a home."""

    fields_of_text = ("first_name", "organisation")

    any_hour = forms.BooleanField(label=_("also outside 8:00-21:00"), required=False)
