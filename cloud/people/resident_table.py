"""Many residents as a table: written, and read with a preview, errors by row, and all or nothing."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cloud.base.tables import is_formula
from cloud.organisations.models import Organisation, User
from cloud.people.models import NAME_LENGTH, CareSettings, Resident, ResidentHome
from cloud.people.phone import e164
from cloud.people.signals import resident_added, resident_changed, resident_moved

COLUMNS = ("number", "first name", "last name", "organisation", "room", "address", "phone", "notes")
NEEDED = ("first name", "last name", "organisation")
OF_HOME = ("room", "address", "phone", "notes")
MOST_ROWS = 2_000
MOST_ERRORS = 200
LONGEST = {"room": 50, "address": 200, "phone": 40, "notes": 500}
SALT = "kotiruutu.residents"
PREVIEW_S = 3600
USUAL_ZONE = "Europe/Helsinki"

# A row as it was read: its number in the file, and its cells by the names of the columns.
Row = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Change:
    """One resident before and after; a new one has no ``resident`` and nothing before."""

    resident: Resident | None
    organisation: Organisation
    before: dict[str, str]
    after: dict[str, str]

    @property
    def name(self) -> str:
        """Return the name that the resident will have."""
        return f"{self.after['first name']} {self.after['last name']}"

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """Return the columns that differ, with both values."""
        return [
            (name, self.before.get(name, ""), value)
            for name, value in self.after.items()
            if self.before.get(name, "") != value
        ]


@dataclass(frozen=True)
class Plan:
    """What an import does; with errors it does nothing."""

    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Return a digest of the preview: a change in between makes it another plan."""
        said = [
            (each.resident and each.resident.pk, each.organisation.pk, each.before, each.after)
            for each in (*self.added, *self.changed)
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def export(user: User) -> list[tuple[object, ...]]:
    """Return every resident who lives in the user's organisations; what opens doors is not in it."""
    rows = Resident.objects.visible_to(user).present().select_related("organisation", "home")
    names = _names(user)
    return [(each.pk, *_cells(each, names[each.organisation_id]).values()) for each in rows]


def plan(user: User, rows: Iterable[Row]) -> Plan:
    """Plan what the rows add and change; residents who are in no row stay as they are."""
    made, book = Plan(), _Book(user)
    for line, cells in rows:
        try:
            change = book.change(cells)
        except ValidationError as error:
            made.errors.append((line, " ".join(error.messages)))
            if len(made.errors) >= MOST_ERRORS:
                break
            continue
        if change.resident is None:
            made.added.append(change)
        elif change.differences:
            made.changed.append(change)
    return made


@transaction.atomic
def apply(made: Plan) -> None:
    """Add and change the residents of a plan. Raises ``ValidationError`` where another app refuses one."""
    for change in (*made.added, *made.changed):
        resident = change.resident or Resident()
        before = resident.organisation if change.resident else None
        resident.first_name, resident.last_name = change.after["first name"], change.after["last name"]
        resident.organisation = change.organisation
        resident.save()
        _save_home(resident, change.after)
        if before is None:
            CareSettings(resident=resident).save()
            resident_added.send(Resident, resident=resident)
            continue
        if before != change.organisation:
            resident_moved.send(Resident, resident=resident, before=before)
        resident_changed.send(Resident, resident=resident)


def keep(rows: Iterable[Row]) -> str:
    """Return the rows signed, for the page to give back; the desk stores nothing meanwhile."""
    return signing.dumps(list(rows), salt=SALT, compress=True)


def kept(token: str) -> list[Row]:
    """Return the rows of a preview. Raises ``BadSignature`` for others, and after an hour."""
    return [(line, cells) for line, cells in signing.loads(token, salt=SALT, max_age=PREVIEW_S)]


class _Book:
    """Who and what a user's organisations have, and who was in the table already."""

    def __init__(self, user: User) -> None:
        rows = Resident.objects.visible_to(user).present().select_related("organisation", "home", "view")
        self._known = {str(each.pk): each for each in rows}
        self._names = _names(user)
        self._places = _places(user, self._names)
        self._taken = {(each.organisation_id, str(each).casefold()) for each in self._known.values()}
        self._seen: set[str] = set()

    def change(self, cells: Mapping[str, str]) -> Change:
        """Return what a row changes. Raises ``ValidationError``."""
        if any(is_formula(value) for name, value in cells.items() if name != "phone"):
            raise ValidationError(_("a formula is not taken"))
        number = cells.get("number", "")
        if number in self._seen:
            raise ValidationError(_("this resident is in the table twice"))
        if number and number not in self._known:
            raise ValidationError(_("there is no resident with this number"))
        resident = self._known.get(number)
        before = _cells(resident, self._names[resident.organisation_id]) if resident else {}
        organisation = self._places.get(cells["organisation"].casefold())
        if organisation is None:
            raise ValidationError(_("there is no organisation of this name, or more than one"))
        zone = resident.view.time_zone if resident and hasattr(resident, "view") else USUAL_ZONE
        after = _checked(cells, before, self._names[organisation.pk], zone)
        change = Change(resident, organisation, before, after)
        if resident is None:
            self._check_new(change)
        else:
            self._seen.add(number)
        return change

    def _check_new(self, change: Change) -> None:
        # A table that is given twice adds nobody twice.
        named = (change.organisation.pk, change.name.casefold())
        if named in self._taken:
            raise ValidationError(
                _("somebody of this name lives there: give their number, or add them by hand")
            )
        self._taken.add(named)


def _checked(cells: Mapping[str, str], before: Mapping[str, str], place: str, zone: str) -> dict[str, str]:
    after = {"first name": cells["first name"], "last name": cells["last name"], "organisation": place}
    if not all(0 < len(after[name]) <= NAME_LENGTH for name in ("first name", "last name")):
        raise ValidationError(_("both names are needed, of at most 150 characters each"))
    for name in OF_HOME:
        # A column that is not in the table changes nothing.
        after[name] = cells.get(name, before.get(name, ""))
        if len(after[name]) > LONGEST[name]:
            words = _("%(column)s: at most %(most)d characters")
            raise ValidationError(words, params={"column": name, "most": LONGEST[name]})
    if after["phone"]:
        after["phone"] = e164(after["phone"], time_zone=zone)
    return after


def _cells(resident: Resident, organisation: str) -> dict[str, str]:
    home: ResidentHome | None = getattr(resident, "home", None)
    return {
        "first name": resident.first_name,
        "last name": resident.last_name,
        "organisation": organisation,
        **{name: getattr(home, name, "") for name in OF_HOME},
    }


def _save_home(resident: Resident, after: Mapping[str, str]) -> None:
    home = ResidentHome.of(resident)
    if home._state.adding and not any(after[name] for name in OF_HOME):
        return
    for name in OF_HOME:
        setattr(home, name, after[name])
    home.save()


def _names(user: User) -> dict[int, str]:
    """Return the name of each organisation with those above it that the user sees: "City / Home"."""
    own = {each.pk: each for each in Organisation.objects.visible_to(user)}
    return {pk: " / ".join(own[up].name for up in each.line if up in own) for pk, each in own.items()}


def _places(user: User, names: Mapping[int, str]) -> dict[str, Organisation]:
    """Return organisations by their whole name, and by their own name where only one has it."""
    rows = Organisation.objects.visible_to(user).in_bulk()
    found: dict[str, Organisation] = {}
    twice: set[str] = set()
    for each in rows.values():
        own = each.name.casefold()
        if own in found:
            twice.add(own)
        found[own] = each
    for name in twice:
        del found[name]
    return found | {name.casefold(): rows[pk] for pk, name in names.items()}
