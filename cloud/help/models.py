"""Help requests, their steps, and the monitoring partner."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.seal import SealedField
from cloud.delivery.models import Delivery
from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident

LATE = timedelta(seconds=20)


def waits_since(raised_at: datetime, received_at: datetime, *, clock_trusted: bool) -> datetime:
    """Return when the resident pressed, or the arrival where the device's clock is wrong or ahead."""
    return min(raised_at, received_at) if clock_trusted else received_at


class HelpRequest(models.Model):
    """One request, by the device's id: whichever way and however often it arrives, it is one row (K3)."""

    class Kind(models.TextChoices):
        HELP = "help", _("Help")
        URGENT_CALL = "urgent-call", _("Asks for a call")

    class Outcome(models.TextChoices):
        HELPED = "helped", _("Helped")
        TALKED = "talked", _("Talked with the resident")
        MISTAKE = "mistake", _("Pressed by mistake")
        TEST = "test", _("It was a test")
        PASSED_ON = "passed-on", _("Passed on (doctor, ambulance, family)")
        OTHER = "other", _("Something else")

    help_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.HELP)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    device = models.ForeignKey(Device, models.PROTECT, related_name="help_requests")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True)
    source = models.CharField(max_length=8, blank=True)
    raised_at = models.DateTimeField()
    clock_trusted = models.BooleanField(default=True)
    received_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_name = models.CharField(max_length=150, blank=True, help_text="who took it without the desk")
    taken_at = models.DateTimeField(null=True)
    arrived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    arrived_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reported_digest = models.CharField(max_length=64, blank=True, help_text="of what the device was sent")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    outcome_words = models.CharField(max_length=300, blank=True)
    updates = models.PositiveIntegerField(default=0, help_text="so many updates the device was sent")

    objects = ScopedQuerySet["HelpRequest"].as_manager()

    class Meta:
        ordering = ["closed_at", "received_at"]
        indexes = [models.Index(fields=["-received_at"]), models.Index(fields=["-closed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(closed_at__gte=models.F("received_at")),
                name="closed_after_received",
            ),
            models.UniqueConstraint(fields=["device", "help_id"], name="one_request_each_id"),
        ]

    @property
    def taker(self) -> str:
        """Return who answered: a user of the desk, or somebody who replied to the device's SMS."""
        return str(self.taken_by) if self.taken_by else self.taken_name or "?"

    @property
    def attendant(self) -> str:
        """Return who is with the resident, even if somebody else had answered."""
        return str(self.arrived_by) if self.arrived_by else self.taker

    @property
    def waits_since(self) -> datetime:
        """Return when the resident pressed, or the arrival where the device's clock is wrong or ahead."""
        return waits_since(self.raised_at, self.received_at, clock_trusted=self.clock_trusted)

    @property
    def is_late(self) -> bool:
        """Return whether the request arrived much later than it was pressed."""
        return self.received_at - self.waits_since > LATE


class OpenBoard(models.Model):
    """When a user's open board was last seen, and when one with sound was."""

    organisation_path = "user__organisation"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    heard_at = models.DateTimeField()
    rings_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["OpenBoard"].as_manager()


class MergedRequest(models.Model):
    """Another id that the device uses for an open request, after a second press."""

    organisation_path = "request__organisation"

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="merged")
    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    help_id = models.CharField(max_length=64)

    objects = ScopedQuerySet["MergedRequest"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "help_id"], name="one_merge_each_id")]


class HelpStep(models.Model):
    """A step of a request; ``key`` makes it unique, whichever process does it (K3).

    Steps of the escalation have a ``round``: 0 is the first pass, each later one notifies the partner again.
    """

    organisation_path = "request__organisation"

    class Kind(models.TextChoices):
        RAISED = "raised"
        RECEIVED = "received"
        NOTIFIED = "notified"
        PARTNER = "partner"
        TAKEN = "taken"
        ARRIVED = "arrived"
        GIVEN_BACK = "given-back"
        CLOSED = "closed"
        REOPENED = "reopened"
        DOOR = "door"

    class Outcome(models.TextChoices):
        DONE = "done"
        TRYING = "trying"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    round = models.PositiveIntegerField(null=True)
    target = models.CharField(max_length=32, blank=True, help_text="recipient of this step of the escalation")
    attempt = models.PositiveSmallIntegerField(default=1)
    who = models.CharField(max_length=150, blank=True)
    way = models.CharField(max_length=7, blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="the number that holds then")
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.DONE)
    reason = models.CharField(max_length=300, blank=True)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="+")

    objects = ScopedQuerySet["HelpStep"].as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["request", "key"], name="each_step_once")]
        # The first answer to each alarm, of which a page counts thousands.
        indexes = [models.Index("request", "at", name="first_answers", condition=models.Q(kind="taken"))]


class Partner(models.Model):
    """The company that answers an organisation's alarms, and how it is notified (S1)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="partner")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), blank=True)
    webhook_url = models.CharField(
        _("address for alarms (HTTPS)"), max_length=500, blank=True, validators=[URLValidator(["https"])]
    )
    webhook_secret = SealedField(_("secret of the signature"), max_length=200, blank=True)
    after_s = models.PositiveSmallIntegerField(
        _("notified after so many seconds"), default=180, validators=[MaxValueValidator(180)]
    )
    only_registered = models.BooleanField(
        _("notified only of residents that it has confirmed"), default=False
    )
    again_min = models.PositiveSmallIntegerField(
        _("notified again every so many minutes"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )

    objects = ScopedQuerySet["Partner"].as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def serving(cls, organisation: Organisation) -> "Partner | None":
        """Return the partner of this organisation, or of its nearest ancestor that has one."""
        return next(iter(cls.objects.nearest_first(organisation)), None)

    @classmethod
    def serving_each(cls, organisations: Iterable[Organisation]) -> "dict[int, Partner]":
        """Return the partner of each of these organisations that has one, or one above it."""
        return cls.objects.nearest_to_each(organisations)
