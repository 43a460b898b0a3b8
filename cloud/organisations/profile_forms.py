"""Forms of the user's own account."""

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm


class OwnPasswordForm(PlainForm, PasswordChangeForm):
    """The old password, and a new one twice."""


class CodeForm(PlainForm, forms.Form):
    """A one-time code, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}),
    )
