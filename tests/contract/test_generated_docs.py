"""The machine-readable contract holds together."""

from collections.abc import Iterator
from typing import Any

import pytest

from device.contract.topics import DOWN, UP
from docs.generate import asyncapi, contract
from docs.generate.words import describe


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def test_every_reference_leads_somewhere() -> None:
    """An AsyncAPI tool could follow each ``$ref``."""
    document = asyncapi.document()
    references = set(_references(document))
    assert references
    for reference in references:
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_channel_is_in_both_documents() -> None:
    """A topic that is added appears by itself for people and for machines."""
    addresses = {channel["address"] for channel in asyncapi.document()["channels"].values()}
    page = contract.page()
    for channel in (*DOWN, *UP):
        assert f"care/v1/{{partition}}/{{device}}/{channel.suffix}" in addresses
        assert f"| `{channel.suffix}` |" in page


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 24}, "whole number from 1 to 24"),
        ({"type": "string", "maxLength": 64, "minLength": 1}, "text, at least 1 and at most 64 characters"),
        ({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Cafe"}]}, "nothing or [Cafe](#cafe)"),
        ({"enum": ["a", "b"], "description": "Either"}, "`a` or `b`. Either"),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 3}, "list of: true or false, at most 3"),
    ],
)
def test_a_schema_is_put_into_words(schema: dict[str, Any], words: str) -> None:
    """Limits are described as text."""
    assert describe(schema) == words
