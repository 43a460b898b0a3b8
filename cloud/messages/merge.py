"""Merge fields of a text, and its maximum length as SMS (M5)."""

import re
from collections.abc import Collection, Iterable, Mapping

from cloud.delivery.text_parts import Length, length

FIELDS = ("first_name", "date", "time", "performer", "organisation")
_FIELD = re.compile(r"\{([^{}]*)\}")


def problems(text: str, fields: Collection[str] = FIELDS) -> list[str]:
    """Return unknown fields and unmatched braces."""
    unknown = [f"{{{name}}}" for name in _FIELD.findall(text) if name not in fields]
    stray = [brace for brace in "{}" if brace in _FIELD.sub("", text)]
    return unknown + stray


def merge(text: str, values: Mapping[str, str]) -> str:
    """Replace the fields once: a value that looks like a field is not replaced."""
    merged = _FIELD.sub(lambda found: values.get(found[1], ""), text)
    return re.sub(r" +([.,!?])", r"\1", re.sub(r" {2,}", " ", merged)).strip()


def worst_length(text: str, values: Mapping[str, Iterable[str]]) -> Length:
    """Return the length with the longest values."""
    used = set(_FIELD.findall(text))
    worst = {name: max(values.get(name, ("",)), key=_weight, default="") for name in FIELDS if name in used}
    return length(merge(text, worst))


def _weight(value: str) -> tuple[bool, int]:
    found = length(value)
    return found.alphabet == "UCS-2", found.units
