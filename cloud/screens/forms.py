"""Forms of the device page."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField, RowForm
from cloud.base.found_choices import offer_found
from cloud.devices.models import Device
from cloud.organisations.models import User
from cloud.people.models import Resident
from cloud.screens.models import ResidentView

ELEMENTS = {
    "cafe": "cup",
    "relatives": "heart",
    "urgent_call": "phone",
    "calendar": "calendar",
    "mute": "mute",
    "clock": "clock",
    "date": "date",
    "queue": "chat",
}
NORDIC = ["Europe/Helsinki", "Europe/Stockholm", "Europe/Copenhagen", "Europe/Oslo", "Atlantic/Reykjavik"]
PRESSES = [(1, _("one press")), (2, _("two presses"))]
HOME_AFTER = [
    (30, _("after 30 seconds without a touch")),
    (60, _("after a minute without a touch")),
    (90, _("after a minute and a half without a touch")),
    (180, _("after 3 minutes without a touch")),
    (300, _("after 5 minutes without a touch")),
]
SLIDE_SHOWS = [
    (0, _("only when they are opened")),
    (5, _("after 5 minutes without a touch")),
    (15, _("after 15 minutes without a touch")),
    (30, _("after 30 minutes without a touch")),
]
SCALES = [(1.0, "100 %"), (1.15, "115 %"), (1.3, "130 %"), (1.45, "145 %"), (1.6, "160 %")]


def _zones() -> list[tuple[object, object]]:
    others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in NORDIC)
    return [
        (_("Nordic countries"), [(zone, zone) for zone in NORDIC]),
        (_("Elsewhere"), [(zone, zone) for zone in (*others, "UTC")]),
    ]


class ViewForm(RowForm[ResidentView]):
    """The elements and appearance of one resident's screen."""

    time_zone = forms.ChoiceField(label=_("time zone"), choices=_zones)
    text_scale = forms.TypedChoiceField(label=_("text size"), choices=SCALES, coerce=float)
    hang_up_presses = forms.TypedChoiceField(label=_("hanging up needs"), choices=PRESSES, coerce=int)

    home_after_s = forms.TypedChoiceField(label=_("the home page comes back"), choices=HOME_AFTER, coerce=int)
    slide_show_after_min = forms.TypedChoiceField(
        label=_("pictures from relatives"), choices=SLIDE_SHOWS, coerce=int
    )

    class Meta:
        model = ResidentView
        fields = [
            *ELEMENTS,
            "language",
            "time_zone",
            "profile",
            "text_scale",
            "colours",
            "night_from",
            "night_until",
            "high_contrast",
            "speak_on_touch",
            "hang_up_presses",
            "home_after_s",
            "slide_show_after_min",
        ]
        field_classes = {"night_from": ClockField, "night_until": ClockField}

    def elements(self) -> list[tuple[str, forms.BoundField]]:
        """Return each element's icon and its switch."""
        return [(icon, self[name]) for name, icon in ELEMENTS.items()]

    def looks(self) -> list[forms.BoundField]:
        """Return the fields of the appearance."""
        return [field for field in self if field.name not in ELEMENTS]


class DeviceForm(RowForm[Device]):
    """A device's organisation and resident (V9, V16)."""

    class Meta:
        model = Device
        fields = ["use", "resident"]
        labels = {"resident": _("Resident")}

    def __init__(self, *args: object, user: User, search: QueryDict, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        free = Resident.objects.visible_to(user).present().filter(device=None)
        own = Resident.objects.visible_to(user).filter(device=self.instance)
        offer_found(self, "resident", free | own, search, nobody=str(_("Nobody")))

    def clean(self) -> dict[str, Any] | None:
        """Set the organisation to the resident's."""
        cleaned = super().clean()
        resident = self.cleaned_data.get("resident")
        if resident:
            self.instance.organisation = resident.organisation
        return cleaned
