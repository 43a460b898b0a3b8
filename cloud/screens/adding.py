"""Adding a device: the QR code for its wizard, and the printed sheet (K7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import segno
from cryptography.hazmat.primitives.serialization import Encoding
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cloud.base.forms import PlainForm, offer
from cloud.base.found_choices import offer_found
from cloud.devices.claims import LIFE, issue_claim
from cloud.organisations.models import Organisation, User
from cloud.people.models import Resident
from cloud.pki.authority import Authority
from device.contract.claim import Invitation, claim_letters, invitation_text, mark_of


class AddForm(PlainForm, forms.Form):
    """Whose the device will be: a resident's, or in stock."""

    resident = forms.ModelChoiceField(Resident.objects.none(), label=gettext_lazy("Resident"), required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Or into the stock of"), required=False
    )

    def __init__(self, *args: Any, user: User, search: QueryDict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_found(
            self, "resident", Resident.objects.visible_to(user).present(), search, nobody=_("Nobody yet")
        )
        offer(self.fields["organisation"], Organisation.objects.visible_to(user), nobody="–")

    def clean(self) -> dict[str, Any] | None:
        """Require a resident or an organisation."""
        cleaned = super().clean() or {}
        if not cleaned.get("resident") and not cleaned.get("organisation"):
            raise ValidationError(_("Say whose the device will be, or into whose stock it goes."))
        return cleaned


@dataclass(frozen=True)
class Invited:
    """A claim for people and wizards; it is shown once and works once."""

    code: str
    picture: SafeString
    desk: str
    until: datetime
    resident: Resident | None
    organisation: Organisation
    by: User

    @property
    def replaces(self) -> bool:
        """Return whether the resident has a device already, which enrolment will retire."""
        return self.resident is not None and hasattr(self.resident, "device")


def invite(
    resident: Resident | None, organisation: Organisation | None, by: User, authority: Authority
) -> Invited:
    """Create a claim, for 15 minutes and one device. Raises ``AuthorityError``."""
    owner = resident.organisation if resident else organisation
    if owner is None:
        raise ValidationError(_("Say whose the device will be, or into whose stock it goes."))
    mark = mark_of(authority.certificate.public_bytes(Encoding.DER))
    code = issue_claim(owner, resident, by)
    host, port = settings.DEVICE_HOST, settings.DEVICE_PORT
    text = invitation_text(Invitation(host=host, claim=claim_letters(code), port=port, mark=mark))
    # Safe: we draw it ourselves, from characters that the contract allows.
    picture = mark_safe(segno.make(text, error="m").svg_inline(scale=7, border=4, dark="#000", light="#fff"))  # noqa: S308
    until = timezone.now() + LIFE - timedelta(seconds=5)
    return Invited(code, picture, f"{host}:{port}", until, resident, owner, by)
