"""Releases and their results on each device. A release belongs to the desk, not to an organisation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.devices.models import Device
from cloud.organisations.scope import ScopedQuerySet


class Release(models.Model):
    """Signed software for one architecture, and its rollout. Its chunks are files of the desk."""

    class Reach(models.IntegerChoices):
        NOBODY = 0, _("nobody yet")
        FIRST = 1, _("the first ring")
        SECOND = 2, _("the first two rings")
        ALL = 3, _("all devices")

    class Cause(models.TextChoices):
        PERSON = "person", _("somebody halted it")
        RETURNED = "returned", _("devices came back from it by themselves")
        SILENT = "silent", _("devices with it are silent")
        FAULTY = "faulty", _("devices with it have faults")

    version = models.CharField(max_length=64)
    number = models.PositiveBigIntegerField()
    arch = models.CharField(max_length=16)
    manifest = models.TextField()
    signature = models.CharField(max_length=128)
    size_bytes = models.PositiveBigIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    reach = models.PositiveSmallIntegerField(choices=Reach, default=Reach.NOBODY)
    reach_at = models.DateTimeField(null=True)
    reach_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    halted_at = models.DateTimeField(null=True)
    halted_cause = models.CharField(max_length=8, choices=Cause, blank=True)
    halted_bad = models.PositiveIntegerField(default=0)
    halted_of = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["number", "arch"], name="one_release_each_number"),
        ]

    def __str__(self) -> str:
        return self.version


class DeviceRelease(models.Model):
    """A device's newest report on a release."""

    organisation_path = "device__organisation"

    class Stage(models.TextChoices):
        FETCHED = "fetched", _("fetched")
        INSTALLED = "installed", _("installed")
        RETURNED = "returned", _("came back from it")
        REFUSED = "refused", _("refused")

    device = models.ForeignKey(Device, models.CASCADE, related_name="releases")
    version = models.CharField(max_length=64, blank=True)
    number = models.PositiveBigIntegerField()
    stage = models.CharField(max_length=9, choices=Stage)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = ScopedQuerySet["DeviceRelease"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "number"], name="one_word_on_each_release"),
        ]
        indexes = [models.Index(fields=["number", "stage"])]
