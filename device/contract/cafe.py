"""The café's table and the desk's meetings: presence, joining and invitations (V24, V25).

A room is ``cafe`` or the id of a meeting. A device creates a ``seat_id`` when its resident joins, and keeps
it until they leave, also across reconnections.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.ice import IceServers
from device.contract.values import Identifier, Line, Name, Sdp, Sha256
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
    """A participant: a first name, and the contact whose photo is shown, where they are one."""

    id: Identifier
    name: Name
    contact_id: Annotated[str, Meta(max_length=64)] = ""
    is_host: bool = False


class Meeting(Struct, frozen=True, kw_only=True):
    """One event to which the resident is invited; in one where only hosts speak, the others are muted.

    One with ``repeats_days`` repeats at the same wall time; each time is a meeting of its own, which the desk
    sends when the one before is over.
    """

    id: Identifier
    title: Line
    starts: Instant
    ends: Instant
    hosts: Annotated[list[Name], Meta(max_length=8)] = []
    photo: Sha256 | None = None
    only_hosts_speak: bool = False
    repeats_days: Annotated[int, Meta(ge=0, le=366)] = 0
    guests: Annotated[list[Guest], Meta(max_length=50)] = []


class CafeNow(Struct, frozen=True, kw_only=True):
    """Who sits at the café's table, the coming week's meetings, and a seat's ICE servers."""

    version: Annotated[int, Meta(ge=1, description="Grows with each change of the document")]
    reachable: bool = False
    guests: Annotated[list[Guest], Meta(max_length=50)] = []
    meetings: Annotated[list[Meeting], Meta(max_length=20)] = []
    ice_servers: IceServers = []


class GiveSeat(Struct, frozen=True, kw_only=True, tag_field="kind", tag="give-seat"):
    """Admits the resident as this guest, with the answers to the offers of ``table-entered``."""

    seat_id: Identifier
    guest_id: Identifier
    sound: Sdp
    picture: OptionalSdp = ""


class ShowGuest(Struct, frozen=True, kw_only=True, tag_field="kind", tag="show-guest"):
    """The participant whose video is sent now, or none; with an ``offer`` over a new connection."""

    seat_id: Identifier
    guest_id: Annotated[str, Meta(max_length=64)] = ""
    offer: OptionalSdp = ""


class AskStillHere(Struct, frozen=True, kw_only=True, tag_field="kind", tag="ask-still-here"):
    """Ask the resident whether they are still there; ``still-at-table`` says yes."""

    seat_id: Identifier
    seconds: Annotated[int, Meta(ge=1, le=600)] = 60


class MuteSeat(Struct, frozen=True, kw_only=True, tag_field="kind", tag="mute-seat"):
    """Mutes or unmutes the resident for the others."""

    seat_id: Identifier
    muted: bool


class OfferAgain(Struct, frozen=True, kw_only=True, tag_field="kind", tag="offer-again"):
    """The desk has lost the connections: the device must offer new ones."""

    seat_id: Identifier


class EndSeat(Struct, frozen=True, kw_only=True, tag_field="kind", tag="end-seat"):
    """The resident was removed from the table, or was not admitted."""

    seat_id: Identifier
    why: OutReason


CafeCommand = GiveSeat | ShowGuest | AskStillHere | MuteSeat | OfferAgain | EndSeat


class TableEntered(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table-entered"):
    """The resident joins, or the connections are renewed; without ``picture`` they only listen."""

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
    """The resident left, or a rule of the device ended their visit."""

    seat_id: Identifier
    why: LeftReason


class StillAtTable(Struct, frozen=True, kw_only=True, tag_field="kind", tag="still-at-table"):
    """The resident confirms that they are still there."""

    seat_id: Identifier


class WantsToSpeak(Struct, frozen=True, kw_only=True, tag_field="kind", tag="wants-to-speak"):
    """The resident wants to speak: unmutes themselves, or raises a hand where only hosts speak."""

    seat_id: Identifier


class MeetingRefused(Struct, frozen=True, kw_only=True, tag_field="kind", tag="meeting-refused"):
    """The resident declines the meeting; it does not ring again."""

    meeting_id: Identifier


CafeHappening = TableEntered | TableAnswered | TableLeft | StillAtTable | WantsToSpeak | MeetingRefused
