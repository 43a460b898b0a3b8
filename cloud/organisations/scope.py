"""Who may see what: one rule, on every query (V27)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from cloud.organisations.models import Organisation, User

M = TypeVar("M", bound=models.Model)


class Observer(NamedTuple):
    """Is told of what Django sends no signal for; ``update`` is entered before, and left after."""

    update: Callable[[models.QuerySet[Any], Collection[str]], AbstractContextManager[None]]
    create: Callable[[Sequence[Any]], None]


_observers: dict[type[models.Model], Observer] = {}


def observe(model: type[models.Model], observer: Observer) -> None:
    """Tells the observer of every ``update`` and ``bulk_create`` of these rows."""
    _observers[model] = observer


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

    def update(self, **values: Any) -> int:
        """As Django's own, and seen by an observer."""
        observer = _observers.get(self.model)
        if observer is None:
            return super().update(**values)
        with observer.update(self, values):
            return super().update(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """As Django's own, and seen by an observer."""
        rows = super().bulk_create(objs, *args, **options)
        if observer := _observers.get(self.model):
            observer.create(rows)
        return rows
