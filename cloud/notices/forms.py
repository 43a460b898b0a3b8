"""Forms of recipients, contracts, templates and notification rules."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField, PlainForm, RowForm, day_input, file_input, file_of, offer
from cloud.base.found_choices import offer_found
from cloud.base.languages import LANGUAGES
from cloud.delivery.outbox import Address
from cloud.notices.contracts import is_number_taken, possible_contacts
from cloud.notices.events import type_of, types
from cloud.notices.files import KINDS, MOST_BYTES
from cloud.notices.models import (
    Contract,
    ContractContact,
    NoticeRule,
    NoticeTemplate,
    Recipient,
    TemplateFile,
)
from cloud.notices.recipients import contacts_of
from cloud.notices.words import problems
from cloud.organisations.models import Organisation, User
from cloud.people.models import Resident
from cloud.people.phone import e164, takes_text_messages

MOST_ADDRESSES = 10
ZONE = "Europe/Helsinki"
_WORDS = [f"{part}_{code}" for code, _name in LANGUAGES for part in ("subject", "body")]


class RecipientForm(RowForm[Recipient]):
    """A recipient with several addresses of each kind, one a line."""

    emails = forms.CharField(
        label=_("E-mail addresses, one a line"), required=False, widget=forms.Textarea({"rows": 2})
    )
    numbers = forms.CharField(
        label=_("Numbers for text messages, one a line"), required=False, widget=forms.Textarea({"rows": 2})
    )
    quiet_from = ClockField(label=_("quiet from"), required=False)
    quiet_until = ClockField(label=_("quiet until"), required=False)

    class Meta:
        model = Recipient
        fields = ["name", "contact", "language", "is_main", "is_notified", "quiet_from", "quiet_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.instance.organisation
        offer(self.fields["contact"], contacts_of(owner), gettext("nobody: a person of the organisation"))
        self.fields["contact"].required = False
        if self.instance.pk:
            held = list(self.instance.addresses.all())
            self.fields["emails"].initial = "\n".join(each.value for each in held if each.kind == "email")
            self.fields["numbers"].initial = "\n".join(each.value for each in held if each.kind == "phone")

    @property
    def addresses(self) -> list[Address]:
        """Return all addresses, once the form is valid."""
        emails, numbers = self.cleaned_data["emails"], self.cleaned_data["numbers"]
        return [Address("email", each) for each in emails] + [Address("phone", each) for each in numbers]

    def clean_emails(self) -> list[str]:
        """Validate each line as an e-mail address."""
        lines = _lines(self.cleaned_data["emails"])
        for line in lines:
            validate_email(line)
        return lines

    def clean_numbers(self) -> list[str]:
        """Convert each line to an E.164 number that accepts SMS (M10)."""
        numbers = [e164(line, time_zone=ZONE) for line in _lines(self.cleaned_data["numbers"])]
        for number in numbers:
            if not takes_text_messages(number):
                raise ValidationError(_("%(number)s takes no text messages."), params={"number": number})
        return list(dict.fromkeys(numbers))

    def clean(self) -> dict[str, Any] | None:
        """Require both ends of quiet hours."""
        cleaned = super().clean()
        if bool(self.cleaned_data.get("quiet_from")) != bool(self.cleaned_data.get("quiet_until")):
            self.add_error("quiet_until", ValidationError(_("Quiet hours need a beginning and an end.")))
        return cleaned


class ContractForm(RowForm[Contract]):
    """A contract: its number, who pays, and from when until when it is in force."""

    class Meta:
        model = Contract
        fields = ["organisation", "number", "payer", "begins", "ends"]
        widgets = {"begins": day_input(), "ends": day_input()}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["organisation"]
        else:
            offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))
            self.initial["organisation"] = user.organisation.pk

    def clean(self) -> dict[str, Any] | None:
        """Require a number that no other contract of the organisation has, and an end after the beginning."""
        cleaned = super().clean()
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", ValidationError(_("This is before the beginning.")))
        owner = self.cleaned_data.get("organisation") or (
            self.instance.organisation if self.instance.pk else None
        )
        number = self.cleaned_data.get("number")
        if owner and number and is_number_taken(number, owner, self.instance):
            self.add_error("number", ValidationError(_("Another contract has this number.")))
        return cleaned


class ContractContactForm(RowForm[ContractContact]):
    """A contact person of a contract, with at least one role in it."""

    class Meta:
        model = ContractContact
        fields = ["recipient", "is_main", "is_notified"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["recipient"], possible_contacts(self.instance.contract))

    def clean(self) -> dict[str, Any] | None:
        """Require a role."""
        cleaned = super().clean()
        if not (self.cleaned_data.get("is_main") or self.cleaned_data.get("is_notified")):
            self.add_error("is_main", ValidationError(_("Choose at least one of both.")))
        return cleaned


class ContractResidentForm(PlainForm, forms.Form):
    """A resident who is served under a contract from now on."""

    resident = forms.ModelChoiceField(Resident.objects.none(), label=_("Resident"))

    def __init__(self, *args: Any, contract: Contract, user: User, search: QueryDict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Resident.objects.visible_to(user).present()
        below = below.filter(organisation__path__startswith=contract.organisation.path)
        offer_found(self, "resident", below.exclude(contracts__contract=contract), search, nobody="")


class NewTemplateForm(PlainForm, forms.Form):
    """A new template; its event type cannot be changed later (N1)."""

    event = forms.ChoiceField(label=_("Event"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"] = forms.ChoiceField(
            label=_("Event"), choices=[(each.name, each.label) for each in types()]
        )


class NoticeTemplateForm(RowForm[NoticeTemplate]):
    """The texts in four languages, with the merge fields of the event type."""

    class Meta:
        model = NoticeTemplate
        fields = ["name", *_WORDS]
        widgets = {name: forms.Textarea({"rows": 3}) for name in _WORDS if name.startswith("body")}

    def clean(self) -> dict[str, Any] | None:
        """Require that every merge field in braces exists for this event."""
        cleaned = super().clean()
        event = type_of(self.instance.event)
        if event is None:
            raise ValidationError(_("This type of event does not exist any more."))
        for name in _WORDS:
            if wrong := problems(self.cleaned_data.get(name) or "", event):
                words = _("There is no %(wrong)s. These can be used: %(fields)s")
                known = ", ".join(f"{{{field}}}" for field in event.fields)
                self.add_error(name, ValidationError(words, params={"wrong": wrong[0], "fields": known}))
        if not any(self.cleaned_data.get(name) for name in _WORDS if name.startswith("body")):
            self.add_error("body_fi", ValidationError(_("A text needs words in at least one language.")))
        return cleaned


class NoticeRuleForm(RowForm[NoticeRule]):
    """The recipients of a template."""

    class Meta:
        model = NoticeRule
        fields = ["to", "role", "person"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template = self.instance.template
        offer(self.fields["person"], Recipient.serving(template.organisation), "–")
        event, to = type_of(template.event), self.fields["to"]
        if isinstance(to, forms.ChoiceField) and (event is None or "performer" not in event.fields):
            to.choices = [each for each in NoticeRule.To.choices if each[0] != NoticeRule.To.PERFORMER]

    def clean(self) -> dict[str, Any] | None:
        """Require a role or a person exactly where the kind needs one."""
        cleaned = super().clean()
        to = self.cleaned_data.get("to")
        if to == NoticeRule.To.ROLE and not self.cleaned_data.get("role"):
            self.add_error("role", ValidationError(_("Choose a role.")))
        if to == NoticeRule.To.PERSON and not self.cleaned_data.get("person"):
            self.add_error("person", ValidationError(_("Choose a person.")))
        return cleaned


class FileForm(PlainForm, forms.Form):
    """A file that is sent as a link."""

    file = forms.FileField(
        label=_("File (PDF, picture or text, up to 10 MB)"),
        widget=file_input(",".join(KINDS), MOST_BYTES, _("The file is larger than 10 MB.")),
    )

    def made(self, template: NoticeTemplate) -> TemplateFile:
        """Return the row, once the form is valid."""
        upload = self.cleaned_data["file"]
        return TemplateFile(
            template=template, name=upload.name[-120:], content_type=upload.content_type, data=upload.read()
        )

    def clean_file(self) -> Any:
        """Validate type and size of the file."""
        upload = self.cleaned_data["file"]
        found = file_of(upload)
        if found is None or found[1] > MOST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB."))
        if upload.content_type not in KINDS:
            raise ValidationError(_("This kind of file cannot be sent."))
        return upload


def _lines(text: str) -> list[str]:
    lines = list(dict.fromkeys(line.strip() for line in re.split(r"[\n,;]", text) if line.strip()))
    if len(lines) > MOST_ADDRESSES:
        raise ValidationError(_("At most %(most)d addresses."), params={"most": MOST_ADDRESSES})
    return lines
