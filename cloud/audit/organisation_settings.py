"""All settings of an organisation: each with where it comes from, and who changed it last (V21, K20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cloud.audit.models import Change
from cloud.base.setting_kinds import SettingKind, kinds
from cloud.organisations.models import Organisation, User

MOST_CHANGES = 1_000
# Of those that list rows, like closed days.
MOST_ROWS = 100


@dataclass(frozen=True)
class Line:
    """One setting; ``origin`` is an organisation above that it comes from; ``is_usual``: nobody set it."""

    label: str
    text: str
    origin: Organisation | None
    is_usual: bool
    changed: Change | None


@dataclass(frozen=True)
class Section:
    """The settings of one kind, and where they are edited by those who may."""

    title: object
    url: str
    lines: list[Line]


@dataclass(frozen=True)
class _Read:
    kind: SettingKind
    rows: list[Any]


def sections(organisation: Organisation, reader: User) -> list[Section]:
    """Return every kind of settings with what holds in this organisation."""
    line = _line(organisation)
    read = [_Read(kind, _rows(kind, organisation, line)) for kind in kinds()]
    changes = _changes(read)
    found = []
    for each in read:
        lines = _list_lines if each.kind.is_list else _lines
        url = _url(each.kind, organisation) if reader.may(each.kind.verb) else ""  # type: ignore[arg-type]
        found.append(Section(each.kind.title, url, list(lines(each, organisation, changes))))
    return found


def _line(organisation: Organisation) -> list[Organisation]:
    """Return the organisation and those above, the nearest first, with all settings that are one row each."""
    joined = [name for kind in kinds() if (name := _one_row(kind))]
    rows = Organisation.objects.filter(pk__in=organisation.line).select_related(*joined)
    return sorted(rows, key=lambda row: row.path, reverse=True)


def _one_row(kind: SettingKind) -> str:
    """Return by which name an organisation has its row of this kind; empty where there may be several."""
    field = kind.model._meta.get_field("organisation")
    return str(field.remote_field.related_name) if field.one_to_one else ""


def _rows(kind: SettingKind, organisation: Organisation, line: list[Organisation]) -> list[Any]:
    if name := _one_row(kind):
        return [row for each in line if (row := getattr(each, name, None))]
    rows = kind.model.objects.select_related("organisation").nearest_first(organisation)
    return list(rows[:MOST_ROWS])


def _changes(read: list[_Read]) -> dict[tuple[str, str], list[Change]]:
    """Return the changes of each row, the newest first."""
    asked = Q(pk__in=[])
    for each in read:
        if each.rows:
            numbers = [str(row.pk) for row in each.rows]
            asked |= Q(kind=each.kind.model._meta.label_lower, row__in=numbers)
    found: dict[tuple[str, str], list[Change]] = {}
    for change in Change.objects.filter(asked).select_related("by")[:MOST_CHANGES]:
        found.setdefault((change.kind, change.row), []).append(change)
    return found


Changes = dict[tuple[str, str], list[Change]]


def _lines(read: _Read, organisation: Organisation, changes: Changes) -> Iterator[Line]:
    kind = read.kind
    for name in kind.fields:
        serving = read.rows[:1]
        if name in kind.falls_back:
            serving = [row for row in read.rows if getattr(row, name) not in (None, "")][:1] or serving
        row = serving[0] if serving else kind.model()
        origin = row.organisation if serving and row.organisation != organisation else None
        made = changes.get((kind.model._meta.label_lower, str(row.pk)), [])
        changed = next((each for each in made if name in each.changes), None)
        yield Line(_label(row, name), _text(row, name), origin, not serving, changed)


def _list_lines(read: _Read, organisation: Organisation, changes: Changes) -> Iterator[Line]:
    for row in read.rows:
        name, *others = read.kind.fields
        text = ", ".join(f"{_label(row, other)}: {_text(row, other)}" for other in others)
        made = changes.get((row._meta.label_lower, str(row.pk)), [])
        origin = row.organisation if row.organisation != organisation else None
        yield Line(_text(row, name), text, origin, False, next(iter(made), None))


def _url(kind: SettingKind, organisation: Organisation) -> str:
    return reverse(kind.url, kwargs={kind.takes: organisation.pk} if kind.takes else None)


def _label(row: Any, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _text(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if display := getattr(row, f"get_{name}_display", None):
        return str(display())
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(value) if value not in (None, "") else "–"
