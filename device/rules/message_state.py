"""The saved state of messages: due ones, until they are answered and long past."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.messages import PlannedMessage


class KeptMessage(Struct, frozen=True, kw_only=True):
    """A due message, when it was shown, and the resident's answer."""

    message: PlannedMessage
    shown_at: datetime | None = None
    answer: Literal["", "ok", "taken", "one-heart", "two-hearts", "three-hearts"] = ""
    again_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Return whether the resident has finally answered it."""
        return self.answer != ""


class Messages(Struct, frozen=True, kw_only=True):
    """The due messages, the oldest first; ``shown`` is the id of the one on the screen."""

    kept: tuple[KeptMessage, ...] = ()
    shown: str = ""
