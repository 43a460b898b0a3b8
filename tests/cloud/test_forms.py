"""What the desk's forms have in common."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from cloud.base.forms import ClockField


@pytest.mark.parametrize("typed", ["9:05", "09:05", "9.05", "905", "0905", " 09:05 ", "09:05:00"])
def test_a_time_is_read_as_people_type_it(typed: str) -> None:
    """With a colon, a dot or nothing in between."""
    assert ClockField().clean(typed) == time(9, 5)


@pytest.mark.parametrize("typed", ["25:00", "9:75", "24:00", "1:2:3:4", "nine", "9 pm"])
def test_no_time_is_refused(typed: str) -> None:
    """What is no time of day is said to be none."""
    with pytest.raises(ValidationError):
        ClockField().clean(typed)
