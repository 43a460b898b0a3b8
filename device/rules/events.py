"""All events of the device, as the rules see them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from device.contract.commands import Command
from device.contract.documents import AnyDocument, Document
from device.contract.values import Language
from device.contract.vital import Fault
from device.media.messages import FromMedia
from device.rules.setup.events import JoinEnded, NetworkSeen
from device.window_protocol.intents import Arrow, Intent


class DocumentArrived(Struct, frozen=True, kw_only=True):
    """A document arrived whose form is valid; an older version is rejected by the rule."""

    name: Document
    document: AnyDocument


class DocumentRefused(Struct, frozen=True, kw_only=True):
    """An invalid document arrived; ``version`` is 0 where it could not be read."""

    name: Document
    version: int
    reason: str
    path: str = ""


class DocumentSetAside(Struct, frozen=True, kw_only=True):
    """A document crashed the core: ``document`` is the last good one in its place, if there is any."""

    name: Document
    version: int
    document: AnyDocument | None


class CommandArrived(Struct, frozen=True, kw_only=True):
    """A new command that has not expired. ``expires_at`` is aware."""

    id: str
    command: Command
    expires_at: datetime


class InputRefused(Struct, frozen=True, kw_only=True):
    """Some other input that cannot be used."""

    source: str
    reason: str
    path: str = ""


class EventsReceived(Struct, frozen=True, kw_only=True):
    """The desk has committed the events with these ids."""

    ids: frozenset[str]


class LinkChanged(Struct, frozen=True, kw_only=True):
    """The link came up or went down; ``reason`` in plain English for the health page."""

    connected: bool
    reason: str = ""


class Intended(Struct, frozen=True, kw_only=True):
    """The resident touched a button of the screen."""

    intent: Intent


class PageTurned(Struct, frozen=True, kw_only=True):
    """The resident scrolled; the window does it by itself."""

    arrow: Arrow


class ButtonChanged(Struct, frozen=True, kw_only=True):
    """A hardware button was pressed, held long enough, or released."""

    name: str
    action: Literal["pressed", "held", "released"] = "pressed"


class PendantPressed(Struct, frozen=True, kw_only=True):
    """A pendant of this home was pressed; it does not report how long."""

    sender: str


class SmsChanged(Struct, frozen=True, kw_only=True):
    """The result of a text message that was handed to the modem."""

    id: str
    outcome: Literal["sent", "delivered", "failed"]
    reason: str = ""


class SmsArrived(Struct, frozen=True, kw_only=True):
    """A text message from ``number``, in whatever format the network gives it."""

    number: str
    text: str


class WindowCame(Struct, frozen=True):
    """The window connected to the screen's socket."""


class WindowPainted(Struct, frozen=True, kw_only=True):
    """A frame with these document versions is on the display."""

    versions: dict[Document, int]


class WindowWent(Struct, frozen=True):
    """The window's connection closed: nothing is shown until it is back."""


class PictureTaken(Struct, frozen=True):
    """The window has sent a picture."""


class MediaSaid(Struct, frozen=True, kw_only=True):
    """A message of a call process; ``Gone`` where it has ended."""

    call_id: str
    message: FromMedia


class FaultChanged(Struct, frozen=True, kw_only=True):
    """A component has a fault or, with an empty ``reason``, recovered."""

    part: str
    reason: str


class SelfTestFinished(Struct, frozen=True, kw_only=True):
    """The self-test with this id has ended; ``found`` are faults that only it detects."""

    id: str
    found: tuple[Fault, ...]


class CertificateRead(Struct, frozen=True, kw_only=True):
    """The expiry and serial number of the device's current certificate."""

    ends_at: datetime
    serial: int


class RenewalEnded(Struct, frozen=True, kw_only=True):
    """A new certificate is installed or, with a ``reason``, the old one stays."""

    reason: str = ""


class RetirementReceived(Struct, frozen=True, kw_only=True):
    """The desk has answered that this device is retired (K17)."""

    receipt: str


Release = tuple[str, int]


class SoftwareBegan(Struct, frozen=True, kw_only=True):
    """The releases that the core found at its start: on trial, waiting, or rolled back."""

    spread_s: int = 1800
    trial: Release | None = None
    waiting: Release | None = None
    returned: Release | None = None
    returned_reason: str = ""


class ReleaseFetched(Struct, frozen=True, kw_only=True):
    """A complete release is in the spare slot."""

    version: str
    number: int


class ReleaseRefused(Struct, frozen=True, kw_only=True):
    """The offered release was refused: not signed, older, or for another machine."""

    version: str
    number: int
    reason: str


class FetchEnded(Struct, frozen=True, kw_only=True):
    """There is no new release or, with a ``reason``, the download failed."""

    reason: str = ""


class Began(Struct, frozen=True, kw_only=True):
    """The core process has started."""

    version: str
    has_modem: bool = False
    language: Language = "fi"


class Ticked(Struct, frozen=True, kw_only=True):
    """Time has passed. ``with_beat``: the window's drawing loop has just reported itself (K2)."""

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
    | RetirementReceived
    | SoftwareBegan
    | ReleaseFetched
    | ReleaseRefused
    | FetchEnded
    | NetworkSeen
    | JoinEnded
    | Began
    | Ticked
)
