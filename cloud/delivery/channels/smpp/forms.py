"""Settings of an SMPP account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import LockingForm


class SmppForm(LockingForm, forms.Form):
    """The operator's SMSC, and the account there."""

    host = forms.RegexField(r"^[A-Za-z0-9.-]{1,253}$", label=_("Server"))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=2775)
    tls = forms.BooleanField(label=_("encrypted (TLS)"), required=False)
    system_id = forms.RegexField(r"^[!-~]{1,15}$", label=_("Account (system_id)"))
    password = forms.RegexField(
        r"^[!-~]{1,8}$", label=_("Password"), help_text=_("SMPP allows 8 characters.")
    )
    system_type = forms.RegexField(
        r"^[!-~]{0,12}$", label=_("system_type, if the operator gave one"), required=False
    )
    sender = forms.RegexField(
        r"^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$",
        label=_("Sender"),
        help_text=_("A number as +358…, or up to 11 letters and digits."),
    )
