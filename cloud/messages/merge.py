"""Merge fields of a text, and how long it may become as a text message (M5)."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from gsm0338.codec import Codec

FIELDS = ("first_name", "date", "time", "organisation")
_FIELD = re.compile(r"\{([^{}]*)\}")
_ESCAPE = "\x1b"

# Units in a message that stands alone, and in a part of a longer one (3GPP TS 23.040, 9.2.3.24.1).
ALONE = {"GSM-7": 160, "UCS-2": 70}
PART = {"GSM-7": 153, "UCS-2": 67}


class Length(NamedTuple):
    """A text as the mobile network counts it."""

    units: int
    parts: int
    alphabet: Literal["GSM-7", "UCS-2"]


def problems(text: str) -> list[str]:
    """The fields that do not exist, and braces that belong to none."""
    unknown = [f"{{{name}}}" for name in _FIELD.findall(text) if name not in FIELDS]
    stray = [brace for brace in "{}" if brace in _FIELD.sub("", text)]
    return unknown + stray


def merge(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, once: a value that looks like a field stays as it is."""
    merged = _FIELD.sub(lambda found: values.get(found[1], ""), text)
    return re.sub(r" +([.,!?])", r"\1", re.sub(r" {2,}", " ", merged)).strip()


def length(text: str) -> Length:
    """Units and parts; no part ends within a character."""
    alphabet, sizes = _sizes(text)
    if sum(sizes) <= ALONE[alphabet]:
        return Length(sum(sizes), 1, alphabet)
    parts, room = 1, PART[alphabet]
    for size in sizes:
        if size > room:
            parts, room = parts + 1, PART[alphabet]
        room -= size
    return Length(sum(sizes), parts, alphabet)


def worst_length(text: str, values: Mapping[str, Iterable[str]]) -> Length:
    """The length with those of the values that make it longest."""
    used = set(_FIELD.findall(text))
    worst = {name: max(values.get(name, ("",)), key=_weight, default="") for name in FIELDS if name in used}
    return length(merge(text, worst))


def _sizes(text: str) -> tuple[Literal["GSM-7", "UCS-2"], list[int]]:
    try:
        if _ESCAPE not in text:
            return "GSM-7", [len(character.encode(Codec.NAME)) for character in text]
    except UnicodeEncodeError:
        pass
    return "UCS-2", [2 if ord(character) > 0xFFFF else 1 for character in text]


def _weight(value: str) -> tuple[bool, int]:
    found = length(value)
    return found.alphabet == "UCS-2", found.units
