"""What crosses the Unix socket between the core and the process of one call.

Frames are a four-byte big-endian length and that many bytes of JSON, as on the screen's socket. One
connection is one call: the process ends with it.
"""

from typing import Literal

from msgspec import Struct

from device.contract.commands import IceServer
from device.media.table_messages import GuestAnswer, PrepareTable, SeeGuest, SitDown, TableReady


class Prepare(Struct, frozen=True, kw_only=True, tag_field="kind", tag="prepare"):
    """First: make an answer to this offer. Nothing is captured, sent or played before ``Begin``."""

    call_id: str
    offer: str
    ice_servers: list[IceServer] = []


class Begin(Struct, frozen=True, tag_field="kind", tag="begin"):
    """The call is taken: sound both ways, and what ``ShowPicture`` says."""


class ShowPicture(Struct, frozen=True, kw_only=True, tag_field="kind", tag="show-picture"):
    """How the caller sees the room; ``clear`` until told otherwise (K5)."""

    how: Literal["off", "blurred", "clear"]


class Finish(Struct, frozen=True, tag_field="kind", tag="finish"):
    """Hang up and end."""


ToMedia = Prepare | Begin | ShowPicture | Finish | PrepareTable | SitDown | SeeGuest


class Ready(Struct, frozen=True, kw_only=True, tag_field="kind", tag="ready"):
    """The answer, with every candidate. ``frames`` is where the caller's pictures will be."""

    answer: str
    frames: str


class Unusable(Struct, frozen=True, kw_only=True, tag_field="kind", tag="unusable"):
    """No call comes of this offer."""

    reason: str


class Connected(Struct, frozen=True, tag_field="kind", tag="connected"):
    """Sound arrives."""


class PictureIs(Struct, frozen=True, kw_only=True, tag_field="kind", tag="picture-is"):
    """How the caller's picture is: ``poor`` before it freezes, ``none`` where they have no camera."""

    quality: Literal["good", "poor", "none"]


class Trouble(Struct, frozen=True, kw_only=True, tag_field="kind", tag="trouble"):
    """A part of the tablet does not do its work in this call; empty ``reason``: it does again."""

    part: Literal["camera", "microphone", "speaker"]
    reason: str


class Gone(Struct, frozen=True, kw_only=True, tag_field="kind", tag="gone"):
    """The other end has left, or is not heard any more. Last."""

    reason: str


FromMedia = Ready | Unusable | Connected | PictureIs | Trouble | Gone | TableReady | GuestAnswer
