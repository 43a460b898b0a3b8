"""Forced calls with four eyes (V12): revoking a right is immediate, granting one is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from cloud.organisations.models import Organisation, User
from cloud.people.models import CareSettings, Relation, Resident
from cloud.people.signals import resident_changed
from cloud.proposals import deciding
from cloud.proposals.kinds import Line
from cloud.proposals.models import Proposal

KIND = "forced-calls"
FIELDS = (
    "forced_by_professionals",
    "forced_by_relatives",
    "consent_by",
    "consent_on",
    "forced_from",
    "forced_until",
    "forced_most_per_day",
    "forced_countdown_s",
)
MOST_LINES = 60

# Field → its value as text, before and after.
Texts = dict[str, list[str]]


@dataclass
class Wish:
    """Rights that a user wants to grant, of residents of one organisation."""

    residents: dict[int, Texts] = field(default_factory=dict)
    relations: list[int] = field(default_factory=list)


def gives(name: str, before: Any, after: Any) -> bool:
    """Return whether this change permits, or may permit, a forced call that was not possible before."""
    if name == "forced_most_per_day":
        return bool(after > before)
    if name == "forced_countdown_s":
        return bool(after < before)
    return bool(after) and after != before


def hold_back(care: CareSettings) -> Texts:
    """Reset the form's fields that grant rights and return them as texts; revocations stay."""
    stored = CareSettings.objects.filter(pk=care.pk).first() or CareSettings()
    held = [name for name in FIELDS if gives(name, getattr(stored, name), getattr(care, name))]
    texts = {name: [_text(stored, name), _text(care, name)] for name in held}
    for name in held:
        setattr(care, name, getattr(stored, name))
    return texts


def hold_back_right(relation: Relation) -> bool:
    """Reset a right granted by the form; return whether there was one."""
    had = Relation.objects.filter(pk=relation.pk, may_force_call=True).exists()
    wanted, relation.may_force_call = relation.may_force_call, had and relation.may_force_call
    return wanted and not had


def propose_settings(resident: Resident, texts: Texts, by: User) -> None:
    """Propose these settings of one resident."""
    wish = Wish(residents={resident.pk: texts})
    _propose(wish, _about(resident), resident.organisation, by)


def propose_right(relation: Relation, by: User) -> None:
    """Propose the right of one relative."""
    wish = Wish(relations=[relation.pk])
    _propose(wish, f"relation:{relation.pk}", relation.resident.organisation, by)


def propose_many(wishes: Mapping[Organisation, Wish], by: User) -> None:
    """Propose all of them, with one proposal for each organisation."""
    for organisation, wish in wishes.items():
        if wish.residents or wish.relations:
            _propose(wish, f"many:{uuid4().hex}", organisation, by)


def forget(resident: Resident) -> None:
    """Delete proposals for one resident alone, which may contain who gave consent (V17)."""
    Proposal.objects.filter(kind=KIND, subject=_about(resident)).delete()


def box(care: CareSettings, name: str) -> Texts:
    """Return the change that enables a setting."""
    return {name: [_text(care, name), "True"]}


def waiting(resident: Resident) -> list[Line]:
    """Return what waits for a second person for this resident; not what was sealed with another key."""
    found = deciding.current().filter(kind=KIND, organisation=resident.organisation)
    relations = set(resident.relations.values_list("pk", flat=True))
    return [
        line
        for proposal in found
        if proposal.payload
        for line in [
            *_settings_lines(proposal, {str(resident.pk)}),
            *_right_lines({pk for pk in proposal.payload["relations"] if pk in relations}),
        ]
    ]


def make(proposal: Proposal) -> None:
    """Grant the rights, if nothing has changed since the proposal."""
    changed: dict[int, Resident] = {}
    for pk, texts in proposal.payload["residents"].items():
        rows = CareSettings.objects.select_for_update(of=("self",)).select_related("resident")
        care = rows.filter(resident=pk, resident__organisation=proposal.organisation).first()
        if care is None:
            raise _changed_meanwhile()
        _set(care, texts)
        changed[care.resident_id] = care.resident
    for relation in _relations(proposal):
        relation.may_force_call = True
        relation.save(update_fields=["may_force_call"])
        changed[relation.resident_id] = relation.resident
    for resident in changed.values():
        resident_changed.send(Resident, resident=resident)


def describe(proposal: Proposal) -> list[Line]:
    """Return each setting and each right, with whose it is."""
    payload = proposal.payload
    settings, rights = set(payload["residents"]), set(payload["relations"])
    lines = [*_settings_lines(proposal, settings), *_right_lines(rights)]
    more = len(lines) - MOST_LINES
    if more > 0:
        lines[MOST_LINES:] = [Line(_("and %(number)d more") % {"number": more}, "", "")]
    return lines


def _about(resident: Resident) -> str:
    return f"resident:{resident.pk}"


def _propose(wish: Wish, subject: str, organisation: Organisation, by: User) -> None:
    payload = {
        "residents": {str(pk): texts for pk, texts in wish.residents.items()},
        "relations": wish.relations,
    }
    deciding.propose(KIND, subject, payload, organisation=organisation, by=by)


def _set(care: CareSettings, texts: Texts) -> None:
    for name, (before, after) in texts.items():
        if _text(care, name) != before:
            raise _changed_meanwhile()
        setattr(care, name, _field(name).to_python(after))
    if (care.forced_by_professionals or care.forced_by_relatives) and not care.has_consent:
        raise ValidationError(_("Forced calls need consent on file: who gave it, and when."), code="consent")
    care.save(update_fields=list(texts))


def _relations(proposal: Proposal) -> list[Relation]:
    wanted = proposal.payload["relations"]
    rows = Relation.objects.filter(pk__in=wanted, resident__organisation=proposal.organisation)
    found = list(rows.select_for_update(of=("self",)).select_related("resident", "contact"))
    if len(found) != len(wanted):
        raise _changed_meanwhile()
    return found


def _changed_meanwhile() -> ValidationError:
    return ValidationError(
        _("Something of this has changed meanwhile: it has to be proposed again."), code="old"
    )


def _text(care: CareSettings, name: str) -> str:
    return "" if getattr(care, name) is None else _field(name).value_to_string(care)


def _settings_lines(proposal: Proposal, residents: set[str]) -> list[Line]:
    asked = {pk: texts for pk, texts in proposal.payload["residents"].items() if pk in residents}
    names = Resident.objects.in_bulk([int(pk) for pk in asked])
    return [
        Line(f"{names.get(int(pk), '–')}, {_field(name).verbose_name}", _words(before), _words(after))
        for pk, texts in asked.items()
        for name, (before, after) in texts.items()
    ]


def _right_lines(relations: set[int]) -> list[Line]:
    rows = Relation.objects.filter(pk__in=relations).select_related("resident", "contact")
    words = _("%(relative)s may make forced calls to %(resident)s")
    return [Line(words % {"relative": row.contact, "resident": row.resident}, "", _("yes")) for row in rows]


def _field(name: str) -> "Field[Any, Any]":
    return next(field for field in CareSettings._meta.concrete_fields if field.name == name)


def _words(text: str) -> str:
    return {"": "–", "True": _("yes"), "False": _("no")}.get(text, text)
