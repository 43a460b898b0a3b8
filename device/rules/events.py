"""Everything that can happen to a device, as the rules see it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.commands import Command
from device.contract.documents import AnyDocument, Document
from device.contract.vital import Fault
from device.media.messages import FromMedia
from device.window_protocol.intents import Arrow, Intent


class DocumentArrived(Struct, frozen=True, kw_only=True):
    """A desired document that is valid."""

    name: Document
    document: AnyDocument


class DocumentRefused(Struct, frozen=True, kw_only=True):
    """A desired document that is not; ``version`` is 0 where it could not be read."""

    name: Document
    version: int
    reason: str
    path: str = ""


class DocumentSetAside(Struct, frozen=True, kw_only=True):
    """The core died of this document: ``document`` is the last good one in its place, if there is any."""

    name: Document
    version: int
    document: AnyDocument | None


class CommandArrived(Struct, frozen=True, kw_only=True):
    """A command seen for the first time, not expired. ``expires_at`` is aware."""

    id: str
    command: Command
    expires_at: datetime


class InputRefused(Struct, frozen=True, kw_only=True):
    """Something else arrived that cannot be used."""

    source: str
    reason: str
    path: str = ""


class EventsReceived(Struct, frozen=True, kw_only=True):
    """The desk has committed the events with these ids."""

    ids: frozenset[str]


class LinkChanged(Struct, frozen=True, kw_only=True):
    """The link to the desk came or went; ``reason`` in plain English for the health page."""

    connected: bool
    reason: str = ""


class Intended(Struct, frozen=True, kw_only=True):
    """The resident touched something."""

    intent: Intent


class PageTurned(Struct, frozen=True, kw_only=True):
    """The resident turned to other faces; the window shows them by itself."""

    arrow: Arrow


class ButtonChanged(Struct, frozen=True, kw_only=True):
    """A hardware button was pressed, has been held for as long as a hold takes, or was let go."""

    name: str
    action: Literal["pressed", "held", "released"] = "pressed"


class PendantPressed(Struct, frozen=True, kw_only=True):
    """A pendant of this home; it can be pressed, but nobody hears how long."""

    sender: str


class SmsChanged(Struct, frozen=True, kw_only=True):
    """What became of a text message that was handed to the modem."""

    id: str
    outcome: Literal["sent", "delivered", "failed"]
    reason: str = ""


class SmsArrived(Struct, frozen=True, kw_only=True):
    """A text message from ``number``, in whatever form the network gives it."""

    number: str
    text: str


class WindowCame(Struct, frozen=True):
    """The window has attached itself to the screen's socket."""


class WindowPainted(Struct, frozen=True, kw_only=True):
    """A frame is on the display that was drawn from these versions of the documents."""

    versions: dict[Document, int]


class WindowWent(Struct, frozen=True):
    """The window's socket closed."""


class PictureTaken(Struct, frozen=True):
    """The window has answered with a picture."""


class MediaSaid(Struct, frozen=True, kw_only=True):
    """The process of a call has something to tell, or, with ``Gone``, there is none any more."""

    call_id: str
    message: FromMedia


class FaultChanged(Struct, frozen=True, kw_only=True):
    """A part of the device is faulty, or, with an empty ``reason``, well again."""

    part: str
    reason: str


class SelfTestFinished(Struct, frozen=True, kw_only=True):
    """The test that was started under this id is over; ``found`` is what nothing else would have found."""

    id: str
    found: tuple[Fault, ...]


class CertificateRead(Struct, frozen=True, kw_only=True):
    """The certificate that the device has now."""

    ends_at: datetime
    serial: int


class RenewalEnded(Struct, frozen=True, kw_only=True):
    """A new certificate is in place or, with a ``reason``, the old one stays."""

    reason: str = ""


class RetirementTold(Struct, frozen=True, kw_only=True):
    """The desk has answered that this device is retired (K17)."""

    receipt: str


Release = tuple[str, int]


class SoftwareBegan(Struct, frozen=True, kw_only=True):
    """What the core found at its start: releases as version and number, on trial, waiting, or given up."""

    trial: Release | None = None
    waiting: Release | None = None
    returned: Release | None = None
    returned_reason: str = ""


class ReleaseFetched(Struct, frozen=True, kw_only=True):
    """A release stands in the spare slot, whole."""

    version: str
    number: int


class ReleaseRefused(Struct, frozen=True, kw_only=True):
    """The desk offered a release that is not wanted here: not signed, older, for another machine."""

    version: str
    number: int
    reason: str


class FetchEnded(Struct, frozen=True, kw_only=True):
    """There is nothing new or, with a ``reason``, it could not be fetched."""

    reason: str = ""


class Began(Struct, frozen=True, kw_only=True):
    """The core process has started."""

    version: str
    has_modem: bool = False


class Ticked(Struct, frozen=True, kw_only=True):
    """Time has passed. ``with_beat``: the window's drawing loop has just gone round (K2)."""

    with_beat: bool = False


Event = (
    DocumentArrived
    | DocumentRefused
    | DocumentSetAside
    | CommandArrived
    | InputRefused
    | EventsReceived
    | LinkChanged
    | Intended
    | PageTurned
    | ButtonChanged
    | PendantPressed
    | SmsChanged
    | SmsArrived
    | WindowCame
    | WindowPainted
    | WindowWent
    | PictureTaken
    | MediaSaid
    | FaultChanged
    | SelfTestFinished
    | CertificateRead
    | RenewalEnded
    | RetirementTold
    | SoftwareBegan
    | ReleaseFetched
    | ReleaseRefused
    | FetchEnded
    | Began
    | Ticked
)
