"""Personal links and open pages, calls and their participants, and the logs of forced calls."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact, Resident

LIMIT_MIN = 30


class PersonalLink(models.Model):
    """The key of a contact to the caller's page; its secret is stored as a digest (V10).

    One with a ``user`` belongs to that user's session at the desk, and its secret is unknown to anybody.
    """

    organisation_path = "contact__organisation"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="when its page was last open")

    objects = ScopedQuerySet["PersonalLink"].as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]


class StaffContact(models.Model):
    """The contact that represents a user of the desk in calls."""

    organisation_path = "contact__organisation"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="staffcontact")

    objects = ScopedQuerySet["StaffContact"].as_manager()


class OpenPage(models.Model):
    """A caller's page that is open, by its own id; its stream updates ``seen_at``."""

    organisation_path = "contact__organisation"

    id = models.CharField(primary_key=True, max_length=36)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="open_pages")
    link = models.ForeignKey(PersonalLink, models.CASCADE)
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["OpenPage"].as_manager()


class Call(models.Model):
    """One call between a resident and a contact, by its id on the wire.

    ``group`` is shared by the calls that a contact makes to several residents at once. ``contact`` is empty
    while the resident's own call rings several. The record contains no names (V17).
    """

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("Call to the resident")
        FORCED = "forced", _("Forced call")
        RESIDENT = "resident", _("Call by the resident")
        URGENT = "urgent", _("Urgent call by the resident")
        SERVICE = "service", _("Call by customer service")

    class State(models.TextChoices):
        RINGING = "ringing", _("Rings")
        ANSWERED = "answered", _("Answered")
        CONNECTED = "connected", _("Goes on")
        ENDED = "ended", _("Over")

    class Reason(models.TextChoices):
        ALARM = "alarm", _("An alarm has come in")
        NO_ANSWER = "no-answer", _("The resident does not answer")
        WELFARE = "welfare", _("To see that all is well")
        MEDICINE = "medicine", _("Medicine")
        AGREED = "agreed", _("Agreed with the resident")
        OTHER = "other", _("Another reason")

    id = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    group = models.CharField(max_length=64, db_index=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="calls")
    device = models.ForeignKey(Device, models.PROTECT, related_name="calls")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="calls")
    link = models.ForeignKey(PersonalLink, models.SET_NULL, null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", help_text="customer service's"
    )
    page = models.CharField(max_length=36, blank=True, help_text="the open page that holds this end")
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    reason_text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.RINGING)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=16, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(default=0.0)
    limit_min = models.PositiveSmallIntegerField(default=LIMIT_MIN)
    answer = models.TextField(blank=True, help_text="the device's session description while the call lasts")
    heard_at = models.DateTimeField(help_text="when the browser's end was last heard")

    objects = ScopedQuerySet["Call"].as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-offered_at"]),
            models.Index(fields=["-offered_at"]),
            models.Index(fields=["contact", "ended_at"]),
        ]

    @property
    def has_caller(self) -> bool:
        """Return whether the other end is known: a contact, or an agent of customer service."""
        return bool(self.contact_id or self.user_id)

    @property
    def is_open(self) -> bool:
        """Return whether it rings or is connected."""
        return self.state != Call.State.ENDED

    @property
    def began_at(self) -> datetime | None:
        """Return the start of its length, or None while it rings."""
        return self.connected_at or self.answered_at


class Invitee(models.Model):
    """A contact that a call of the resident rings, and their reaction."""

    organisation_path = "call__organisation"

    class Outcome(models.TextChoices):
        RINGING = "ringing", _("Rings")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")
        BUSY = "busy", _("In another call")
        NOT_REACHABLE = "not-reachable", _("Not reachable")
        MISSED = "missed", _("Missed")
        ELSEWHERE = "elsewhere", _("Somebody else answered")

    class Way(models.TextChoices):
        PAGE = "page"
        TRYING = "trying"
        PHONE = "phone"
        WRITTEN = "written"

    call = models.ForeignKey(Call, models.CASCADE, related_name="invitees")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="invitees")
    outcome = models.CharField(max_length=13, choices=Outcome, default=Outcome.RINGING)
    way = models.CharField(max_length=7, choices=Way, blank=True, help_text="by which it rings")
    seen_at = models.DateTimeField(null=True, help_text="when the contact saw that they missed it")

    objects = ScopedQuerySet["Invitee"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "contact"], name="each_invitee_once")]


class ForcedCallEntry(models.Model):
    """An entry of the desk's append-only log of forced calls, with the previous one's digest (K5).

    The caller is a number: the name is the contact's, and is erased when they are anonymised (V17).
    """

    class What(models.TextChoices):
        ASKED = "asked", _("asked for")
        REFUSED = "refused", _("refused by the desk")
        ENDED = "ended", _("over")

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=7, choices=What)
    call_id = models.CharField(max_length=64)
    resident_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    reason = models.CharField(max_length=9)
    reason_text = models.CharField(max_length=500)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True)
    seconds = models.FloatField(default=0.0)
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet["ForcedCallEntry"].as_manager()

    class Meta:
        ordering = ["organisation", "number"]
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="one_entry_a_number")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; raise for one that exists already."""
        if not self._state.adding:
            raise TypeError("the log of forced calls is only added to")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: entries are never deleted."""
        raise TypeError("the log of forced calls is only added to")


class DeviceLogEntry(models.Model):
    """An entry of a device's log of forced calls, and its errors on arrival (K5).

    ``body`` is as it was sent; only the name is erased when its contact is anonymised.
    """

    organisation_path = "device__organisation"

    device = models.ForeignKey(Device, models.PROTECT, related_name="call_log")
    number = models.PositiveIntegerField()
    call_id = models.CharField(max_length=64)
    contact_id = models.CharField(max_length=64)
    body = models.JSONField()
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    wrong = models.CharField(max_length=16, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["DeviceLogEntry"].as_manager()

    class Meta:
        ordering = ["device", "number", "pk"]


class LogCheck(models.Model):
    """What the last complete check of an organisation's logs of forced calls has found.

    ``entry`` and ``device_entry`` are the newest entries it covers, of whatever organisation. ``broken`` are
    places: the device or None, the entry's number, what is wrong, and the call.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    entry = models.PositiveBigIntegerField()
    device_entry = models.PositiveBigIntegerField()
    broken = models.JSONField(default=list)

    objects = ScopedQuerySet["LogCheck"].as_manager()


class CallSettings(models.Model):
    """An organisation's duty officer (V11), and the maximum minutes of its calls (V21)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="call_settings")
    duty_officer = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, verbose_name=_("duty officer"), related_name="+"
    )
    on_duty_since = models.DateTimeField(null=True, editable=False)
    limit_min = models.PositiveSmallIntegerField(
        _("calls end by themselves after (minutes)"),
        default=LIMIT_MIN,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    tells_relatives = models.BooleanField(
        _("relatives see on their page who looked in by a forced call, and why"), default=False
    )

    objects = ScopedQuerySet["CallSettings"].as_manager()

    @classmethod
    def serving(cls, organisation: Organisation) -> "list[CallSettings]":
        """Return the settings of this organisation and its ancestors, the nearest first."""
        return cls.objects.select_related("duty_officer").nearest_first(organisation)
