"""Messages to people, their attempts, and channel settings."""

from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.seal import SealedJSONField
from cloud.delivery.channel import channel_of
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident

LONGEST_SUBJECT = 200
LONGEST_REASON = 300


class ChannelSettings(models.Model):
    """The settings of one channel for an organisation and its descendants."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20)
    is_on = models.BooleanField(_("in use"), default=True)
    place = models.PositiveSmallIntegerField(_("order among the channels"), default=1)
    cents_per_part = models.DecimalField(
        _("costs per part, in cents"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    values = SealedJSONField(default=dict)

    objects = ScopedQuerySet["ChannelSettings"].as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "channel"], name="one_setting_each_channel")
        ]


class Delivery(models.Model):
    """One message to one person, over the first channel that works; ``key`` makes it unique.

    ``ways`` are pairs of channel and address; ``channel`` and ``address`` are the current ones.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("planned")
        HANDING = "handing", _("being sent")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        READ = "read", _("read")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, related_name="deliveries")
    key = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=40)
    who = models.CharField(max_length=150)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    body = models.TextField()
    ways = models.JSONField(default=list)
    way = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=254, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="by the way that it is at now")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    is_urgent = models.BooleanField(default=False, help_text="goes before others that are due")
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    claimed_by = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    reference = models.CharField(max_length=100, blank=True, help_text="what the gateway calls it")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, help_text="when the desk has seen that it failed")

    objects = ScopedQuerySet["Delivery"].as_manager()

    class Meta:
        ordering = ["-due_at", "pk"]
        indexes = [
            models.Index(fields=["channel", "state", "due_at"]),
            models.Index(fields=["channel", "reference"]),
            models.Index(fields=["organisation", "-created_at"]),
        ]

    @property
    def shown_address(self) -> str:
        """Return the address in readable form."""
        return _shown(self.channel, self.address)


class Attempt(models.Model):
    """One attempt to send a message, and its costs."""

    organisation_path = "delivery__organisation"

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    at = models.DateTimeField()
    is_sent = models.BooleanField(default=False)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    parts = models.PositiveSmallIntegerField(default=0)
    cents = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))

    objects = ScopedQuerySet["Attempt"].as_manager()

    class Meta:
        ordering = ["at", "pk"]

    @property
    def shown_address(self) -> str:
        """Return the address in readable form."""
        return _shown(self.channel, self.address)


def _shown(channel: str, address: str) -> str:
    found = channel_of(channel)
    return str(found.label) if found and found.kind == "push" else address
