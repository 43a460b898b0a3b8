"""Merge fields, and how long a text becomes as a text message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.delivery.text_parts import Length, length
from cloud.messages.merge import FIELDS, merge, problems, worst_length

pytestmark = pytest.mark.requirement("M5")


@pytest.mark.parametrize(
    ("text", "units", "parts", "alphabet"),
    [
        ("", 0, 1, "GSM-7"),
        ("a" * 160, 160, 1, "GSM-7"),
        ("a" * 161, 161, 2, "GSM-7"),
        ("ä" * 160, 160, 1, "GSM-7"),
        ("€" * 80, 160, 1, "GSM-7"),
        ("a" * 306, 306, 2, "GSM-7"),
        # The escape of the last character would be torn from it.
        ("a" * 152 + "€" + "a" * 152, 306, 3, "GSM-7"),
        ("Ж" * 70, 70, 1, "UCS-2"),
        ("Ж" * 71, 71, 2, "UCS-2"),
        ("😀" * 35, 70, 1, "UCS-2"),
        ("😀" * 67, 134, 3, "UCS-2"),
    ],
)
def test_length_is_counted_as_the_network_does(text: str, units: int, parts: int, alphabet: str) -> None:
    """Septets or UTF-16 units, and no part ends within a character."""
    assert length(text) == Length(units, parts, alphabet)  # type: ignore[arg-type]


def test_the_worst_case_is_the_name_that_makes_it_longest() -> None:
    """One name in another alphabet makes the whole text longer than any long one."""
    names = {"first_name": ["Aino", "Maximiliana", "Ольга"]}
    assert worst_length("Hello {first_name}", names).alphabet == "UCS-2"
    assert worst_length("Hello {time}", names).alphabet == "GSM-7"


def test_fields_that_do_not_exist_are_named() -> None:
    """And braces that belong to none."""
    assert problems("{first_name} at {tiem}") == ["{tiem}"]
    assert problems("at {time") == ["{"]
    assert problems("{first_name.__class__}") == ["{first_name.__class__}"]
    assert not problems("".join(f"{{{name}}}" for name in FIELDS))


@given(st.text(max_size=300), st.text(max_size=50))
def test_a_value_is_filled_in_once_and_never_read_as_a_field(text: str, name: str) -> None:
    """Whatever somebody is called, nothing raises, and nothing else is filled in."""
    merged = merge(text + "{first_name}", {"first_name": "{time}" + name, "time": "SECRET"})
    if not problems(text) and "{" not in text:
        assert "SECRET" not in merged
    length(merged)


@given(st.text(max_size=1000))
def test_parts_hold_the_text(text: str) -> None:
    """Never fewer than its units need."""
    found = length(text)
    room = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[found.alphabet]
    assert found.units <= room[0] if found.parts == 1 else found.units <= room[1] * found.parts
