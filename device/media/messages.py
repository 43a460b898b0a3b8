"""Messages between the core and the process of one call, over a Unix socket.

Frames are a four-byte big-endian length and that many bytes of JSON, as on the screen's socket. One
connection is one call: the process ends with it.
"""

from typing import Literal

from msgspec import Struct

from device.contract.ice import IceServer
from device.media.table_messages import GuestAnswer, PrepareTable, SeeGuest, SitDown, TableReady

# Of the steps from 1 to 5 of how loud the caller is heard: as they send it.
USUAL_LOUDNESS = 4


class Prepare(Struct, frozen=True, kw_only=True, tag_field="kind", tag="prepare"):
    """The first message: answer this offer. Nothing is captured, sent or played before ``Begin``."""

    call_id: str
    offer: str
    ice_servers: list[IceServer] = []


class Begin(Struct, frozen=True, tag_field="kind", tag="begin"):
    """The call is answered: start audio both ways, and video as ``ShowPicture`` says."""

    loudness: int = USUAL_LOUDNESS


class SetLoudness(Struct, frozen=True, kw_only=True, tag_field="kind", tag="set-loudness"):
    """How loud the caller is heard, from 1 to 5."""

    loudness: int


class ShowPicture(Struct, frozen=True, kw_only=True, tag_field="kind", tag="show-picture"):
    """How the caller sees the room; ``clear`` until changed (K5)."""

    how: Literal["off", "blurred", "clear"]


class Finish(Struct, frozen=True, tag_field="kind", tag="finish"):
    """Hang up and end the process."""


ToMedia = Prepare | Begin | SetLoudness | ShowPicture | Finish | PrepareTable | SitDown | SeeGuest


class Ready(Struct, frozen=True, kw_only=True, tag_field="kind", tag="ready"):
    """The answer, with every candidate. ``frames`` is the file of the caller's pictures."""

    answer: str
    frames: str


class Unusable(Struct, frozen=True, kw_only=True, tag_field="kind", tag="unusable"):
    """The offer cannot be used."""

    reason: str


class Connected(Struct, frozen=True, tag_field="kind", tag="connected"):
    """Audio arrives from the caller."""


class PictureIs(Struct, frozen=True, kw_only=True, tag_field="kind", tag="picture-is"):
    """The quality of the caller's video: ``poor`` before it freezes, ``none`` where they have no camera."""

    quality: Literal["good", "poor", "none"]


class Trouble(Struct, frozen=True, kw_only=True, tag_field="kind", tag="trouble"):
    """A component fails in this call; with an empty ``reason`` it works again."""

    part: Literal["camera", "microphone", "speaker"]
    reason: str


class Gone(Struct, frozen=True, kw_only=True, tag_field="kind", tag="gone"):
    """The other end has left or does not respond. The last message."""

    reason: str


FromMedia = Ready | Unusable | Connected | PictureIs | Trouble | Gone | TableReady | GuestAnswer
