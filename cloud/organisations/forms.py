"""The form of name and password, with one answer to every wrong sign-in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm
from cloud.organisations import throttle


class SignInForm(PlainForm, AuthenticationForm):
    """Name and password; an error says neither which was wrong nor whether the account is locked."""

    error_messages = {
        "invalid_login": _("The user name or the password is wrong."),
        "inactive": _("The user name or the password is wrong."),
    }
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check the password, unless there were too many wrong ones."""
        name = self.cleaned_data.get("username", "").strip()
        # E-mail addresses are not case-sensitive.
        name = self.cleaned_data["username"] = name.lower() if "@" in name else name
        if not name or not self.cleaned_data.get("password"):
            return self.cleaned_data
        address = self.request.META.get("REMOTE_ADDR") if self.request else None
        browser = throttle.known_browser(self.request, name)
        if not throttle.begin(name, address, browser):
            raise forms.ValidationError(
                _("Too many attempts have failed. Please wait 15 minutes and try again."), code="closed"
            )
        cleaned: dict[str, Any] = super().clean()
        throttle.succeeded(name, address, browser)
        return cleaned


class ForgottenForm(PlainForm, forms.Form):
    """The address of an account."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autofocus": True, "autocomplete": "username"}),
    )
