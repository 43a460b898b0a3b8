"""The audit log, which is append-only (K20)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cloud.audit.values import Encoder, without_words
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from cloud.people.models import Contact, Resident

ONLY_ADDED = "the record of changes is only added to"


class ChangeQuerySet(ScopedQuerySet["Change"]):
    """Refuses updates; only personal data and expired entries are removed."""

    def update(self, **_values: Any) -> int:
        """Refuse: entries are never changed."""
        raise TypeError(ONLY_ADDED)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: entries are never deleted individually."""
        raise TypeError(ONLY_ADDED)

    def forget_words(self) -> None:
        """Erase every text in these changes (V17)."""
        for pk, changes in list(self.values_list("pk", "changes")):
            models.QuerySet.update(self.filter(pk=pk), changes=without_words(changes))

    def forget_before(self, then: datetime) -> int:
        """Delete older entries; return how many there were."""
        return models.QuerySet.delete(self.filter(at__lt=then))[0]


class Change(models.Model):
    """A row was added, changed or removed."""

    class Act(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        REMOVED = "removed", _("removed")

    class Way(models.TextChoices):
        DESK = "desk", _("at the desk")
        VISITOR = "visitor", _("by a link or a device")
        COMMAND = "command", _("on the command line")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    way = models.CharField(max_length=7, choices=Way)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    # Model and primary key of the row, which may be deleted.
    kind = models.CharField(max_length=60, db_index=True)
    row = models.CharField(max_length=64)
    act = models.CharField(max_length=7, choices=Act)
    changes = models.JSONField(encoder=Encoder)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "row"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; raise for one that exists already."""
        if not self._state.adding:
            raise TypeError(ONLY_ADDED)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: entries are never deleted individually."""
        raise TypeError(ONLY_ADDED)
