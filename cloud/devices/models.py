"""Devices and their documents, events, and commands."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident

KEPT_DAYS = [MinValueValidator(30), MaxValueValidator(36_500)]


class Device(models.Model):
    """A tablet; its id is the digest of its own key and is never edited by people (V5)."""

    class Use(models.TextChoices):
        IN_USE = "in-use", _("In use")
        IN_STOCK = "in-stock", _("In stock")
        IN_REPAIR = "in-repair", _("In repair")

    class Ring(models.TextChoices):
        FIRST = "1", _("First ring (1 %)")
        SECOND = "2", _("Second ring (10 %)")
        LAST = "3", _("All others")

    id = models.CharField(primary_key=True, max_length=16)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    resident = models.OneToOneField(Resident, models.SET_NULL, null=True, blank=True, related_name="device")
    use = models.CharField(_("use"), max_length=9, choices=Use, default=Use.IN_USE)
    ring = models.CharField(_("ring"), max_length=1, choices=Ring, default=Ring.LAST)
    # Until the first view of a resident: that of the user who issued the claim.
    language = models.CharField(max_length=2, choices=LANGUAGES, default="fi", editable=False)
    certificate_pem = models.TextField(blank=True)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    online = models.BooleanField(default=False)
    session = models.BigIntegerField(default=0)
    broker = models.CharField(max_length=100, blank=True)
    heard_at = models.DateTimeField(null=True)
    heartbeat = models.JSONField(null=True)

    objects = ScopedQuerySet["Device"].as_manager()

    def __str__(self) -> str:
        return str(self.resident) if self.resident else self.id

    @property
    def is_enrolled(self) -> bool:
        """Return whether the desk still trusts this device; see ``Revocation``."""
        return bool(self.certificate_pem)


class OlderCertificate(models.Model):
    """A renewed certificate that has not expired: it is revoked with the device."""

    organisation_path = "device__organisation"

    serial = models.CharField(primary_key=True, max_length=49, help_text="the serial number, decimal")
    device = models.ForeignKey(Device, models.CASCADE, related_name="older_certificates")
    ends_at = models.DateTimeField()

    objects = ScopedQuerySet["OlderCertificate"].as_manager()


class Revocation(models.Model):
    """A revoked certificate; the broker's revocation list is written from these."""

    organisation_path = "device__organisation"

    serial = models.CharField(primary_key=True, max_length=49, help_text="the serial number, decimal")
    device = models.ForeignKey(Device, models.CASCADE, related_name="revocations")
    revoked_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["Revocation"].as_manager()


class Retirement(models.Model):
    """A device that must be wiped; ``receipt`` confirms it (K17)."""

    organisation_path = "device__organisation"

    class Why(models.TextChoices):
        OUT_OF_USE = "out-of-use", _("It is not needed any more")
        REPLACED = "replaced", _("Another one takes its place")
        LOST = "lost", _("It is lost or stolen")
        SOLD = "sold", _("It is sold or given away")

    device = models.OneToOneField(Device, models.CASCADE, related_name="retirement")
    why = models.CharField(_("why"), max_length=10, choices=Why, default=Why.OUT_OF_USE)
    certificate_pem = models.TextField(help_text="by which a device that was retired is still recognised")
    receipt = models.CharField(max_length=32)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    wiped_at = models.DateTimeField(null=True)
    broker_cleared_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Retirement"].as_manager()


class Claim(models.Model):
    """A one-time permission to enrol one device; only the digest of its code is stored."""

    code_digest = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    resident = models.ForeignKey(Resident, models.CASCADE, null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Claim"].as_manager()


class DesiredDocument(models.Model):
    """A document that a device should show, and the device's report on it (K1)."""

    organisation_path = "device__organisation"

    device = models.ForeignKey(Device, models.CASCADE, related_name="documents")
    name = models.CharField(max_length=8)
    version = models.PositiveBigIntegerField()
    body = models.JSONField()
    saved_at = models.DateTimeField()
    received_version = models.PositiveBigIntegerField(default=0)
    painted_version = models.PositiveBigIntegerField(default=0)
    painted_at = models.DateTimeField(null=True)
    rejected_version = models.PositiveBigIntegerField(null=True)
    rejected_path = models.CharField(max_length=300, blank=True)
    rejected_reason = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet["DesiredDocument"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="one_document_each")]


class DueRefresh(models.Model):
    """The devices of this organisation, and below it, still have to be updated."""

    organisation_path = "organisation"

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    since = models.DateTimeField()

    objects = ScopedQuerySet["DueRefresh"].as_manager()


class DeviceEvent(models.Model):
    """An event of a device, stored once, in the device's order; the desk's receipt follows the commit."""

    organisation_path = "device__organisation"

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, models.CASCADE, related_name="events")
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=64)
    body = models.JSONField()
    happened_at = models.DateTimeField()
    clock_trusted = models.BooleanField()
    received_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["DeviceEvent"].as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["device", "-received_at"])]


class DeviceCommand(models.Model):
    """A command, kept and repeated until it is answered or has expired."""

    organisation_path = "device__organisation"

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, models.CASCADE, related_name="commands")
    body = models.JSONField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    final = models.BooleanField(default=False)

    objects = ScopedQuerySet["DeviceCommand"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["final", "expires_at"])]


class UsedToken(models.Model):
    """A token used by a device: each is valid once."""

    organisation_path = "device__organisation"

    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    token_id = models.CharField(max_length=64)
    used_at = models.DateTimeField(db_index=True)

    objects = ScopedQuerySet["UsedToken"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "token_id"], name="a_token_works_once")]


class RejectedInput(models.Model):
    """Invalid input from a device: who, where and why, for the desk."""

    organisation_path = "device__organisation"

    device = models.ForeignKey(Device, models.CASCADE, related_name="rejected_inputs")
    channel = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    received_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["RejectedInput"].as_manager()

    class Meta:
        ordering = ["-pk"]


class DeviceFault(models.Model):
    """A fault of a device: when it began and ended, as far as the desk knows (K8)."""

    organisation_path = "device__organisation"

    class Source(models.TextChoices):
        HEARTBEAT = "heartbeat"
        SELF_TEST = "self-test"
        SILENCE = "silence"
        DESK = "desk"

    device = models.ForeignKey(Device, models.CASCADE, related_name="faults")
    source = models.CharField(max_length=9, choices=Source, default=Source.HEARTBEAT)
    part = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["DeviceFault"].as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "source", "part"],
                condition=models.Q(ended_at=None),
                name="one_open_fault_each",
            )
        ]


class RetentionPeriods(models.Model):
    """After how many days an organisation's records are deleted; null is as further up (V17)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="retention_periods")
    help_days = models.PositiveIntegerField(
        _("calls for help are kept for (days)"), null=True, blank=True, validators=KEPT_DAYS
    )
    call_days = models.PositiveIntegerField(
        _("calls are kept for (days)"), null=True, blank=True, validators=KEPT_DAYS
    )

    objects = ScopedQuerySet["RetentionPeriods"].as_manager()
