"""Field values as the audit log stores them: plain, short, and without secrets."""

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, ForeignKey, Model

from cloud.base.seal import SealedField

if TYPE_CHECKING:
    AnyField = Field[Any, Any]
else:
    AnyField = Field

# Fields with these names are secrets, stand for one, or contain some.
_SECRET = re.compile(r"password|secret|sealed|token|sha256|digest|certificate|key$|^(values|payload)$")
HIDDEN = "•••"
GONE = "…"
LONGEST = 1000

# Field → from and to.
Changes = dict[str, list[Any]]


class Encoder(DjangoJSONEncoder):
    """Encodes times and dates as ISO texts, and letters unescaped, so that they can be searched."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "ensure_ascii": False})


def fields_of(model: type[Model], without: Collection[str]) -> list[AnyField]:
    """Return the recorded fields of a model."""
    return [
        field for field in model._meta.concrete_fields if not field.primary_key and field.name not in without
    ]


def is_secret(field: AnyField) -> bool:
    """Return whether only the fact of a change is recorded."""
    return isinstance(field, BinaryField | SealedField) or bool(_SECRET.search(field.name))


def plain(field: AnyField, value: Any) -> Any:
    """Return the value to store; another row is stored as a reference, so that its name can be erased."""
    if value is None or value == "":
        return value
    if is_secret(field):
        return HIDDEN
    if isinstance(field, ForeignKey):
        return reference(field.related_model, value)
    return value[:LONGEST] if isinstance(value, str) else value


def reference(model: type[Model], pk: Any) -> dict[str, Any]:
    """Return a reference to a row by its primary key."""
    return {"model": model._meta.label_lower, "pk": pk}


def is_reference(value: Any) -> bool:
    """Return whether the value is a reference to a row."""
    return isinstance(value, dict) and set(value) == {"model", "pk"}


def differences(fields: Iterable[AnyField], before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """Return the changed fields by name, with both values."""
    return {
        field.name: [plain(field, before.get(field.attname)), plain(field, after.get(field.attname))]
        for field in fields
        if (before.get(field.attname) or None) != (after.get(field.attname) or None)
    }


def without_words(value: Any) -> Any:
    """Return the value with every text removed, for anonymised people."""
    if is_reference(value):
        return value
    if isinstance(value, dict):
        return {name: without_words(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_words(each) for each in value]
    return GONE if isinstance(value, str) and value else value
