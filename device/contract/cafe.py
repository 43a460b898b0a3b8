"""The café's table and the desk's meetings: who is there, how one comes in, and how one is asked (V24, V25).

A room is ``cafe`` or the id of a meeting. A device makes a ``seat_id`` when its resident goes in, and keeps
it until they leave, also when connections are made anew meanwhile.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.values import Identifier, Line, Name, Sdp
from device.contract.wire import Instant

CAFE = "cafe"
LeftReason = Literal["resident", "call", "help", "gone", "not-in-use", "withdrawn"]
OutReason = Literal[
    "left",
    "line_lost",
    "no_answer",
    "shown_out",
    "host_left",
    "ended_for_all",
    "closed",
    "full",
    "not-allowed",
    "unusable",
]
OptionalSdp = Annotated[str, Meta(max_length=64_000)]


class Guest(Struct, frozen=True, kw_only=True):
    """Somebody at the table: a first name, and the contact whose photo it is, where they are one."""

    id: Identifier
    name: Name
    contact_id: Annotated[str, Meta(max_length=64)] = ""
    is_host: bool = False


class Meeting(Struct, frozen=True, kw_only=True):
    """One event to which the resident is invited; where only hosts speak, the others are heard by nobody."""

    id: Identifier
    title: Line
    starts: Instant
    ends: Instant
    hosts: Annotated[list[Name], Meta(max_length=8)] = []
    only_hosts_speak: bool = False
    guests: Annotated[list[Guest], Meta(max_length=50)] = []


class CafeNow(Struct, frozen=True, kw_only=True):
    """Who sits at the café's table now, and the meetings of today and tomorrow that have not ended."""

    version: Annotated[int, Meta(ge=1, description="Grows with each change of the document")]
    reachable: bool = False
    guests: Annotated[list[Guest], Meta(max_length=50)] = []
    meetings: Annotated[list[Meeting], Meta(max_length=20)] = []


class GiveSeat(Struct, frozen=True, kw_only=True, tag_field="kind", tag="give-seat"):
    """They are let in, as this guest: the answers to what ``table-entered`` offered."""

    seat_id: Identifier
    guest_id: Identifier
    sound: Sdp
    picture: OptionalSdp = ""


class ShowGuest(Struct, frozen=True, kw_only=True, tag_field="kind", tag="show-guest"):
    """Whose picture comes now, or nobody's; with an ``offer`` it comes on a new connection."""

    seat_id: Identifier
    guest_id: Annotated[str, Meta(max_length=64)] = ""
    offer: OptionalSdp = ""


class AskStillHere(Struct, frozen=True, kw_only=True, tag_field="kind", tag="ask-still-here"):
    """Ask the resident whether they are still there; ``still-at-table`` says yes."""

    seat_id: Identifier
    seconds: Annotated[int, Meta(ge=1, le=600)] = 60


class MuteSeat(Struct, frozen=True, kw_only=True, tag_field="kind", tag="mute-seat"):
    """Whether the others hear this seat now."""

    seat_id: Identifier
    muted: bool


class OfferAgain(Struct, frozen=True, kw_only=True, tag_field="kind", tag="offer-again"):
    """The desk has lost the connections: make them anew."""

    seat_id: Identifier


class EndSeat(Struct, frozen=True, kw_only=True, tag_field="kind", tag="end-seat"):
    """They are not at the table any more, or were not let in."""

    seat_id: Identifier
    why: OutReason


CafeCommand = GiveSeat | ShowGuest | AskStillHere | MuteSeat | OfferAgain | EndSeat


class TableEntered(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table-entered"):
    """The resident goes in, or the connections are made anew; without ``picture`` they only listen."""

    seat_id: Identifier
    room: Identifier
    sound: Sdp
    picture: OptionalSdp = ""
    listens: bool = False


class TableAnswered(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table-answered"):
    """The answer to the offer of ``show-guest``."""

    seat_id: Identifier
    answer: Sdp


class TableLeft(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table-left"):
    """The resident left, or the device's own rules took them out."""

    seat_id: Identifier
    why: LeftReason


class StillAtTable(Struct, frozen=True, kw_only=True, tag_field="kind", tag="still-at-table"):
    """The resident says that they are still there."""

    seat_id: Identifier


class WantsToSpeak(Struct, frozen=True, kw_only=True, tag_field="kind", tag="wants-to-speak"):
    """The resident wants to be heard again: unmutes themselves, or raises a hand where only hosts speak."""

    seat_id: Identifier


class MeetingRefused(Struct, frozen=True, kw_only=True, tag_field="kind", tag="meeting-refused"):
    """The resident does not want to come; it does not ring again."""

    meeting_id: Identifier


CafeHappening = TableEntered | TableAnswered | TableLeft | StillAtTable | WantsToSpeak | MeetingRefused
