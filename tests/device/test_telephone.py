"""Telephone numbers on the page of a person."""

import pytest

from device.screen.telephone import spaced


@pytest.mark.parametrize(
    ("number", "zone", "shown"),
    [
        ("+358401234567", "Europe/Helsinki", "040 1234567"),
        ("040 123 4567", "Europe/Helsinki", "040 1234567"),
        ("+46701234567", "Europe/Helsinki", "+46 70 123 45 67"),
        ("+46701234567", "Europe/Stockholm", "070-123 45 67"),
        ("+4532123456", "Europe/Copenhagen", "32 12 34 56"),
        ("+358401234567", "America/Lima", "+358 40 1234567"),
        ("ask at the desk", "Europe/Helsinki", "ask at the desk"),
        ("", "Europe/Helsinki", ""),
    ],
)
def test_a_number_is_spaced_as_its_country_writes_it(number: str, zone: str, shown: str) -> None:
    """Those of the resident's own country without its code; what is no number stays as it was written."""
    assert spaced(number, zone) == shown
