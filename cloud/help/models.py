"""What residents ask for."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident

LATE = timedelta(seconds=20)


class HelpRequest(models.Model):
    """One request, by the id the device gave it: however it came, and however often, it is one (K3)."""

    class Kind(models.TextChoices):
        HELP = "help", _("Help")
        CALL_BACK = "call-back", _("Urgent: wishes a call")

    id = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.HELP)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    device = models.ForeignKey(Device, models.PROTECT, related_name="help_requests")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True)
    source = models.CharField(max_length=8)
    raised_at = models.DateTimeField()
    clock_trusted = models.BooleanField(default=True)
    received_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["HelpRequest"].as_manager()

    class Meta:
        ordering = ["closed_at", "received_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(closed_at__gte=models.F("received_at")),
                name="closed_after_received",
            )
        ]

    @property
    def waits_since(self) -> datetime:
        """When the resident pressed; a clock that is wrong or ahead does not count."""
        return min(self.raised_at, self.received_at) if self.clock_trusted else self.received_at

    @property
    def is_late(self) -> bool:
        """Whether the request came in much later than it was pressed."""
        return self.received_at - self.waits_since > LATE
