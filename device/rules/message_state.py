"""What the device keeps of messages: those that were due, until they are answered and long past."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.messages import PlannedMessage


class KeptMessage(Struct, frozen=True, kw_only=True):
    """A message that was due, when it was shown, and what the resident answered."""

    message: PlannedMessage
    shown_at: datetime | None = None
    answer: Literal["", "ok", "taken", "one-heart", "two-hearts", "three-hearts"] = ""
    again_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether the resident has answered it for good."""
        return self.answer != ""


class Messages(Struct, frozen=True, kw_only=True):
    """The messages that were due, the oldest first; ``shown`` is the id of the one that has the screen."""

    kept: tuple[KeptMessage, ...] = ()
    shown: str = ""
