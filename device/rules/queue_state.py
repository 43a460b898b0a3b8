"""The saved state of a visit to a queue, and the current page of it."""

from datetime import datetime

from msgspec import Struct, field

from device.contract.queue import CallBack
from device.rules.typing import Typing


class OwnMessage(Struct, frozen=True, kw_only=True):
    """A message by the resident that the desk has not shown yet."""

    number: int
    text: str
    sent_at: datetime


class OwnVisit(Struct, frozen=True, kw_only=True):
    """The visit that this device started, and actions that the desk has not confirmed.

    ``agreed_to_video_at`` is when the resident last requested or accepted video (Q5).
    """

    visit_id: str = ""
    sent: tuple[OwnMessage, ...] = ()
    next_number: int = 1
    has_left: bool = False
    wants_video: bool = False
    refuses_video: bool = False
    agreed_to_video_at: datetime | None = None
    call_back: CallBack = ""
    rated: str = ""
    closed: str = ""


class QueuePages(Struct, frozen=True, kw_only=True):
    """The current page of the queue; ``heard`` is the newest message that was spoken."""

    queue_id: str = ""
    asks_to_leave: bool = False
    is_typing: bool = False
    typing: Typing = field(default_factory=Typing)
    said_s: float | None = None
    heard: int = 0
