"""Personal links and the pages they open, calls, who was in them, and the logs of forced ones."""

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
    """The key with which a contact comes to the caller's page; its secret is kept as a digest (V10).

    One with a ``user`` is of that user's own session at the desk, and has no secret that anybody knows.
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
    """As whom somebody of the desk calls, and is called."""

    organisation_path = "contact__organisation"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="staffcontact")

    objects = ScopedQuerySet["StaffContact"].as_manager()


class OpenPage(models.Model):
    """A caller's page that is open somewhere, by the id it gave itself; its stream renews ``seen_at``."""

    organisation_path = "contact__organisation"

    id = models.CharField(primary_key=True, max_length=36)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="open_pages")
    link = models.ForeignKey(PersonalLink, models.CASCADE)
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["OpenPage"].as_manager()


class Call(models.Model):
    """One call between one resident and one contact, by the id it has on the wire.

    ``group`` is the same for the calls that one contact makes to several residents at once. ``contact`` is
    empty while the resident's own call rings at several. What a call was is kept; names are not in it (V17).
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
            models.Index(fields=["contact", "ended_at"]),
        ]

    @property
    def has_caller(self) -> bool:
        """Whether somebody is at the other end already: a contact, or an agent of customer service."""
        return bool(self.contact_id or self.user_id)

    @property
    def is_open(self) -> bool:
        """Whether it rings or goes on."""
        return self.state != Call.State.ENDED

    @property
    def began_at(self) -> datetime | None:
        """From when its length counts, or None while it rings."""
        return self.connected_at or self.answered_at


class Rung(models.Model):
    """A contact at whom the resident's own call rings, and what they did."""

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

    call = models.ForeignKey(Call, models.CASCADE, related_name="rung")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="rung")
    outcome = models.CharField(max_length=13, choices=Outcome, default=Outcome.RINGING)
    way = models.CharField(max_length=7, choices=Way, blank=True, help_text="by which it rings")
    seen_at = models.DateTimeField(null=True, help_text="when the contact saw that they missed it")

    objects = ScopedQuerySet["Rung"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "contact"], name="each_rung_once")]


class ForcedCallEntry(models.Model):
    """The desk's own log of forced calls: only added to, each with the digest of the one before (K5).

    Who called is a number: the name is the contact's, and goes when they are anonymised (V17).
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
        """Adds it; an entry that stands is not changed."""
        if not self._state.adding:
            raise TypeError("the log of forced calls is only added to")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("the log of forced calls is only added to")


class DeviceLogEntry(models.Model):
    """An entry of a device's own log of forced calls, and what is wrong with it as it arrived (K5).

    ``body`` is as it was sent; only the name is taken out when its contact is anonymised.
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


class CallSettings(models.Model):
    """An organisation's duty officer (V11), and after how many minutes its calls end by themselves (V21)."""

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

    objects = ScopedQuerySet["CallSettings"].as_manager()

    @classmethod
    def serving(cls, organisation: Organisation) -> "list[CallSettings]":
        """The settings of this organisation and of those above it, the nearest first."""
        return cls.objects.select_related("duty_officer").nearest_first(organisation)


class MissedCallMail(models.Model):
    """A missed call of which somebody is told by e-mail (V22)."""

    organisation_path = "call__organisation"

    class State(models.TextChoices):
        DUE = "due"
        TRYING = "trying"
        SENT = "sent"
        FAILED = "failed"

    call = models.ForeignKey(Call, models.CASCADE, related_name="mails")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, help_text="none: for the resident")
    address = models.EmailField()
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet["MissedCallMail"].as_manager()
