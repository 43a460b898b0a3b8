from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet

NAME_LENGTH = 150


class Photo(models.Model):
    """A picture by the digest of its bytes; devices fetch it by that name."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    content_type = models.CharField(max_length=40)
    data = models.BinaryField()

    objects = ScopedQuerySet["Photo"].as_manager()


class Resident(models.Model):
    """The person a device is for. Relations, view and calendar belong to them, not to a device (V16)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH)

    objects = ScopedQuerySet["Resident"].as_manager()

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Contact(models.Model):
    """A relative or a professional; may know several residents (V15)."""

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
    presence = models.CharField(_("presence"), max_length=9, choices=Presence, default=Presence.AWAY)
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True)
    locked = models.BooleanField(_("locked"), default=False)

    objects = ScopedQuerySet["Contact"].as_manager()

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Relation(models.Model):
    """One resident knows one contact; visibility can be one way (V14)."""

    organisation_path = "resident__organisation"

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="relations")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="relations")
    words = models.CharField(_("relation, in the resident's words"), max_length=NAME_LENGTH, blank=True)
    favourite = models.BooleanField(_("favourite"), default=False)
    visible_to_resident = models.BooleanField(_("the resident sees this contact"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ScopedQuerySet["Relation"].as_manager()

    class Meta:
        ordering = ["-favourite", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["resident", "contact"], name="one_relation_each")]
