"""Organisation scope: one rule for every query (V27)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from cloud.organisations.models import Organisation, User

M = TypeVar("M", bound=models.Model)


class Observer(NamedTuple):
    """Is notified of operations without Django signals; ``update`` is a context manager around it."""

    update: Callable[[models.QuerySet[Any], Collection[str]], AbstractContextManager[None]]
    create: Callable[[Sequence[Any]], None]


_observers: dict[type[models.Model], Observer] = {}


def observe(model: type[models.Model], observer: Observer) -> None:
    """Notify the observer of every ``update`` and ``bulk_create`` of these rows."""
    _observers[model] = observer


def by_organisation(rows: Iterable[M]) -> dict[int, list[M]]:
    """Return the rows of each organisation; one without any has an empty list."""
    found: dict[int, list[M]] = defaultdict(list)
    for row in rows:
        found[row.organisation_id].append(row)  # type: ignore[attr-defined]
    return found


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to an organisation, found by ``organisation_path`` of the model."""

    def visible_to(self, user: "User") -> Self:
        """Return only rows of organisations in which the user has the current permission, and below."""
        lookup = getattr(self.model, "organisation_path", "organisation")
        prefix = f"{lookup}__path__startswith" if lookup else "path__startswith"
        visible = models.Q()
        for path in user.paths:
            visible |= models.Q(**{prefix: path})
        return self.filter(visible) if visible else self.none()

    def nearest_first(self, organisation: "Organisation") -> list[M]:
        """Return rows of this organisation and its ancestors, the nearest, which takes precedence, first."""
        line = organisation.line
        rows = self.filter(organisation__in=line)
        return sorted(rows, key=lambda row: line.index(row.organisation_id), reverse=True)  # type: ignore[attr-defined]

    def nearest_to_each(self, organisations: "Iterable[Organisation]") -> dict[int, M]:
        """Return for each of these organisations its own row, or that of the nearest ancestor with one."""
        lines = {each.pk: each.line for each in organisations}
        numbers = {number for line in lines.values() for number in line}
        own = {row.organisation_id: row for row in self.filter(organisation__in=numbers)}  # type: ignore[attr-defined]
        nearest = {
            pk: next((own[each] for each in reversed(line) if each in own), None)
            for pk, line in lines.items()
        }
        return {pk: row for pk, row in nearest.items() if row is not None}

    def update(self, **values: Any) -> int:
        """Update as Django does, and notify observers."""
        observer = _observers.get(self.model)
        if observer is None:
            return super().update(**values)
        with observer.update(self, values):
            return super().update(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """Create as Django does, and notify observers."""
        rows = super().bulk_create(objs, *args, **options)
        if observer := _observers.get(self.model):
            observer.create(rows)
        return rows
