"""Forms of events and of table settings."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.base.forms import ClockField, PlainForm, RowForm, day_input, offer
from cloud.base.found_choices import offer_found
from cloud.cafe import event_pictures
from cloud.cafe.models import CafeSettings, Meeting
from cloud.cafe.rooms import hosts_for
from cloud.organisations.models import Organisation, User
from cloud.people import photo
from cloud.people.models import Resident
from cloud.people.picture_field import PictureField
from cloud.screens.models import ScreenGroup


class MeetingForm(RowForm[Meeting]):
    """An event with separate day and times, in the desk's time zone."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    begins = ClockField(label=_("From"))
    finishes = ClockField(label=_("Until"))
    picture = PictureField(
        photo.whole_jpeg,
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP or HEIC, at most 10 MB. It is shown with the invitation."),
    )
    without_picture = forms.BooleanField(label=_("Remove the picture"), required=False)

    class Meta:
        model = Meeting
        fields = [
            "organisation",
            "title",
            "repeats_days",
            "hosts",
            "everybody",
            "groups",
            "invited",
            "only_hosts_speak",
            "ends_when_hosts_leave",
        ]
        labels = {"organisation": _("Organisation")}
        widgets = {"groups": forms.CheckboxSelectMultiple}

    field_order = ("organisation", "title", "picture", "without_picture", "day", "begins", "finishes")

    def __init__(self, *args: Any, user: User, search: QueryDict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["organisation"], Organisation.objects.visible_to(user))
        offer_found(self, "hosts", hosts_for(user).order_by("last_name", "first_name", "pk"), search)
        offer(self.fields["groups"], ScreenGroup.objects.visible_to(user))
        offer_found(self, "invited", Resident.objects.visible_to(user).present(), search)
        if not self.instance.picture_id:
            del self.fields["without_picture"]
        if self.instance.pk:
            starts = timezone.localtime(self.instance.starts_at)
            ends = timezone.localtime(self.instance.ends_at)
            self.initial.update(day=starts.date(), begins=f"{starts:%H:%M}", finishes=f"{ends:%H:%M}")

    def save(self, commit: bool = True) -> Meeting:
        """Save the event, and its picture where one was chosen."""
        if jpeg := self.cleaned_data.get("picture"):
            self.instance.picture = event_pictures.keep(jpeg, self.instance.organisation)
        elif self.cleaned_data.get("without_picture"):
            self.instance.picture = None
        meeting: Meeting = super().save(commit)
        event_pictures.forget_unused()
        return meeting

    def clean(self) -> dict[str, Any]:
        """Require an end after the start, and an invitation."""
        cleaned = super().clean() or {}
        day, begins, finishes = (cleaned.get(name) for name in ("day", "begins", "finishes"))
        if day and begins and finishes:
            zone = timezone.get_current_timezone()
            starts, ends = (datetime.combine(day, each, zone) for each in (begins, finishes))
            if ends <= starts:
                ends += timedelta(days=1)
            if ends <= timezone.now():
                self.add_error("day", _("This is over already."))
            self.instance.starts_at, self.instance.ends_at = starts, ends
        if not any(cleaned.get(name) for name in ("everybody", "groups", "invited")):
            self.add_error("invited", _("Somebody must be invited."))
        return cleaned


class CafeSettingsForm(RowForm[CafeSettings]):
    """The table settings of an organisation."""

    class Meta:
        model = CafeSettings
        fields = ["relatives_may_join", "ends_when_hosts_leave", "asks_after_min"]


class RecordForm(PlainForm, forms.Form):
    """The period of the record."""

    since = forms.DateField(label=_("From"), required=False, widget=day_input())
    until = forms.DateField(label=_("Until"), required=False, widget=day_input())
