"""Meetings, seats at tables, and pending requests to the café process."""

from datetime import datetime
from zlib import crc32

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact, Resident
from cloud.screens.models import ScreenGroup

ASKS_AFTER_MIN = 60


class CafeSettings(models.Model):
    """The table settings of an organisation's café (V21, V24)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="cafe_settings")
    relatives_may_join = models.BooleanField(_("relatives may join from their call page"), default=False)
    ends_when_hosts_leave = models.BooleanField(_("it ends when the last host leaves"), default=False)
    asks_after_min = models.PositiveSmallIntegerField(
        _("ask whether somebody is still there after (minutes)"),
        default=ASKS_AFTER_MIN,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )

    objects = ScopedQuerySet["CafeSettings"].as_manager()

    @classmethod
    def serving(cls, organisation: Organisation) -> "CafeSettings":
        """Return the settings of this organisation, or of its nearest ancestor that has some."""
        return next(iter(cls.objects.nearest_first(organisation)), cls(organisation=organisation))


class EventPicture(models.Model):
    """A picture of events, as sent to devices: the occurrences of a repeating one share it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    objects = ScopedQuerySet["EventPicture"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="one_event_picture_each")
        ]


class Meeting(models.Model):
    """An event for invited residents; it repeats every ``repeats_days`` days, or not (V24, V27)."""

    class Repeats(models.IntegerChoices):
        NEVER = 0, _("Once")
        DAILY = 1, _("Every day")
        WEEKLY = 7, _("Every week")
        FORTNIGHTLY = 14, _("Every other week")

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    title = models.CharField(_("title"), max_length=300)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    repeats_days = models.PositiveSmallIntegerField(_("repeats"), choices=Repeats, default=Repeats.NEVER)
    picture = models.ForeignKey(
        EventPicture, models.SET_NULL, null=True, editable=False, related_name="meetings"
    )
    hosts = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("hosts"), related_name="+")
    everybody = models.BooleanField(_("everybody in the organisation is invited"), default=False)
    invited = models.ManyToManyField(
        Resident, verbose_name=_("invited residents"), blank=True, related_name="meetings"
    )
    groups = models.ManyToManyField(
        ScreenGroup, verbose_name=_("invited groups"), blank=True, related_name="meetings"
    )
    only_hosts_speak = models.BooleanField(_("only hosts speak, others raise a hand"), default=False)
    ends_when_hosts_leave = models.BooleanField(_("it ends when the last host leaves"), default=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_why = models.CharField(max_length=16, blank=True, editable=False)

    objects = ScopedQuerySet["Meeting"].as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["organisation", "starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def room(self) -> str:
        """Return the name of its room on the wire."""
        return f"m{self.pk}"


class Seat(models.Model):
    """One visit of one person to one table: the attendance record (V28).

    A resident sits at their device, everybody else at a browser. Contains no names. A seat that ``is_away``
    has lost its connection, and is kept for a while.
    """

    id = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    room = models.CharField(max_length=64, db_index=True)
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="seats")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="seats")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="seats")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_host = models.BooleanField(default=False)
    listens = models.BooleanField(default=False)
    hand_raised = models.BooleanField(default=False)
    is_away = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True, db_index=True)
    why = models.CharField(max_length=16, blank=True)

    objects = ScopedQuerySet["Seat"].as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]

    @property
    def person(self) -> str:
        """Return a stable id of the person without their name, for the SFU."""
        if self.resident_id:
            return f"r{self.resident_id}"
        return f"c{self.contact_id}" if self.contact_id else f"u{self.user_id}"

    @property
    def who(self) -> str:
        """The whole name, for the record."""
        if self.user:
            return self.user.get_full_name() or self.user.get_username()
        return str(self.resident or self.contact or "")

    @property
    def first_name(self) -> str:
        """Return the name that the others at the table see."""
        if self.resident:
            return self.resident.first_name
        if self.contact:
            return self.contact.first_name
        return (self.user.first_name or self.user.get_username()) if self.user else ""


class Ask(models.Model):
    """A person's request; the café process carries it out and deletes it."""

    organisation_path = "seat__organisation"

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=16)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["Ask"].as_manager()

    class Meta:
        ordering = ["pk"]


class Post(models.Model):
    """A message to a browser at a table; its stream sends and deletes it."""

    organisation_path = "seat__organisation"

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="posts")
    body = models.JSONField()

    objects = ScopedQuerySet["Post"].as_manager()

    class Meta:
        ordering = ["pk"]


class Engine(models.Model):
    """Whether the café process reaches one of its SFUs, as last reported; a row each, in their order."""

    organisation_path = ""

    reachable = models.BooleanField(default=False)
    said_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet["Engine"].as_manager()

    @property
    def number(self) -> int:
        """Its index in the list of SFUs."""
        return self.pk - 1

    @classmethod
    def at(cls, number: int) -> "Engine":
        """Return the row of the SFU with this index."""
        return cls.objects.get_or_create(pk=number + 1)[0]

    @classmethod
    def serving(cls, room: str) -> "Engine":
        """Return the row of the SFU that hosts this room."""
        return cls.at(engine_number(room, max(1, cls.objects.count())))

    def is_fresh(self, now: datetime, within_s: float) -> bool:
        """Return whether the process has reported lately."""
        return (now - self.said_at).total_seconds() <= within_s


def engine_number(room: str, engines: int) -> int:
    """Return the index of the SFU that hosts this room."""
    return crc32(room.encode()) % engines
