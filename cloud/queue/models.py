"""Queues, agents, visits, and messages."""

from typing import Any, cast

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact, Resident
from cloud.queue import line

LONGEST_TEXT = 2000
_OF_THE_RULES = (
    "way", "stage", "served_at", "away_since", "ended_at", "end", "call_back", "video", "is_released",
)  # fmt: skip


class Queue(models.Model):
    """A queue for one topic, with hours in the resident's wall time, and limits."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="queues")
    name = models.CharField(_("name"), max_length=150)
    languages = models.JSONField(_("languages"), default=list)
    hours = models.JSONField(default=list)
    closed_on = models.JSONField(default=list)
    by_text = models.BooleanField(_("serves by text"), default=True)
    by_video = models.BooleanField(_("serves by video"), default=True)
    is_closed = models.BooleanField(_("nobody may join now"), default=False)
    most_chats = models.PositiveSmallIntegerField(
        _("customers of one agent at once, at most"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    grace_s = models.PositiveSmallIntegerField(
        _("a place is kept without a connection for (seconds)"),
        default=line.GRACE_S,
        validators=[MinValueValidator(10), MaxValueValidator(3600)],
    )
    call_back_after_min = models.PositiveSmallIntegerField(
        _("a call back is offered after (minutes; 0 is never)"),
        default=15,
        validators=[MaxValueValidator(240)],
    )
    idle_after_min = models.PositiveSmallIntegerField(
        _("an agent who writes nothing is shown to the team lead after (minutes)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    line_moved_at = models.DateTimeField(
        null=True, editable=False, help_text="screens in line do not know yet"
    )
    kept_days = models.PositiveSmallIntegerField(
        _("conversations are kept for (days)"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )

    objects = ScopedQuerySet["Queue"].as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def ways(self) -> list[str]:
        """Return the channels of this queue."""
        return [way for way, is_on in (("text", self.by_text), ("video", self.by_video)) if is_on]

    @classmethod
    def serving(cls, organisation: Organisation) -> "models.QuerySet[Queue]":
        """Return the queues of this organisation and its ancestors."""
        return cls.objects.filter(organisation__in=organisation.line)


class QuickReply(models.Model):
    """A predefined reply that a customer sends with one touch."""

    organisation_path = "queue__organisation"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="quick_replies")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    text = models.CharField(_("text"), max_length=100)

    objects = ScopedQuerySet["QuickReply"].as_manager()

    class Meta:
        ordering = ["language", "pk"]


class Template(models.Model):
    """A predefined text for agents; ``{customer}``, ``{agent}`` and ``{queue}`` are filled in."""

    organisation_path = "queue__organisation"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="templates")
    title = models.CharField(_("title"), max_length=60)
    text = models.CharField(_("text"), max_length=1000)

    objects = ScopedQuerySet["Template"].as_manager()

    class Meta:
        ordering = ["title", "pk"]


class Agent(models.Model):
    """A signed-in agent of some queues, with a display name (Q1).

    ``seen_at`` is updated by the open page; after half a minute without it, the agent is gone.
    """

    organisation_path = "user__organisation"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agent")
    display_name = models.CharField(_("the customers see this name"), max_length=60)
    queues = models.ManyToManyField(Queue, related_name="agents", verbose_name=_("queues"))
    is_signed_in = models.BooleanField(default=False)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Agent"].as_manager()

    def __str__(self) -> str:
        return self.display_name


class Visit(models.Model):
    """One customer's visit, by the id of their screen or page; ``number`` is the order of joining.

    The customer is a resident at a device, or a contact at their call page: ``page_seen_at`` is that page's
    last heartbeat.
    """

    organisation_path = "queue__organisation"

    class Stage(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SERVED = "served", _("Is served")
        ENDED = "ended", _("Over")

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=64, unique=True)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="visits")
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="queue_visits")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="queue_visits")
    page_seen_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="queue_visits")
    way = models.CharField(max_length=5, choices=[("text", _("Text")), ("video", _("Video"))])
    stage = models.CharField(max_length=7, choices=Stage, default=Stage.WAITING)
    end = models.CharField(max_length=7, blank=True)
    joined_at = models.DateTimeField()
    served_at = models.DateTimeField(null=True)
    first_served_at = models.DateTimeField(null=True)
    away_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="visits")
    is_released = models.BooleanField(default=False)
    call_back = models.CharField(max_length=8, blank=True)
    video = models.CharField(max_length=17, blank=True)
    call_id = models.CharField(max_length=64, blank=True, help_text="the newest call of an agent")
    calls_placed = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    rating = models.CharField(max_length=4, blank=True)
    notes = models.CharField(max_length=2000, blank=True)

    objects = ScopedQuerySet["Visit"].as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["stage", "queue"])]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=~models.Q(stage="ended"), name="one_open_visit_each"
            ),
            models.UniqueConstraint(
                fields=["contact"], condition=~models.Q(stage="ended"), name="one_open_visit_each_contact"
            ),
            models.CheckConstraint(
                condition=models.Q(resident=None) ^ models.Q(contact=None), name="one_customer_a_visit"
            ),
        ]

    @property
    def customer(self) -> Resident | Contact:
        """Return the resident or contact."""
        found = self.resident or self.contact
        if found is None:
            raise ValueError("a visit without a customer")
        return found

    def as_rule(self) -> line.Visit:
        """Convert to the state machine's visit."""
        return line.Visit(
            id=self.id,
            number=self.number,
            queue=self.queue_id,
            way=cast(Any, self.way),
            joined_at=self.joined_at,
            stage=cast(Any, self.stage),
            agent=self.agent_id if self.stage == "served" else None,
            served_at=self.served_at,
            away_since=self.away_since,
            ended_at=self.ended_at,
            end=cast(Any, self.end),
            call_back=cast(Any, self.call_back),
            video=cast(Any, self.video),
            is_released=self.is_released,
        )

    def follow(self, visit: line.Visit) -> None:
        """Save the state machine's result. The last agent is kept after the end."""
        for name in _OF_THE_RULES:
            setattr(self, name, getattr(visit, name))
        self.queue_id = visit.queue
        if visit.stage != "ended":
            self.agent_id = visit.agent
        self.first_served_at = self.first_served_at or visit.served_at
        self.save()


class Message(models.Model):
    """One message of a visit. ``own_number`` is the device's, against duplicates."""

    organisation_path = "visit__queue__organisation"

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    author = models.CharField(max_length=8, choices=[("customer", _("Customer")), ("agent", _("Agent"))])
    name = models.CharField(max_length=150)
    text = models.CharField(max_length=LONGEST_TEXT)
    at = models.DateTimeField()
    own_number = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - unique where set

    objects = ScopedQuerySet["Message"].as_manager()

    class Meta:
        ordering = ["visit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="one_message_a_number"),
            models.UniqueConstraint(fields=["visit", "own_number"], name="one_message_an_own_number"),
            models.UniqueConstraint(fields=["visit", "key"], name="one_message_a_key"),
        ]


class BrowserCall(models.Model):
    """An agent's call to a contact: two browsers that exchange session descriptions (Q5)."""

    organisation_path = "visit__queue__organisation"

    class State(models.TextChoices):
        RINGING = "ringing"
        ANSWERED = "answered"
        CONNECTED = "connected"
        ENDED = "ended"

    id = models.CharField(primary_key=True, max_length=36)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="browser_calls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=36, help_text="the agent's page that holds this end")
    offer = models.TextField()
    answer = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.RINGING)
    why = models.CharField(max_length=16, blank=True)
    offered_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="when the agent's page was last heard")

    objects = ScopedQuerySet["BrowserCall"].as_manager()
