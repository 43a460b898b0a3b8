"""Forms of settings for many views; what is left open stays as it is."""

from datetime import time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField, PlainForm, RowForm, offer
from cloud.base.languages import LANGUAGES
from cloud.organisations.models import Organisation, User
from cloud.screens.forms import ELEMENTS, HOME_AFTER, PRESSES, SCALES, SLIDE_SHOWS
from cloud.screens.models import ResidentView, ScreenGroup, ViewTemplate
from cloud.screens.view_values import Values, plain

STAYS = _("as it is")
_ON_OR_OFF = [("", STAYS), ("1", _("on")), ("0", _("off"))]


def _is_on(value: str) -> bool:
    return value == "1"


def _field(name: str) -> forms.Field:
    label = cast(Any, ResidentView._meta.get_field(name)).verbose_name
    if name in ("night_from", "night_until"):
        return ClockField(label=label, required=False)
    choices: list[tuple[Any, Any]] = _CHOICES.get(name, _ON_OR_OFF)
    coerce: Any = _COERCE.get(name, str if name in _CHOICES else _is_on)
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=coerce, required=False, empty_value=None
    )


_CHOICES: dict[str, list[tuple[Any, Any]]] = {
    "language": [("", STAYS), *LANGUAGES],
    "profile": [("", STAYS), *ResidentView.Profile.choices],
    "colours": [("", STAYS), *ResidentView.Colours.choices],
    "text_scale": [("", STAYS), *SCALES],
    "hang_up_presses": [("", STAYS), *PRESSES],
    "home_after_s": [("", STAYS), *HOME_AFTER],
    "slide_show_after_min": [("", STAYS), *SLIDE_SHOWS],
}
_COERCE = {"text_scale": float, "hang_up_presses": int, "home_after_s": int, "slide_show_after_min": int}
LOOKS = (
    "language", "profile", "text_scale", "colours", "night_from", "night_until", "high_contrast",
    "speak_on_touch", "hang_up_presses", "home_after_s", "slide_show_after_min",
)  # fmt: skip


class ManyForm(PlainForm, forms.Form):
    """Whose screens, and which of their settings."""

    target = forms.ChoiceField(label=_("Whose screens"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations = list(Organisation.objects.visible_to(user).order_by("path"))
        groups = list(ScreenGroup.objects.visible_to(user).select_related("organisation"))
        self._targets: dict[str, Organisation | ScreenGroup] = {
            **{f"organisation-{each.pk}": each for each in organisations},
            **{f"group-{each.pk}": each for each in groups},
        }
        named = [(f"group-{each.pk}", f"{each} ({each.organisation})") for each in groups]
        offered = [(_("Groups"), named)] if named else []
        all_of = [(f"organisation-{each.pk}", str(each)) for each in organisations]
        cast(forms.ChoiceField, self.fields["target"]).choices = [
            *offered,
            (_("Everybody in an organisation, and in those below it"), all_of),
        ]
        self.fields |= {name: _field(name) for name in (*ELEMENTS, *LOOKS)}

    def clean(self) -> dict[str, Any] | None:
        """Refuse a form in which nothing would change."""
        cleaned = super().clean()
        if not self.errors and not self.values():
            raise ValidationError(_("Choose at least one setting that is to change."), code="nothing")
        return cleaned

    def target_rows(self) -> Organisation | ScreenGroup:
        """Return the organisations, groups and residents that were chosen."""
        return self._targets[self.cleaned_data["target"]]

    def values(self) -> Values:
        """The settings that were chosen, as JSON has them."""
        named = {name: self.cleaned_data.get(name) for name in (*ELEMENTS, *LOOKS)}
        return {name: plain(value) for name, value in named.items() if value is not None}

    def elements(self) -> list[tuple[str, forms.BoundField]]:
        """Each element's icon and its choice."""
        return [(icon, self[name]) for name, icon in ELEMENTS.items()]

    def looks(self) -> list[forms.BoundField]:
        """Return the fields of the screen's appearance."""
        return [self[name] for name in LOOKS]


def as_initial(values: Values) -> dict[str, Any]:
    """Settings as the fields of the form take them."""
    return {name: str(int(value)) if isinstance(value, bool) else value for name, value in values.items()}


class ScreenGroupForm(RowForm[ScreenGroup]):
    """The name of a group, and where it belongs."""

    class Meta:
        model = ScreenGroup
        fields = ["name", "organisation"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user).order_by("path"))
        if not self.instance.pk:
            self.initial["organisation"] = user.organisation.pk


class ViewTemplateForm(PlainForm, forms.ModelForm):  # type: ignore[type-arg]
    """The name under which settings are kept."""

    class Meta:
        model = ViewTemplate
        fields = ["name"]


# What every organisation can begin with.
READY: dict[str, tuple[object, Values]] = {
    "quiet-night": (
        _("Quiet night"),
        {"colours": "auto", "night_from": plain(time(20)), "night_until": plain(time(8)), "mute": True},
    ),
    "only-relatives": (
        _("Only relatives"),
        {"relatives": True, "cafe": False, "calendar": False, "queue": False},
    ),
    "large-and-clear": (
        _("Large and clear"),
        {"text_scale": 1.45, "high_contrast": True, "speak_on_touch": True, "profile": "simple"},
    ),
}
