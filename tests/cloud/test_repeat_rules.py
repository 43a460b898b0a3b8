"""Which rules for repeating may be followed at all."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.calendar.repeat_rules import UnusableRule, check_rule

EVERY_SECOND = (
    f"FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"
    f";BYSECOND={','.join(map(str, range(60)))}"
)
UNUSABLE = [
    "FREQ=SECONDLY",
    "FREQ=NEVER",
    "nonsense",
    "FREQ=DAILY;BYDAY=XX",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;INTERVAL=-1",
    "FREQ=WEEKLY;INTERVAL=1;INTERVAL=0",
    "FREQ=DAILY;UNTIL=99991231",
    "FREQ=DAILY;BYMONTHDAY=0",
    EVERY_SECOND,
    f"FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 367)))}",
]


@pytest.mark.requirement("K21")
@pytest.mark.parametrize("rule", UNUSABLE)
def test_a_rule_outside_its_bounds_is_refused(rule: str) -> None:
    """What could keep a library busy for ever is never handed to one."""
    with pytest.raises(UnusableRule):
        check_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;UNTIL=20261130T080000Z;INTERVAL=1;BYDAY=MO;WKST=MO",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=10",
        "freq=daily",
    ],
)
def test_rules_of_real_calendars_may_be_followed(rule: str) -> None:
    """What people's calendars hold is inside the bounds."""
    check_rule(rule)


@given(st.text())
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    """No text makes the check raise anything but its own error."""
    with suppress(UnusableRule):
        check_rule(text)
