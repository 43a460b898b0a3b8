"""Forms of the help board: the outcome of a request, and the monitoring partner."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import RowForm
from cloud.help.models import HelpRequest, Partner

SHORTEST_SECRET = 16


class ClosingForm(forms.Form):
    """The outcome of a request, with free text for any other."""

    outcome = forms.ChoiceField(
        label=_("How did it end?"), choices=HelpRequest.Outcome, widget=forms.RadioSelect
    )
    outcome_words = forms.CharField(label=_("in words"), max_length=300, required=False)

    def clean(self) -> dict[str, Any] | None:
        """Require the text for the choice "other"."""
        if self.cleaned_data.get("outcome") == HelpRequest.Outcome.OTHER and not self.cleaned_data.get(
            "outcome_words"
        ):
            self.add_error("outcome_words", ValidationError(_("Please say what it was."), code="required"))
        return super().clean()


class PartnerForm(RowForm[Partner]):
    """The monitoring partner of an organisation. A stored secret is never shown again."""

    class Meta:
        model = Partner
        fields = ["name", "email", "webhook_url", "webhook_secret", "after_s", "again_min", "only_registered"]
        widgets = {"webhook_secret": forms.PasswordInput({"autocomplete": "new-password"})}
        help_texts = {
            "webhook_url": _("Each alarm is posted there as JSON, with a signature."),
            "webhook_secret": _("At least 16 characters, agreed with the partner. Empty: as before."),
            "after_s": _("0: at once, for a partner who answers every alarm; at most 180."),
            "again_min": _("For as long as nobody answers; from 1 to 60."),
        }

    def clean_webhook_secret(self) -> str:
        """Return the new secret, or the stored one."""
        secret: str = self.cleaned_data["webhook_secret"]
        if secret and len(secret) < SHORTEST_SECRET:
            raise ValidationError(_("At least 16 characters."), code="short")
        return secret or str(self.initial.get("webhook_secret", ""))

    def clean(self) -> dict[str, Any] | None:
        """Require a way to reach the partner, and a secret for its webhook."""
        cleaned = super().clean()
        data = self.cleaned_data
        if data.get("webhook_url") and "webhook_secret" in data and not data["webhook_secret"]:
            self.add_error("webhook_secret", ValidationError(_("Alarms are signed: a secret is needed.")))
        if not self.errors and not data.get("webhook_url") and not data.get("email"):
            raise ValidationError(_("Give an e-mail address, an address for alarms, or both."))
        return cleaned
