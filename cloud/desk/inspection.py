"""Read-only questions about the desk's rows, for the demo and for tests of the whole system."""

from typing import Any

import msgspec
from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import DatabaseError
from django.db.models import F

MOST_ROWS = 100_000
_UNANSWERABLE = (LookupError, FieldError, ValidationError, ValueError, TypeError, DatabaseError)


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which ``fields`` of which rows; ``where`` are Django's lookups.

    A value ``{"field": name}`` in ``where`` is another field of the same row.
    """

    model: str
    fields: list[str]
    where: dict[str, Any] = {}
    order: list[str] = []


def answered(line: str | bytes) -> bytes:
    """Return the rows that a JSON question asks for, or ``{"error": reason}``; as one line of JSON."""
    try:
        found: object = _rows(msgspec.json.decode(line, type=Question))
    except _UNANSWERABLE as error:
        found = {"error": f"{type(error).__name__}: {error}"}
    return msgspec.json.encode(found, enc_hook=str)


def _rows(question: Question) -> list[tuple[Any, ...]]:
    manager = apps.get_model(question.model)._base_manager
    rows = manager.filter(**{name: _value(each) for name, each in question.where.items()})
    return list(rows.order_by(*question.order).values_list(*question.fields)[:MOST_ROWS])


def _value(given: Any) -> Any:
    return F(given["field"]) if isinstance(given, dict) else given
