"""Message texts, reminder types, and residents' messages with their outcome."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.delivery.models import Delivery
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Resident
from device.contract.message_times import Lead
from device.contract.messages import LONGEST_BODY

TITLE_LENGTH = 150
# What is typed; merged values make it longer.
LONGEST_WRITTEN = 5_000


class MessageText(models.Model):
    """A predefined text in four languages, of reminders or of other messages (M2, M5)."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("for reminders")
        OTHER = "other", _("for other messages")

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.REMINDER)
    description = models.CharField(_("description"), max_length=200, blank=True)
    body_fi = models.TextField(_("text in Finnish"), max_length=LONGEST_WRITTEN, blank=True)
    body_sv = models.TextField(_("text in Swedish"), max_length=LONGEST_WRITTEN, blank=True)
    body_da = models.TextField(_("text in Danish"), max_length=LONGEST_WRITTEN, blank=True)
    body_en = models.TextField(_("text in English"), max_length=LONGEST_WRITTEN, blank=True)

    objects = ScopedQuerySet["MessageText"].as_manager()

    class Meta:
        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="one_text_each_code")]

    def __str__(self) -> str:
        return self.description or self.code

    @classmethod
    def serving(
        cls, organisation: Organisation, *kinds: "MessageText.Kind"
    ) -> "models.QuerySet[MessageText]":
        """Return the texts of these kinds, or of any, of this organisation and its ancestors."""
        rows = cls.objects.filter(organisation__in=organisation.line)
        return rows.filter(kind__in=kinds) if kinds else rows

    def body(self, language: str) -> str:
        """Return the text in this language, or in another rather than nothing."""
        bodies = [getattr(self, f"body_{code}") for code in (language, "fi", "sv", "da", "en")]
        return next(filter(None, bodies), "")

    @property
    def bodies(self) -> list[str]:
        """Return the text in each language that it is written in."""
        return [body for body in (self.body_fi, self.body_sv, self.body_da, self.body_en) if body]


class ReminderChannel(models.TextChoices):
    """How a message reaches the resident."""

    SCREEN_OR_PHONE = "screen-or-phone", _("on the screen; as a text message while no tablet shows it")
    SCREEN = "screen", _("on the screen only")
    PHONE = "phone", _("as a text message only")
    BOTH = "both", _("on the screen and as a text message")


class ReminderType(models.Model):
    """Which appointments have reminders, with which text, how long before, and by which channel (M6)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE)
    name = models.CharField(_("name"), max_length=TITLE_LENGTH)
    keyword = models.CharField(
        _("for appointments whose title contains"),
        max_length=100,
        blank=True,
        help_text=_("Left empty, it is for all that no other type is for."),
    )
    text = models.ForeignKey(MessageText, models.PROTECT, verbose_name=_("text"))
    leads_min = models.JSONField(default=list)
    evening_before = models.BooleanField(_("also on the evening before, at 18:00"), default=False)
    any_hour = models.BooleanField(_("also outside 8:00-21:00"), default=False)
    channel = models.CharField(
        _("channel"), max_length=15, choices=ReminderChannel, default=ReminderChannel.SCREEN_OR_PHONE
    )
    asks_confirmation = models.BooleanField(_("asks to be confirmed"), default=False)
    confirm_within_min = models.PositiveSmallIntegerField(
        _("minutes to confirm, before relatives are notified"),
        default=30,
        validators=[MaxValueValidator(600)],
    )

    objects = ScopedQuerySet["ReminderType"].as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def leads(self) -> list[Lead]:
        """Return all lead times: the evening before, and minutes before the appointment."""
        evening = [Lead(evening=True)] if self.evening_before else []
        return [*evening, *(Lead(minutes=minutes) for minutes in self.leads_min)]


class Message(models.Model):
    """A message to a resident; ``key`` makes a reminder unique, however often it is planned."""

    organisation_path = "resident__organisation"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SHOWN = "shown", _("shown")
        READ = "read", _("read")
        CONFIRMED = "confirmed", _("confirmed")
        OBSOLETE = "obsolete", _("obsolete: the appointment had begun")
        EXPIRED = "expired", _("expired: more than a day late")
        SENT = "sent", _("sent to the resident's phone")

    # The resident may still answer it.
    OPEN = (State.PLANNED, State.SHOWN)

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="messages")
    key = models.CharField(max_length=120)
    appointment = models.CharField(max_length=64, blank=True)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    body = models.TextField(_("text"), max_length=LONGEST_BODY, blank=True)
    about = models.CharField(max_length=150, blank=True)
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    any_hour = models.BooleanField(default=False)
    channel = models.CharField(
        _("channel"), max_length=15, choices=ReminderChannel, default=ReminderChannel.SCREEN_OR_PHONE
    )
    asks_confirmation = models.BooleanField(_("asks to be confirmed"), default=False)
    sender = models.CharField(max_length=TITLE_LENGTH, blank=True, help_text="the relative who sent it")
    photo = models.CharField(max_length=64, blank=True, help_text="the digest of its picture")
    hearts = models.PositiveSmallIntegerField(default=0, help_text="the resident's answer")
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    shown_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    delivery = models.OneToOneField(
        Delivery, models.SET_NULL, null=True, related_name="+", help_text="the text message in its place"
    )

    objects = ScopedQuerySet["Message"].as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["resident", "key"], name="one_message_each_key")]
        indexes = [models.Index(fields=["state", "until"])]

    @property
    def heart_range(self) -> range:
        """Return a range for a loop over the hearts."""
        return range(self.hearts)

    @property
    def is_open(self) -> bool:
        """Return whether the resident may still answer it."""
        return self.state in self.OPEN


class ConfirmationStep(models.Model):
    """A person notified of an unconfirmed reminder; ``key`` makes it unique (K6)."""

    organisation_path = "message__resident__organisation"

    message = models.ForeignKey(Message, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    who = models.CharField(max_length=150)
    at = models.DateTimeField()
    delivery = models.ForeignKey(
        Delivery, models.SET_NULL, null=True, related_name="confirmation_steps", help_text="none: the desk"
    )

    objects = ScopedQuerySet["ConfirmationStep"].as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["message", "key"], name="each_confirmation_step_once")]


class OptOut(models.Model):
    """A resident who wants no reminders: of one appointment, or of any (M9)."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="opt_outs")
    appointment = models.CharField(max_length=64, blank=True)
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["OptOut"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resident", "appointment"], name="one_opt_out_each")]


class ResidentPhone(models.Model):
    """A resident's own phone, which gets as SMS what no tablet shows."""

    organisation_path = "resident__organisation"

    resident = models.OneToOneField(Resident, models.CASCADE, related_name="own_phone")
    number = models.CharField(_("the resident's own mobile number"), max_length=20)
    planned_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet["ResidentPhone"].as_manager()
