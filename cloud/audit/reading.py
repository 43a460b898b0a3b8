"""Entries of the audit log as readable text. Names are current ones; anonymised people have none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Model
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _

from cloud.audit import recorder
from cloud.audit.models import Change
from cloud.audit.values import HIDDEN, AnyField, is_reference

NOTHING = "–"
Names = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Line:
    """One changed field of an entry."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """An entry prepared for display."""

    change: Change
    kind: str
    name: str
    lines: list[Line]

    @property
    def who(self) -> str:
        """Return the actor's name, or the source of the change."""
        return str(self.change.by or self.change.get_way_display())


def entries(changes: Iterable[Change]) -> list[Entry]:
    """Return these changes as readable entries."""
    found = list(changes)
    names = _names(found)
    return [
        Entry(each, kind_name(each.kind), names.get((each.kind, each.row), ""), list(_lines(each, names)))
        for each in found
    ]


def kinds() -> list[tuple[str, str]]:
    """Return every kind of row whose changes are recorded, with its name."""
    labels = [model._meta.label_lower for model in recorder.watched()]
    return sorted(((label, kind_name(label)) for label in labels), key=lambda kind: kind[1].casefold())


def kind_name(label: str) -> str:
    """Return the name of a kind of row, as a heading."""
    model = _model(label)
    words = str(recorder.name_of(model)) if model else label
    return words[:1].upper() + words[1:]


def midnight(day: date) -> datetime:
    """Return the start of this day in the desk's time zone."""
    return datetime.combine(day, time(), get_default_timezone())


def _lines(change: Change, names: Names) -> Iterator[Line]:
    for name, pair in change.changes.items():
        field = _field(change.kind, name)
        label = str(getattr(field, "verbose_name", name))
        yield Line(label, *(_text(field, value, names) for value in pair))


def _text(field: AnyField | None, value: Any, names: Names) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if value == HIDDEN:
        return _("not shown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_text(field, each, names) for each in value)
    if is_reference(value):
        return names.get((value["model"], str(value["pk"])), f"#{value['pk']}")
    return _plain_text(field, value)


def _plain_text(field: AnyField | None, value: Any) -> str:
    if isinstance(field, DateTimeField) and (at := parse_datetime(str(value))):
        return localtime(at).strftime("%Y-%m-%d %H:%M")
    choices = dict(getattr(field, "flatchoices", ()) or ())
    return str(choices.get(value, value))


def _names(changes: list[Change]) -> Names:
    """Return the current names of the changed rows and of those they refer to."""
    asked: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        asked[change.kind].add(change.row)
        for pair in change.changes.values():
            for value in _references(pair):
                asked[value["model"]].add(str(value["pk"]))
    found: Names = {}
    for label, numbers in asked.items():
        model = _model(label)
        # A row without a name of its own is identified by its kind and its resident.
        if model and "__str__" in vars(model):
            rows = model._base_manager.filter(pk__in=numbers)
            found |= {(label, str(row.pk)): str(row) for row in rows}
    return found


def _references(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif is_reference(value):
        yield value


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _field(label: str, name: str) -> AnyField | None:
    model = _model(label)
    try:
        return model._meta.get_field(name) if model else None  # type: ignore[return-value]
    except FieldDoesNotExist:
        return None
