"""Who may see what: one rule, on every query (V27)."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from cloud.organisations.models import Organisation, User

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to an organisation. ``organisation_path`` of the model leads there."""

    def visible_to(self, user: "User") -> Self:
        """Only rows of organisations in which the user may do what they are doing, and of those below."""
        lookup = getattr(self.model, "organisation_path", "organisation")
        prefix = f"{lookup}__path__startswith" if lookup else "path__startswith"
        visible = models.Q()
        for path in user.paths:
            visible |= models.Q(**{prefix: path})
        return self.filter(visible) if visible else self.none()

    def nearest_first(self, organisation: "Organisation") -> list[M]:
        """Rows of this organisation and of those above it: what is nearest holds, and stands first."""
        line = organisation.line
        rows = self.filter(organisation__in=line)
        return sorted(rows, key=lambda row: line.index(row.organisation_id), reverse=True)  # type: ignore[attr-defined]
