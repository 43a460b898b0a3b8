"""Phones with push subscriptions, their messages, and organisations' settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.calls.models import Call, PersonalLink
from cloud.delivery.models import Delivery
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact


class Phone(models.Model):
    """A browser's subscription at a push service, under one personal link."""

    organisation_path = "link__contact__organisation"

    link = models.ForeignKey(PersonalLink, models.CASCADE, related_name="phones")
    endpoint = models.CharField(max_length=1000)
    endpoint_sha256 = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["Phone"].as_manager()


class PushMessage(models.Model):
    """A message to a phone; deleted after a day."""

    organisation_path = "contact__organisation"

    class Kind(models.TextChoices):
        RING = "ring"
        OVER = "over"
        HELP = "help"
        NOTE = "note"

    class State(models.TextChoices):
        DUE = "due"
        TRYING = "trying"
        SENT = "sent"
        HEARD = "heard"
        FAILED = "failed"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="push_messages")
    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="push_messages")
    phone = models.ForeignKey(Phone, models.CASCADE, related_name="push_messages")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="push_messages")
    kind = models.CharField(max_length=4, choices=Kind)
    body = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    made_at = models.DateTimeField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    objects = ScopedQuerySet["PushMessage"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "id"])]


class PushSettings(models.Model):
    """What a locked phone may show, and whether a message follows when none rings."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="push_settings")
    names_shown = models.BooleanField(_("the name of the resident stands on a locked phone"), default=True)
    writes = models.BooleanField(
        _("who cannot be rung when a resident calls gets a text message or an e-mail at once"), default=False
    )

    objects = ScopedQuerySet["PushSettings"].as_manager()

    @classmethod
    def of(cls, organisation: Organisation) -> "PushSettings":
        """Return the settings of this organisation, or of its nearest ancestor."""
        nearest = cls.objects.nearest_first(organisation)
        return nearest[0] if nearest else cls(organisation=organisation)
