"""Messages between the core and the process of one seat at a table, over a Unix socket."""

from msgspec import Struct

from device.contract.ice import IceServer


class PrepareTable(Struct, frozen=True, kw_only=True, tag_field="kind", tag="prepare-table"):
    """The first message: create offers for audio and, unless they only listen, our video."""

    seat_id: str
    listens: bool = False
    ice_servers: list[IceServer] = []


class SitDown(Struct, frozen=True, kw_only=True, tag_field="kind", tag="sit-down"):
    """The answers to our offers: start audio and video."""

    sound: str
    picture: str = ""


class SeeGuest(Struct, frozen=True, kw_only=True, tag_field="kind", tag="see-guest"):
    """Another participant's video: over a new connection where there is an offer; none where ``ends``."""

    offer: str = ""
    ends: bool = False


class TableReady(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table-ready"):
    """Our offers, with every candidate.

    ``frames`` is the file of the others' pictures, ``own_frames`` that of the resident's own, empty without.
    """

    sound: str
    picture: str
    frames: str
    own_frames: str = ""


class GuestAnswer(Struct, frozen=True, kw_only=True, tag_field="kind", tag="guest-answer"):
    """Our answer to the offer of ``SeeGuest``."""

    answer: str
