"""Organisations that nest, and those who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.base.languages import LANGUAGES
from cloud.organisations.scope import ScopedQuerySet


class Organisation(models.Model):
    """A care organisation; ``path`` holds the ids from the root down to this one (``/1/5/``)."""

    organisation_path = ""

    name = models.CharField(_("name"), max_length=150)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, unique=True, editable=False)

    objects = ScopedQuerySet["Organisation"].as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Gives a new organisation its place below its parent."""
        is_new = self.pk is None
        if is_new:
            self.path = f"new-{id(self)}"
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        if is_new:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            super().save(update_fields=["path"])

    @property
    def line(self) -> list[int]:
        """The ids from the root down to this one."""
        return [int(pk) for pk in self.path.strip("/").split("/")]


class User(AbstractUser):
    """Somebody who signs in to the desk."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="users")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fi")

    REQUIRED_FIELDS = ["email", "organisation"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class FailedSignIn(models.Model):
    """A sign-in that was refused; many of them close the door for a while."""

    name_sha256 = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"])]
