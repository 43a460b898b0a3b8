"""Fields of rows as the record keeps them: plain, short, and without secrets."""

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

# Whatever is called so is a secret, stands for one, or holds some among other things.
_SECRET = re.compile(r"password|secret|sealed|token|sha256|digest|certificate|key$|^(values|payload)$")
HIDDEN = "•••"
GONE = "…"
LONGEST = 1000

# Field → from and to.
Changes = dict[str, list[Any]]


class Encoder(DjangoJSONEncoder):
    """Times and days as ISO texts; letters as they are, so that they can be searched."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "ensure_ascii": False})


def fields_of(model: type[Model], without: Collection[str]) -> list[AnyField]:
    """What is recorded of such rows."""
    return [
        field for field in model._meta.concrete_fields if not field.primary_key and field.name not in without
    ]


def is_secret(field: AnyField) -> bool:
    """Whether only the fact of a change is recorded."""
    return isinstance(field, BinaryField | SealedField) or bool(_SECRET.search(field.name))


def plain(field: AnyField, value: Any) -> Any:
    """The value as it is kept; another row is kept as a reference, so that its name may go."""
    if value is None or value == "":
        return value
    if is_secret(field):
        return HIDDEN
    if isinstance(field, ForeignKey):
        return reference(field.related_model, value)
    return value[:LONGEST] if isinstance(value, str) else value


def reference(model: type[Model], pk: Any) -> dict[str, Any]:
    """A row by its number."""
    return {"model": model._meta.label_lower, "pk": pk}


def is_reference(value: Any) -> bool:
    """Whether this stands for another row."""
    return isinstance(value, dict) and set(value) == {"model", "pk"}


def differences(fields: Iterable[AnyField], before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """What differs, by the names of fields."""
    return {
        field.name: [plain(field, before.get(field.attname)), plain(field, after.get(field.attname))]
        for field in fields
        if (before.get(field.attname) or None) != (after.get(field.attname) or None)
    }


def without_words(value: Any) -> Any:
    """The same with no text left in it: of somebody who is anonymised."""
    if is_reference(value):
        return value
    if isinstance(value, dict):
        return {name: without_words(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_words(each) for each in value]
    return GONE if isinstance(value, str) and value else value
