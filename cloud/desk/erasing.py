"""Erases a person's name, addresses and numbers from every table of their organisations (V17)."""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from django.apps import apps
from django.db import connection, transaction
from django.db.models import CharField, F, JSONField, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Trim

from cloud.base.seal import SealedField
from cloud.notices.models import Recipient, RecipientAddress
from cloud.organisations.models import Organisation, User
from cloud.partner.models import RotaPerson
from cloud.people.models import Contact, EscalationContact, Resident

log = logging.getLogger(__name__)

NOBODY = "–"
# Who has a name of their own: the columns of the name, and those of addresses and numbers.
BEARERS: tuple[tuple[type[Model], tuple[str, ...], tuple[str, ...]], ...] = (
    (Resident, ("first_name", "last_name"), ()),
    (Contact, ("first_name", "last_name"), ("phone", "email")),
    (User, ("first_name", "last_name"), ("email", "username")),
    (EscalationContact, ("name",), ("office_phone", "other_phone", "email")),
    (RotaPerson, ("name",), ("phone", "email")),
)


def erase(home: Organisation, name: str, details: Iterable[str] = ()) -> None:
    """Erase these texts in all tables of the home, unless they also belong to another person.

    Called when the person's own row has lost them. Inside the transaction.
    """
    patterns = {each: _whole(each) for each in details if each and not _is_held(home, each)}
    if name and not _is_borne(home, name):
        # Declined names go too, but not a surname that only begins like this one.
        patterns[name] = _whole(name) if _is_borne(home, name, "startswith") else re.compile(re.escape(name))
    for model, path, field in _texts() if patterns else ():
        # Not by the tables' own managers: append-only records lose the name too.
        rows: QuerySet[Model] = QuerySet(model).filter(**{f"{path}__path__startswith": home.path})
        _erase_in(rows, field, patterns)
    transaction.on_commit(forget_pages)


def follow_contact(*, contact: Contact, name: str, details: Iterable[str], **_signal: object) -> None:
    """Erase the words of a contact who was anonymised, and their own addresses for notices."""
    own = Recipient.objects.filter(contact=contact)
    addresses = RecipientAddress.objects.filter(recipient__in=own).values_list("value", flat=True)
    details = [*details, *addresses]
    own.delete()
    erase(contact.organisation, name, details)


def forget_pages() -> None:
    """Truncate SQLite's write-ahead log, which still contains old data."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                log.warning("Somebody reads the database: its log is emptied by the next checkpoint")


def _erase_in(rows: QuerySet[Model], field: str, patterns: Mapping[str, re.Pattern[str]]) -> None:
    is_there = Q()
    for word in patterns:
        is_there |= Q(as_text__contains=word) | Q(as_text__contains=json.dumps(word)[1:-1])
    found = rows.annotate(as_text=Cast(field, TextField())).filter(is_there)
    for pk, value in list(found.values_list("pk", field)):
        rows.filter(pk=pk).update(**{field: _without(value, patterns.values())})


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def _without(value: object, patterns: Iterable[re.Pattern[str]]) -> object:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    for pattern in patterns:
        text = pattern.sub(NOBODY, text)
    return text if isinstance(value, str) else json.loads(text)


def _is_borne(home: Organisation, name: str, how: Literal["exact", "startswith"] = "exact") -> bool:
    """Return whether another person of the home has this name, or one that starts with it."""
    for model, names, _details in BEARERS:
        whole = Trim(Concat(F(names[0]), Value(" "), F(names[-1]))) if len(names) > 1 else F(names[0])
        if _of(home, model).annotate(whole=whole).filter(**{f"whole__{how}": name}).exists():
            return True
    return False


def _is_held(home: Organisation, detail: str) -> bool:
    """Return whether another person of the home has this address or number."""
    for model, _names, details in BEARERS:
        is_it = Q()
        for field in details:
            is_it |= Q(**{field: detail})
        if details and _of(home, model).filter(is_it).exists():
            return True
    return False


def _of(home: Organisation, model: type[Model]) -> QuerySet[Model]:
    path = getattr(model, "organisation_path", "organisation")
    return QuerySet(model).filter(**{f"{path}__path__startswith": home.path})


def _texts() -> Iterator[tuple[type[Model], str, str]]:
    """Yield every text column of a home's tables, with its path to the organisation."""
    for model in apps.get_models():
        path = getattr(model, "organisation_path", "organisation")
        fields = {field.name: field for field in model._meta.concrete_fields}
        if not model.__module__.startswith("cloud.") or path.partition("__")[0] not in fields:
            continue
        for field in fields.values():
            is_text = isinstance(field, CharField | TextField | JSONField)
            if is_text and not isinstance(field, SealedField) and not field.primary_key and not field.choices:
                yield model, path, field.name
