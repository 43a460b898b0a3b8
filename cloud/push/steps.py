"""The steps of ringing a contact's phone, until it is known to ring. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

# An active phone confirms within a second.
WRITE_AFTER = timedelta(seconds=5)
# Later no confirmation is expected.
GIVE_UP_AFTER = timedelta(seconds=12)

Step = Literal["wait", "write", "give-up"]
PhonesState = Literal["none", "trying", "failed"]
MailState = Literal["off", "possible", "trying", "failed"]


@dataclass(frozen=True)
class Attempt:
    """The progress: ``phones`` without confirmation, and the message after them."""

    since: timedelta
    phones: PhonesState
    mail: MailState


def next_step(attempt: Attempt) -> Step:
    """Return the step that is due now."""
    is_trying = attempt.phones == "trying"
    if attempt.mail == "trying":
        return "wait"
    if attempt.mail == "possible":
        return "write" if not is_trying or attempt.since >= WRITE_AFTER else "wait"
    return "wait" if is_trying and attempt.since < GIVE_UP_AFTER else "give-up"
