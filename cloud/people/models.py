"""Residents, contacts, and care settings."""

from datetime import time
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cloud.base.seal import SealedField
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet

NAME_LENGTH = 150


class Photo(models.Model):
    """A picture, identified by its digest, by which devices download it.

    Each organisation has its own row: none may learn that another has the same picture (V27).
    """

    sha256 = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    content_type = models.CharField(max_length=40)
    data = models.BinaryField()

    objects = ScopedQuerySet["Photo"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="one_photo_each")]


class Residents(ScopedQuerySet["Resident"]):
    """Residents, of whom some have moved away or were anonymised."""

    def present(self) -> Self:
        """Return those who live there now."""
        return self.filter(anonymised_at=None, archived_at=None)


class Resident(models.Model):
    """The person a device is for. Relations, view and calendar belong to them, not to a device (V16)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH)
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = Residents.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        indexes = [models.Index(fields=["last_name", "first_name", "id"])]

    def __str__(self) -> str:
        if self.anonymised_at:
            return gettext("Former resident %(number)d") % {"number": self.pk}
        return f"{self.first_name} {self.last_name}".strip()


class ResidentHome(models.Model):
    """Where a resident lives, and what somebody needs who comes to help. What opens the door is sealed."""

    organisation_path = "resident__organisation"

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="home")
    room = models.CharField(_("room or flat"), max_length=50, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone in the home"), max_length=40, blank=True)
    email = models.EmailField(_("the resident's own e-mail address"), blank=True)
    notes = models.CharField(_("what to know"), max_length=500, blank=True)
    door_code = SealedField(_("door code"), max_length=100, blank=True)
    key_place = SealedField(_("where the key is"), max_length=200, blank=True)

    objects = ScopedQuerySet["ResidentHome"].as_manager()

    @classmethod
    def of(cls, resident: Resident) -> "ResidentHome":
        """Return the resident's home, an empty one that is not stored yet at first."""
        known: ResidentHome | None = getattr(resident, "home", None)
        return known or cls(resident=resident)

    @property
    def opens(self) -> bool:
        """Return whether it is known how to get in."""
        return bool(self.door_code or self.key_place)

    @property
    def place(self) -> str:
        """Return room and address in one line."""
        return ", ".join(filter(None, (self.room, self.address)))


class DoorLook(models.Model):
    """Somebody was shown how to get into a home; only added to."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="door_looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["DoorLook"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; raise for one that exists already."""
        if not self._state.adding:
            raise TypeError("who has seen a door code is only added to")
        super().save(*args, **kwargs)


class Contact(models.Model):
    """A relative or a professional; may have several residents (V15)."""

    class Role(models.TextChoices):
        RELATIVE = "relative", _("Relative")
        PROFESSIONAL = "professional", _("Professional")

    class Presence(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.RELATIVE)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    mail_missed_calls = models.BooleanField(_("missed calls are reported by e-mail"), default=False)
    presence = models.CharField(_("presence"), max_length=9, choices=Presence, default=Presence.AWAY)
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True)
    locked = models.BooleanField(_("locked"), default=False)
    anonymised_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet["Contact"].as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        indexes = [models.Index(fields=["last_name", "first_name", "id"])]

    def __str__(self) -> str:
        if self.anonymised_at:
            return gettext("Former contact %(number)d") % {"number": self.pk}
        return f"{self.first_name} {self.last_name}".strip()


class Relation(models.Model):
    """A resident's relation to a contact; visibility can be one way (V14)."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="relations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations")
    words = models.CharField(_("relation, in the resident's words"), max_length=NAME_LENGTH, blank=True)
    favourite = models.BooleanField(_("favourite"), default=False)
    visible_to_resident = models.BooleanField(_("the resident sees this contact"), default=True)
    may_force_call = models.BooleanField(_("relative with forced call"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ScopedQuerySet["Relation"].as_manager()

    class Meta:
        ordering = ["-favourite", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["resident", "contact"], name="one_relation_each")]


class FormerRelation(models.Model):
    """A removed relation, kept for a month (V15)."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="former_relations")
    words = models.CharField(max_length=NAME_LENGTH, blank=True)
    favourite = models.BooleanField(default=False)
    visible_to_resident = models.BooleanField(default=True)
    may_force_call = models.BooleanField(default=False)
    ended_at = models.DateTimeField()

    objects = ScopedQuerySet["FormerRelation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "contact"], name="one_former_relation_each")
        ]


