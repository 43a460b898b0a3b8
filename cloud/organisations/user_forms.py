"""The forms of users, their roles, and their passwords."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import PlainForm, RowForm, offer
from cloud.organisations import accounts
from cloud.organisations.models import Grant, Organisation, User
from cloud.organisations.roles import Role

# Django's own limit.
LONGEST_USER_NAME = 150


class UserForm(RowForm[User]):
    """Who somebody is. The e-mail address is also the user name."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "language", "organisation"]
        labels = {"email": _("E-mail address"), "organisation": _("organisation")}
        help_texts = {"email": _("It is also the user name.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        # Accounts that were made on the command line may have a user name of another kind.
        self.fields["email"].required = not self.instance.pk or bool(self.instance.email)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))
        if not self.instance.pk:
            self.initial["organisation"] = user.organisation.pk

    def clean_email(self) -> str:
        """The address in small letters, and nobody else's."""
        address: str = self.cleaned_data["email"].lower()
        if address and accounts.is_taken(address, self.instance):
            raise ValidationError(_("Somebody has this address already."), code="taken")
        if len(address) > LONGEST_USER_NAME:
            raise ValidationError(_("This address is too long."), code="long")
        return address

    def save(self, commit: bool = True) -> User:
        """The user name follows the address."""
        if self.cleaned_data["email"]:
            self.instance.username = self.cleaned_data["email"]
        user: User = super().save(commit)
        return user


class NewUserForm(UserForm):
    """Somebody new, with a first role; they choose a password by themselves."""

    role = forms.ChoiceField(label=_("role"), choices=Role.choices)

    class Meta(UserForm.Meta):
        pass

    def save(self, commit: bool = True) -> User:
        """The account without a password, and its role."""
        self.instance.set_unusable_password()
        user = super().save(commit)
        user.give([Role(self.cleaned_data["role"])], user.organisation)
        return user


class GrantForm(RowForm[Grant]):
    """One more role in an organisation and those below it."""

    class Meta:
        model = Grant
        fields = ["role", "organisation"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))

    def clean(self) -> dict[str, Any] | None:
        """A role is given once."""
        cleaned = super().clean()
        data = self.cleaned_data
        given = self.instance.user.grants.filter(role=data.get("role"), organisation=data.get("organisation"))
        if given.exists():
            raise ValidationError(_("This role has been given already."), code="twice")
        return cleaned


class NewPasswordForm(PlainForm, SetPasswordForm):  # type: ignore[type-arg]
    """A password, chosen by the link that a user was sent."""
