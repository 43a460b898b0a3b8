"""Messages for the resident: what to show and when, and the result (M1-M11, K6)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from device.contract.message_times import Span, Window
from device.contract.values import Identifier, Line, Sha256, Version
from device.contract.wire import Instant

MessageAnswer = Literal["ok", "taken", "later", "one-heart", "two-hearts", "three-hearts"]
HEARTS: tuple[MessageAnswer, ...] = ("one-heart", "two-hearts", "three-hearts")
MOST_PICTURES = 60
MOST_MESSAGES = 200
# A bound against bad input: the screen divides a text into as many pages as it needs (M5).
LONGEST_BODY = 6_000
LONGEST_PICTURE_WORDS = 500


class PlannedMessage(Struct, frozen=True, kw_only=True):
    """A message that takes the screen from ``due_at`` until ``until``, unless it was shown.

    ``asks_confirmation`` wants the answer ``taken``; one for ``any_hour`` ignores the window. A relative's
    message has a ``sender``, perhaps a ``photo``, and is answered with hearts (K19).
    """

    id: Identifier
    title: Line
    body: Annotated[str, Meta(max_length=LONGEST_BODY)] = ""
    about: Line = ""
    due_at: Instant
    until: Instant
    any_hour: bool = False
    asks_confirmation: bool = False
    sender: Line = ""
    photo: Sha256 | None = None

    @property
    def span(self) -> Span:
        """Return when it may be shown for the first time."""
        return Span(due_at=self.due_at, until=self.until)


class AlbumPicture(Struct, frozen=True, kw_only=True):
    """A relative's picture in the album (K19)."""

    id: Identifier
    sender: Line
    words: Annotated[str, Meta(max_length=LONGEST_PICTURE_WORDS)] = ""
    photo: Sha256 | None = None
    sent_at: Instant


class MessagePlan(Struct, frozen=True, kw_only=True):
    """The messages of the coming days, the next first; one that is no longer in it must not be shown.

    The ``album`` holds pictures from relatives, the newest first.
    """

    version: Version
    window: Window = field(default_factory=Window)
    messages: Annotated[list[PlannedMessage], Meta(max_length=MOST_MESSAGES)] = []
    album: Annotated[list[AlbumPicture], Meta(max_length=MOST_PICTURES)] = []


class MessageShown(Struct, frozen=True, kw_only=True, tag_field="kind", tag="message-shown"):
    """A message was shown on the screen for the first time (M11)."""

    message_id: Identifier


class MessageAnswered(Struct, frozen=True, kw_only=True, tag_field="kind", tag="message-answered"):
    """The resident touched an answer: read, confirmed, or to be reminded again in ten minutes."""

    message_id: Identifier
    answer: MessageAnswer


MessageHappening = MessageShown | MessageAnswered
