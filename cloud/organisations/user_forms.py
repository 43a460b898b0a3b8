"""Forms of users, their roles, and their passwords."""

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
    """A user's data. The e-mail address is also the user name."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "language", "organisation"]
        labels = {"email": _("E-mail address"), "organisation": _("organisation")}
        help_texts = {"email": _("It is also the user name.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        # Accounts created on the command line may have another kind of user name.
        self.fields["email"].required = not self.instance.pk or bool(self.instance.email)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))
        if not self.instance.pk:
            self.initial["organisation"] = user.organisation.pk

    def clean_email(self) -> str:
        """Return the address in lower case; require a unique one."""
        address: str = self.cleaned_data["email"].lower()
        if address and accounts.is_taken(address, self.instance):
            raise ValidationError(_("Somebody has this address already."), code="taken")
        if len(address) > LONGEST_USER_NAME:
            raise ValidationError(_("This address is too long."), code="long")
        return address

    def save(self, commit: bool = True) -> User:
        """Save, with the address as user name."""
        if self.cleaned_data["email"]:
            self.instance.username = self.cleaned_data["email"]
        user: User = super().save(commit)
        return user


class NewUserForm(UserForm):
    """A new user with a first role; they set their password themselves."""

    role = forms.ChoiceField(label=_("role"), choices=Role.choices)

    class Meta(UserForm.Meta):
        pass

    def save(self, commit: bool = True) -> User:
        """Create the account without a password, and its role."""
        self.instance.set_unusable_password()
        user = super().save(commit)
        user.give([Role(self.cleaned_data["role"])], user.organisation)
        return user


class GrantForm(RowForm[Grant]):
    """A further role in an organisation and those below it."""

    class Meta:
        model = Grant
        fields = ["role", "organisation"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        # The user's own form beside it has an organisation too.
        super().__init__(*args, auto_id="role_%s", **kwargs)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))

    def clean(self) -> dict[str, Any] | None:
        """Refuse a role that the user already has."""
        cleaned = super().clean()
        data = self.cleaned_data
        given = self.instance.user.grants.filter(role=data.get("role"), organisation=data.get("organisation"))
        if given.exists():
            raise ValidationError(_("This role has been given already."), code="twice")
        return cleaned


class NewPasswordForm(PlainForm, SetPasswordForm):  # type: ignore[type-arg]
    """The password form of the link that a user was sent."""