class Press(models.TextChoices):
    """How a press becomes a help request: the contract's values."""

    AT_ONCE = "at-once", _("At once")
    HOLD = "hold", _("Held for two seconds")
    CANCELLABLE = "cancellable", _("After ten seconds in which it can be cancelled on the screen")


# A pendant does not report how long it is held.
PENDANT_PRESSES = [choice for choice in Press.choices if choice[0] != Press.HOLD]


class CareSettings(models.Model):
    """What is permitted at a resident's home, and the office hours: the contract's policy (S4, S7)."""

    organisation_path = "resident__organisation"

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="care")
    monitored = models.BooleanField(_("monitored by the alarm partner"), default=False)
    remote_view_allowed = models.BooleanField(_("the desk may look at the screen"), default=False)
    remote_view_may_touch = models.BooleanField(_("the desk may also touch the screen"), default=False)
    office_from = models.TimeField(_("office hours from"), default=time(8))
    office_until = models.TimeField(_("office hours until"), default=time(16))
    call_limit_min = models.PositiveSmallIntegerField(
        _("calls end by themselves after (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    missed_calls_email = models.EmailField(_("missed calls are reported to (e-mail)"), blank=True)
    forced_by_professionals = models.BooleanField(_("professionals may make forced calls"), default=False)
    forced_by_relatives = models.BooleanField(_("relatives may make forced calls"), default=False)
    consent_by = models.CharField(_("consent given by"), max_length=NAME_LENGTH, blank=True)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    forced_from = models.TimeField(_("forced calls from"), default=time(8))
    forced_until = models.TimeField(_("forced calls until"), default=time(20))
    forced_most_per_day = models.PositiveSmallIntegerField(
        _("forced calls a day, at most"), default=4, validators=[MaxValueValidator(24)]
    )
    forced_countdown_s = models.PositiveSmallIntegerField(
        _("seconds to refuse a forced call"),
        default=10,
        validators=[MinValueValidator(5), MaxValueValidator(30)],
    )
    press_screen = models.CharField(
        _("help on the screen is called"), max_length=11, choices=Press, default=Press.AT_ONCE
    )
    press_button = models.CharField(
        _("help by the button on the wall is called"), max_length=11, choices=Press, default=Press.AT_ONCE
    )
    press_pendant = models.CharField(
        _("help by the pendant is called"), max_length=11, choices=PENDANT_PRESSES, default=Press.AT_ONCE
    )
    sms_wait_s = models.PositiveSmallIntegerField(
        _("seconds to answer a text message"),
        default=60,
        validators=[MinValueValidator(30), MaxValueValidator(600)],
    )

    objects = ScopedQuerySet["CareSettings"].as_manager()

    @property
    def has_consent(self) -> bool:
        """Return whether consent to forced calls is recorded: by whom and since when (K5, K10)."""
        return bool(self.consent_by and self.consent_on)


class ClosedDay(models.Model):
    """A day on which an organisation's offices are closed (S7)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="closed_days")
    day = models.DateField(_("day"))

    objects = ScopedQuerySet["ClosedDay"].as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["organisation", "day"], name="one_closed_day_each")]


class EscalationContact(models.Model):
    """Somebody who is notified when nobody answers: by e-mail from the desk, by SMS from the device (K3, S3).

    Numbers are E.164.
    """

    organisation_path = "resident__organisation"

    class Role(models.TextChoices):
        RESPONDER = "responder", _("goes there or calls")
        ADMINISTRATOR = "administrator", _("decides in the resident's matters")

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="escalation_contacts")
    role = models.CharField(_("role"), max_length=13, choices=Role, default=Role.RESPONDER)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    office_phone = models.CharField(_("number in office hours"), max_length=20)
    other_phone = models.CharField(_("number at other times"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ScopedQuerySet["EscalationContact"].as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
