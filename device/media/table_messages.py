"""What crosses the Unix socket between the core and the process of one seat at a table."""

from msgspec import Struct

from device.contract.commands import IceServer


class PrepareTable(Struct, frozen=True, kw_only=True, tag_field="kind", tag="prepare-table"):
    """First: make offers for sound and, unless they only listen, our own picture."""

    seat_id: str
    listens: bool = False
    ice_servers: list[IceServer] = []


class SitDown(Struct, frozen=True, kw_only=True, tag_field="kind", tag="sit-down"):
    """The answers to our offers: from now on the room is heard and seen."""

    sound: str
    picture: str = ""


class SeeGuest(Struct, frozen=True, kw_only=True, tag_field="kind", tag="see-guest"):
    """Another one's picture comes: on a new connection where there is an offer; none where ``ends``."""

    offer: str = ""
    ends: bool = False


class TableReady(Struct, frozen=True, kw_only=True, tag_field="kind", tag="table-ready"):
    """Our offers, with every candidate. ``frames`` is where the picture of others will be."""

    sound: str
    picture: str
    frames: str


class GuestAnswer(Struct, frozen=True, kw_only=True, tag_field="kind", tag="guest-answer"):
    """Our answer to the offer of ``SeeGuest``."""

    answer: str
