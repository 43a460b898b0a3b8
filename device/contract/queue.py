"""The customer-service queue: what the desk shows, and what the resident does (Q1-Q10)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.hours import OpeningHours
from device.contract.values import Identifier, Line, LocalDate, Name, Text, Version
from device.contract.wire import Instant

QueueWay = Literal["text", "video"]
QueueStage = Literal["waiting", "served", "ended"]
QueueEnd = Literal["", "left", "removed", "away", "closed"]
CallBack = Literal["", "offered", "accepted", "declined"]
QueueRating = Literal["good", "fair", "bad"]
QueueVideo = Literal["", "asked-by-customer", "asked-by-agent", "on"]
Minutes = Annotated[int, Meta(ge=0, le=1440)]

# The screen shows this many of the newest messages of a conversation.
MOST_MESSAGES = 100
MOST_TOPICS = 40


class WaitEstimate(Struct, frozen=True, kw_only=True):
    """The expected wait in minutes; without ``most_min``, longer than ``least_min``."""

    least_min: Minutes
    most_min: Minutes | None = None


class QueueTopic(Struct, frozen=True, kw_only=True):
    """A queue that this resident may join. ``estimate`` is missing where it is unknown."""

    queue_id: Identifier
    name: Name
    ways: Annotated[list[QueueWay], Meta(min_length=1, max_length=2)]
    hours: Annotated[list[OpeningHours], Meta(max_length=21)] = []
    closed_on: Annotated[list[LocalDate], Meta(max_length=100)] = []
    is_closed: bool = False
    estimate: WaitEstimate | None = None


class QueueMessage(Struct, frozen=True, kw_only=True):
    """One message of the conversation; ``own_number`` is the device's number of a message of its own."""

    number: Annotated[int, Meta(ge=1)]
    author: Literal["customer", "agent"]
    name: Name = ""
    text: Text
    sent_at: Instant
    own_number: Annotated[int, Meta(ge=1)] | None = None


class QueueVisit(Struct, frozen=True, kw_only=True):
    """The resident's visit: waiting, served, or over. ``place`` counts from 1 while waiting."""

    visit_id: Identifier
    queue_name: Name
    way: QueueWay
    stage: QueueStage
    end: QueueEnd = ""
    joined_at: Instant
    place: Annotated[int, Meta(ge=0)] = 0
    estimate: WaitEstimate | None = None
    is_released: bool = False
    call_back: CallBack = ""
    video: QueueVideo = ""
    agent_name: Name = ""
    served_at: Instant | None = None
    ended_at: Instant | None = None
    messages: Annotated[list[QueueMessage], Meta(max_length=MOST_MESSAGES)] = []
    quick_replies: Annotated[list[Line], Meta(max_length=8)] = []


class QueueDocument(Struct, frozen=True, kw_only=True):
    """The queues that the resident may join, and their current visit."""

    version: Version
    topics: Annotated[list[QueueTopic], Meta(max_length=MOST_TOPICS)] = []
    visit: QueueVisit | None = None


class QueueOpened(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-opened"):
    """The resident opened the list of topics: the expected waits should be refreshed."""


class QueueJoined(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-joined"):
    """The resident joins a queue, under an id that the device has created."""

    visit_id: Identifier
    queue_id: Identifier
    way: QueueWay


class QueueLeft(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-left"):
    """The resident has left the queue or the conversation (Q8)."""

    visit_id: Identifier


class QueueMessageSent(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-message-sent"):
    """The resident has written a message; ``number`` increases with each message of a visit."""

    visit_id: Identifier
    number: Annotated[int, Meta(ge=1, le=100_000)]
    text: Text


class QueueVideoWanted(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-video-wanted"):
    """The resident accepts or declines video (Q5)."""

    visit_id: Identifier
    is_wanted: bool = True


class QueueCallBackAnswered(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-call-back-answered"
):
    """The resident accepts or declines to be called back instead of waiting."""

    visit_id: Identifier
    accepted: bool


class QueueRated(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-rated"):
    """The resident's rating, one of three faces."""

    visit_id: Identifier
    rating: QueueRating


class InLine(Struct, frozen=True, kw_only=True):
    """Sent repeatedly while a visit is open: the screen is still there (Q9)."""

    visit_id: Identifier


QueueHappening = (
    QueueOpened
    | QueueJoined
    | QueueLeft
    | QueueMessageSent
    | QueueVideoWanted
    | QueueCallBackAnswered
    | QueueRated
)
