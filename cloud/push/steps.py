"""What to do for somebody whose phone is being rung, until it is known to ring."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

# A phone that is awake says within a second that it rings.
WRITE_AFTER = timedelta(seconds=5)
# By then nobody believes that it still will.
GIVE_UP_AFTER = timedelta(seconds=12)

Step = Literal["wait", "write", "give-up"]
PhonesState = Literal["none", "trying", "failed"]
MailState = Literal["off", "possible", "trying", "failed"]


@dataclass(frozen=True)
class Attempt:
    """How far it is: ``phones`` that have not said that they ring, and the message after them."""

    since: timedelta
    phones: PhonesState
    mail: MailState


def next_step(attempt: Attempt) -> Step:
    """What is due now."""
    is_trying = attempt.phones == "trying"
    if attempt.mail == "trying":
        return "wait"
    if attempt.mail == "possible":
        return "write" if not is_trying or attempt.since >= WRITE_AFTER else "wait"
    return "wait" if is_trying and attempt.since < GIVE_UP_AFTER else "give-up"
