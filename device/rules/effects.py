"""Effects that the rules request. Durable ones are committed before anything is sent."""

from typing import Literal

from msgspec import Struct

from device.contract.commands import Answer
from device.contract.documents import Document
from device.contract.events import Happening
from device.contract.ice import IceServer
from device.contract.vital import Heartbeat
from device.media.table_messages import SeeGuest, SitDown
from device.rules.setup.effects import JoinNetwork, LookForNetworks
from device.rules.sound import SoundClass
from device.window_protocol.intents import Arrow, Intent

Lamp = Literal["help", "ring", "status"]
LampPattern = Literal["off", "on", "breathing", "blinking"]


class Record(Struct, frozen=True, kw_only=True):
    """Put an event into the outbox. ``id`` where the rules refer to it later."""

    what: Happening
    id: str | None = None


class AnswerCommand(Struct, frozen=True, kw_only=True):
    """Save and send an answer to a command."""

    command_id: str
    answer: Answer


class Report(Struct, frozen=True, kw_only=True):
    """Publish whether a document is on the screen, or why it is rejected."""

    name: Document


class SendHeartbeat(Struct, frozen=True, kw_only=True):
    """Publish the health of the device, once in its period."""

    heartbeat: Heartbeat


class SendByHttps(Struct, frozen=True, kw_only=True):
    """Send the event with this id by HTTPS as well, as it is in the outbox."""

    id: str


class SendSms(Struct, frozen=True, kw_only=True):
    """Send a text message: ask for help, thank, say who is coming, or how to answer.

    ``name`` is the person who is coming, where the text names somebody.
    """

    id: str
    number: str
    what: Literal["asks", "thanks", "somebody-goes", "already-taken", "over", "how-to-answer"]
    name: str = ""


class AskByHttps(Struct, frozen=True):
    """Fetch this device's pending commands over HTTPS."""


class TakePicture(Struct, frozen=True):
    """Request a picture of the display from the window."""


class TouchScreen(Struct, frozen=True, kw_only=True):
    """Touch the window remotely, at fractions of its width and height."""

    x: float
    y: float


class RestartWindow(Struct, frozen=True):
    """Kill the window's frozen process; its supervisor restarts it."""


class FetchPhotos(Struct, frozen=True):
    """The photos in use have changed: download missing ones."""


class PrepareCall(Struct, frozen=True, kw_only=True):
    """Start a call process, which creates an answer; nothing is captured yet."""

    call_id: str
    offer: str
    ice_servers: list[IceServer]


class BeginCall(Struct, frozen=True, kw_only=True):
    """Start audio and video of a call; ``loudness`` is that of the caller."""

    call_id: str
    loudness: int


class SetCallLoudness(Struct, frozen=True, kw_only=True):
    """How loud the caller is heard from now on."""

    call_id: str
    loudness: int


class ShowRoom(Struct, frozen=True, kw_only=True):
    """Set how the caller sees the room."""

    call_id: str
    how: Literal["off", "blurred", "clear"]


class FinishCall(Struct, frozen=True, kw_only=True):
    """Hang up and end this call's process."""

    call_id: str


class PrepareSeat(Struct, frozen=True, kw_only=True):
    """Start the process of a seat at a table, which creates offers; nothing is captured yet."""

    media_id: str
    seat_id: str
    listens: bool
    ice_servers: list[IceServer] = []


class TellSeat(Struct, frozen=True, kw_only=True):
    """Forward the desk's message to the connections of a seat."""

    media_id: str
    message: SitDown | SeeGuest


class Play(Struct, frozen=True, kw_only=True):
    """Play a sound from its start; with ``loop`` until ``StopSound``. The sound table sets the volume."""

    sound: SoundClass
    loop: bool = False


class StopSound(Struct, frozen=True, kw_only=True):
    """Stop one class of sound."""

    sound: SoundClass


class SetVolume(Struct, frozen=True, kw_only=True):
    """Set the volume of a class, 0 to 1, also for what plays."""

    sound: SoundClass
    volume: float


class SayHelp(Struct, frozen=True):
    """Speak what the help page shows now; interrupts all other speech."""


class SayLabel(Struct, frozen=True, kw_only=True):
    """Speak the label of what was touched, as it was then; interrupts the previous label."""

    of: Intent | Arrow


class SayMessage(Struct, frozen=True, kw_only=True):
    """Speak a message to the resident."""

    text: str


class SayInLine(Struct, frozen=True, kw_only=True):
    """Report to the desk that the screen of this visit is present."""

    visit_id: str


class SayCall(Struct, frozen=True):
    """Announce who calls and why, as the screen shows it; interrupts all other speech."""


class Shine(Struct, frozen=True, kw_only=True):
    """Set a lamp's pattern; ``brightness`` 0 to 1 at its brightest."""

    lamp: Lamp
    pattern: LampPattern
    brightness: float


class Dim(Struct, frozen=True, kw_only=True):
    """Set the backlight, from 0, the darkest readable level, to 1."""

    level: float


class StartSelfTest(Struct, frozen=True, kw_only=True):
    """Start a self-test; its result is ``SelfTestFinished`` with this id."""

    id: str


class RenewCertificate(Struct, frozen=True):
    """Renew the certificate; the result is ``RenewalEnded``."""


class WipeDevice(Struct, frozen=True, kw_only=True):
    """Erase all personal data, and send this receipt to the desk (K17)."""

    receipt: str


class FetchRelease(Struct, frozen=True, kw_only=True):
    """Download newer software; releases with these numbers are not wanted."""

    refused: tuple[int, ...] = ()


class StopFetch(Struct, frozen=True):
    """Pause the download; what is here stays."""


class InstallRelease(Struct, frozen=True):
    """Restart with the downloaded release, on trial."""


class KeepRelease(Struct, frozen=True):
    """Confirm the release on trial."""


class ReturnRelease(Struct, frozen=True, kw_only=True):
    """Roll back the release on trial, and restart with the one before."""

    reason: str


class ForgetReturn(Struct, frozen=True):
    """Clear the rollback record: it is reported to the desk."""


class ChangeNetwork(Struct, frozen=True, kw_only=True):
    """Scan for Wi-Fi networks, or join one, for the installer's page."""

    effect: LookForNetworks | JoinNetwork


class RestartIfUpgraded(Struct, frozen=True):
    """Restart the machine if the system's own packages were upgraded since it started."""


class StopSelfTest(Struct, frozen=True):
    """Cancel the self-test: something else needs the room."""


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
    | SetCallLoudness
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
    | RestartIfUpgraded
    | ChangeNetwork
)
