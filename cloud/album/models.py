"""Pictures and texts of relatives, and paused senders."""

from datetime import datetime

from django.conf import settings
from django.db import models

from cloud.messages.models import Message
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import NAME_LENGTH, Contact, Resident

LONGEST_WORDS = 300


class FamilyPicture(models.Model):
    """One item sent by a relative; ``data`` is a small JPEG, empty where there is only text."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="family_pictures")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="family_pictures")
    sender = models.CharField(max_length=2 * NAME_LENGTH)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    data = models.BinaryField(default=bytes)
    sent_at = models.DateTimeField()
    message = models.OneToOneField(Message, models.SET_NULL, null=True, related_name="family_picture")

    objects = ScopedQuerySet["FamilyPicture"].as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["resident", "-sent_at"]), models.Index(fields=["sha256"])]


class PausedSender(models.Model):
    """A contact whose messages and pictures for this resident are not accepted at present."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["PausedSender"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resident", "contact"], name="one_pause_each")]
