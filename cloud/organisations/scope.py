"""Who may see what: one rule, on every query (V27)."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from cloud.organisations.models import User

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to an organisation. ``organisation_path`` of the model leads there."""

    def visible_to(self, user: "User") -> Self:
        """Only rows of the user's own organisation and of those below it."""
        lookup = getattr(self.model, "organisation_path", "organisation")
        prefix = f"{lookup}__path__startswith" if lookup else "path__startswith"
        conditions: dict[str, Any] = {prefix: user.organisation.path}
        return self.filter(**conditions)
