"""What the rules ask the world to do. Durable ones are committed before anything is sent."""

from typing import Literal

from msgspec import Struct

from device.contract.commands import Answer, IceServer
from device.contract.documents import Document
from device.contract.events import Happening
from device.contract.vital import Heartbeat
from device.media.table_messages import SeeGuest, SitDown
from device.rules.sound import SoundClass
from device.window_protocol.intents import Arrow, Intent

Lamp = Literal["help", "ring", "status"]
LampPattern = Literal["off", "on", "breathing", "blinking"]


class Record(Struct, frozen=True, kw_only=True):
    """Put an event into the outbox. ``id`` where the rules must know it again."""

    what: Happening
    id: str | None = None


class AnswerCommand(Struct, frozen=True, kw_only=True):
    """Keep and send what became of a command."""

    command_id: str
    answer: Answer


class Report(Struct, frozen=True, kw_only=True):
    """Publish what became of a document."""

    name: Document


class SendHeartbeat(Struct, frozen=True, kw_only=True):
    """Publish the health."""

    heartbeat: Heartbeat


class SendByHttps(Struct, frozen=True, kw_only=True):
    """Hand over the event with this id by HTTPS as well, as it stands in the outbox."""

    id: str


class SendSms(Struct, frozen=True, kw_only=True):
    """Hand a text message to the modem: ask for help, thank, tell who goes, or how to answer.

    ``name`` is whoever goes, where the words name somebody.
    """

    id: str
    number: str
    what: Literal["asks", "thanks", "somebody-goes", "already-taken", "over", "how-to-answer"]
    name: str = ""


class AskByHttps(Struct, frozen=True):
    """Ask the desk by HTTPS for the commands that wait for this device."""


class TakePicture(Struct, frozen=True):
    """Ask the window for what is on the display."""


class TouchScreen(Struct, frozen=True, kw_only=True):
    """Touch the window from afar, at shares of its width and height."""

    x: float
    y: float


class RestartWindow(Struct, frozen=True):
    """End the window's frozen process; its supervisor starts it again."""


class FetchPhotos(Struct, frozen=True):
    """What names photos has changed: see that they are here."""


class PrepareCall(Struct, frozen=True, kw_only=True):
    """Start the process of a call and let it make an answer; the room is neither seen nor heard yet."""

    call_id: str
    offer: str
    ice_servers: list[IceServer]


class BeginCall(Struct, frozen=True, kw_only=True):
    """Let the two hear and see each other."""

    call_id: str


class ShowRoom(Struct, frozen=True, kw_only=True):
    """How the caller sees the room from now on."""

    call_id: str
    how: Literal["off", "blurred", "clear"]


class FinishCall(Struct, frozen=True, kw_only=True):
    """Hang up, and end the process of this call whatever state it is in."""

    call_id: str


class PrepareSeat(Struct, frozen=True, kw_only=True):
    """Start the process of a seat at a table and let it make its offers; nothing is seen or heard yet."""

    media_id: str
    seat_id: str
    listens: bool


class TellSeat(Struct, frozen=True, kw_only=True):
    """What the desk has for the connections of a seat."""

    media_id: str
    message: SitDown | SeeGuest


class Play(Struct, frozen=True, kw_only=True):
    """Let a sound be heard from its start; with ``loop`` until ``StopSound``. The table says how loud."""

    sound: SoundClass
    loop: bool = False


class StopSound(Struct, frozen=True, kw_only=True):
    """Silence one class of sound."""

    sound: SoundClass


class SetVolume(Struct, frozen=True, kw_only=True):
    """From now on, and for what is heard; 0 to 1."""

    sound: SoundClass
    volume: float


class SayHelp(Struct, frozen=True):
    """Speak what the help page says now; it cuts off whatever is being said."""


class SayLabel(Struct, frozen=True, kw_only=True):
    """Speak the words of what was touched, as they stood there then; they cut off the label before."""

    of: Intent | Arrow


class SayMessage(Struct, frozen=True, kw_only=True):
    """Speak what somebody has written to the resident."""

    text: str


class SayInLine(Struct, frozen=True, kw_only=True):
    """Tell the desk that the screen of this visit is there."""

    visit_id: str


class SayCall(Struct, frozen=True):
    """Speak who calls and why, as the screen says it; it cuts off whatever is being said."""


class Shine(Struct, frozen=True, kw_only=True):
    """How a lamp shines from now on; ``brightness`` 0 to 1 at its brightest moment."""

    lamp: Lamp
    pattern: LampPattern
    brightness: float


class Dim(Struct, frozen=True, kw_only=True):
    """The backlight, from 0, the darkest that can be read, to 1."""

    level: float


class StartSelfTest(Struct, frozen=True, kw_only=True):
    """Test what can be tested, and tell it as ``SelfTestFinished`` with this id."""

    id: str


class RenewCertificate(Struct, frozen=True):
    """Get a new certificate, and tell what came of it as ``RenewalEnded``."""


class WipeDevice(Struct, frozen=True, kw_only=True):
    """Lose everything that is somebody's, and tell the desk with this receipt (K17)."""

    receipt: str


class FetchRelease(Struct, frozen=True, kw_only=True):
    """Ask the desk for newer software and fetch what differs; a release of these numbers is not wanted."""

    refused: tuple[int, ...] = ()


class StopFetch(Struct, frozen=True):
    """Fetch no more for now; what is here stays."""


class InstallRelease(Struct, frozen=True):
    """Start anew with the release that was fetched, on trial."""


class KeepRelease(Struct, frozen=True):
    """What is on trial works."""


class ReturnRelease(Struct, frozen=True, kw_only=True):
    """What is on trial does not work: start anew with the one before."""

    reason: str


class ForgetReturn(Struct, frozen=True):
    """That a release was given up is written down for the desk."""


class StopSelfTest(Struct, frozen=True):
    """Break it off: something else needs the room."""


Effect = (
    Record
    | AnswerCommand
    | Report
    | SendHeartbeat
    | SendByHttps
    | SendSms
    | AskByHttps
    | TakePicture
    | TouchScreen
    | RestartWindow
    | FetchPhotos
    | PrepareCall
    | BeginCall
    | ShowRoom
    | FinishCall
    | PrepareSeat
    | TellSeat
    | Play
    | StopSound
    | SetVolume
    | Shine
    | Dim
    | SayHelp
    | SayLabel
    | SayCall
    | SayMessage
    | SayInLine
    | StartSelfTest
    | StopSelfTest
    | RenewCertificate
    | WipeDevice
    | FetchRelease
    | StopFetch
    | InstallRelease
    | KeepRelease
    | ReturnRelease
    | ForgetReturn
)
