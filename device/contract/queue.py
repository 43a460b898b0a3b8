"""The customer-service queue on the wire: what the desk shows, and what the resident does (Q1-Q10)."""

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

# The newest so many messages of a conversation are on the screen.
MOST_MESSAGES = 100


class WaitEstimate(Struct, frozen=True, kw_only=True):
    """The wait still ahead: between so many minutes; without ``most_min``, longer than ``least_min``."""

    least_min: Minutes
    most_min: Minutes | None = None


class QueueTopic(Struct, frozen=True, kw_only=True):
    """A queue that this resident may join. ``estimate`` is missing where nothing is known."""

    queue_id: Identifier
    name: Name
    ways: Annotated[list[QueueWay], Meta(min_length=1, max_length=2)]
    hours: Annotated[list[OpeningHours], Meta(max_length=21)] = []
    closed_on: Annotated[list[LocalDate], Meta(max_length=100)] = []
    is_closed: bool = False
    estimate: WaitEstimate | None = None


class QueueMessage(Struct, frozen=True, kw_only=True):
    """One message of the conversation; ``own_number`` is the number that the device gave to its own."""

    number: Annotated[int, Meta(ge=1)]
    author: Literal["customer", "agent"]
    name: Name = ""
    text: Text
    sent_at: Instant
    own_number: Annotated[int, Meta(ge=1)] | None = None


class QueueVisit(Struct, frozen=True, kw_only=True):
    """The resident's visit: in line, served, or over. ``place`` counts from 1 while waiting."""

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
    """The queues that the resident may join, and their own visit, newest state of all."""

    version: Version
    topics: Annotated[list[QueueTopic], Meta(max_length=40)] = []
    visit: QueueVisit | None = None


class QueueOpened(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-opened"):
    """The resident looks at the topics: how long one waits should be of now."""


class QueueJoined(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-joined"):
    """The resident joins a line, under an id that the device has made."""

    visit_id: Identifier
    queue_id: Identifier
    way: QueueWay


class QueueLeft(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-left"):
    """The resident has left, from the line or from the conversation (Q8)."""

    visit_id: Identifier


class QueueMessageSent(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-message-sent"):
    """The resident has written something; ``number`` grows by one with each message of a visit."""

    visit_id: Identifier
    number: Annotated[int, Meta(ge=1, le=100_000)]
    text: Text


class QueueVideoWanted(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-video-wanted"):
    """The resident would like to go on with picture and sound, or would not (Q5)."""

    visit_id: Identifier
    is_wanted: bool = True


class QueueCallBackAnswered(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-call-back-answered"
):
    """The resident wants to be called back instead of waiting, or does not."""

    visit_id: Identifier
    accepted: bool


class QueueRated(Struct, frozen=True, kw_only=True, tag_field="kind", tag="queue-rated"):
    """Whether it was good, by one of three faces."""

    visit_id: Identifier
    rating: QueueRating


class InLine(Struct, frozen=True, kw_only=True):
    """Again and again while a visit is open: the screen is there (Q9)."""

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
