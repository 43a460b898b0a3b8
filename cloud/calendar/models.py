"""Appointments and the café's opening hours, in wall time."""

from collections.abc import Iterable

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident

LOCAL_TIME = RegexValidator(r"^\d{4}-\d\d-\d\dT\d\d:\d\d$", _("A day and a time are needed."))
# The contract's maximum for a café.
MOST_CLOSED_DAYS = 100


class Appointment(models.Model):
    """An appointment, once or recurring, with its ``occurrences`` as in the contract.

    Times are text, ``YYYY-MM-DDTHH:MM``, in wall time: a stored UTC would move the appointment whenever a
    zone changes its rules. An empty ``time_zone`` is the resident's own. ``source`` holds an imported series:
    its ``master`` event, its ``zones``, title and place, and the ``changed`` events by the occurrence that
    each replaces. ``problem`` is the code of a failed expansion.
    """

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="appointments")
    uid = models.CharField(max_length=255, blank=True, help_text="UID of an imported event")
    title = models.CharField(_("title"), max_length=300)
    place = models.CharField(_("place"), max_length=300, blank=True)
    starts = models.CharField(_("starts"), max_length=16, validators=[LOCAL_TIME])
    ends = models.CharField(_("ends"), max_length=16, blank=True, validators=[LOCAL_TIME])
    performer = models.CharField(_("performer"), max_length=150, blank=True)
    all_day = models.BooleanField(_("all day"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    rule = models.CharField(_("repeats"), max_length=500, blank=True)
    source = models.JSONField(default=dict, blank=True, editable=False)
    sequence = models.PositiveBigIntegerField(default=0, editable=False)
    occurrences = models.JSONField(default=list, editable=False)
    expanded_until = models.CharField(max_length=10, blank=True, editable=False)
    later = models.CharField(max_length=16, blank=True, editable=False, help_text="the next time after those")
    problem = models.CharField(max_length=40, blank=True, editable=False)

    objects = ScopedQuerySet["Appointment"].as_manager()

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "uid"], condition=~models.Q(uid=""), name="one_appointment_each_uid"
            )
        ]


class CancelledTime(models.Model):
    """A cancelled occurrence of an appointment, by its wall time."""

    organisation_path = "appointment__resident__organisation"

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="cancelled")
    starts = models.CharField(max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["CancelledTime"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "starts"], name="each_time_cancelled_once")
        ]


class Cafe(models.Model):
    """An organisation's virtual café: weekly hours and closed days, as in the contract (V25)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="cafe")
    name = models.CharField(_("name"), max_length=150)
    hours = models.JSONField(default=list)
    closed_on = models.JSONField(default=list)
    closed_on_holidays = models.BooleanField(_("closed on public holidays"), default=False)

    objects = ScopedQuerySet["Cafe"].as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def serving(cls, organisation: Organisation) -> "Cafe | None":
        """Return the café of this organisation, or of its nearest ancestor that has one."""
        return next(iter(cls.objects.nearest_first(organisation)), None)

    @classmethod
    def serving_each(cls, organisations: Iterable[Organisation]) -> "dict[int, Cafe]":
        """Return the café of each of these organisations that has one, or one above it."""
        return cls.objects.select_related("organisation").nearest_to_each(organisations)


class CalendarFeed(models.Model):
    """The secret link of a resident's calendar feed; only its digest is stored."""

    organisation_path = "resident__organisation"

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="calendar_feed")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = ScopedQuerySet["CalendarFeed"].as_manager()
