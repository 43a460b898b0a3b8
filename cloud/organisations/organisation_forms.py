"""The form of an organisation and its parent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import RowForm, offer
from cloud.organisations import tree
from cloud.organisations.models import CodeRule, Organisation, User
from cloud.organisations.roles import Role


class OrganisationForm(RowForm[Organisation]):
    """Name and parent; the top of what a user manages cannot be moved."""

    above = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("below"),
        help_text=_("Settings that are empty here are inherited from there."),
    )

    code_roles = forms.MultipleChoiceField(
        label=_("One-time codes are needed by"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Here and below, from the next time they sign in."),
    )

    class Meta:
        model = Organisation
        fields = ["name"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            given = CodeRule.objects.visible_to(user).filter(organisation=self.instance)
            self.initial["code_roles"] = list(given.values_list("role", flat=True))
        places = tree.possible_parents(self.instance, Organisation.objects.visible_to(user))
        above = self.instance.parent_id
        is_fixed = bool(self.instance.pk) and not (above and places.filter(pk=above).exists())
        if is_fixed:
            del self.fields["above"]
            return
        offer(self.fields["above"], places.order_by("path"))
        self.initial["above"] = above or user.organisation_id

    def clean(self) -> dict[str, Any] | None:
        """Require a unique name within the parent, and limit the depth."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.instance.name = self.cleaned_data["name"]
        tree.check_place(self.instance, self.cleaned_data.get("above", self.instance.parent))
        return cleaned

    def save(self, commit: bool = True) -> Organisation:
        """Save a new organisation, or its new name and parent; inside a transaction."""
        above = self.cleaned_data.get("above")
        if not self.instance.pk:
            self.instance.parent = above
        organisation: Organisation = super().save(commit)
        if above:
            tree.move(organisation, above)
        self._save_code_roles(organisation)
        return organisation

    def _save_code_roles(self, organisation: Organisation) -> None:
        wanted, before = set(self.cleaned_data["code_roles"]), set(self.initial.get("code_roles", []))
        for rule in organisation.coderule_set.filter(role__in=before - wanted):
            rule.delete()
        for role in sorted(wanted - before):
            organisation.coderule_set.get_or_create(role=role)
