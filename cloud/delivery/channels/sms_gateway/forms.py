"""Settings of an HTTP gateway."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import LockingForm


class GatewayForm(LockingForm, forms.Form):
    """The gateway's address, and the secret that signs requests in both directions."""

    url = forms.CharField(label=_("Address (HTTPS)"), max_length=500, validators=[URLValidator(["https"])])
    secret = forms.CharField(
        label=_("secret of the signature"),
        max_length=200,
        min_length=16,
        strip=True,
        help_text=_("Signs what the desk sends, and what the gateway reports."),
    )
    sender = forms.RegexField(
        r"^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$",
        label=_("Sender"),
        help_text=_("A number as +358…, or up to 11 letters and digits."),
    )
