from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident


class Appointment(models.Model):
    """Something that happens, by wall time in its zone; a repeating one keeps its rule (RFC 5545)."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="appointments")
    uid = models.CharField(max_length=255, blank=True, help_text="UID of an imported event")
    title = models.CharField(_("title"), max_length=300)
    place = models.CharField(_("place"), max_length=300, blank=True)
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"), null=True, blank=True)
    all_day = models.BooleanField(_("all day"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    rule = models.CharField(_("repeats"), max_length=500, blank=True)
    except_on = models.JSONField(default=list, blank=True)

    objects = ScopedQuerySet["Appointment"].as_manager()

    class Meta:
        ordering = ["starts", "pk"]


class Cafe(models.Model):
    """An organisation's virtual café: weekly hours and closed days, as in the contract (V25)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="cafe")
    name = models.CharField(_("name"), max_length=150)
    hours = models.JSONField(default=list)
    closed_on = models.JSONField(default=list)

    objects = ScopedQuerySet["Cafe"].as_manager()
