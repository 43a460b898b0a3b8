"""What the setup process reports to the wizard's rules."""

from msgspec import Struct

from device.contract.claim import ClaimedFor
from device.contract.readiness import Gap
from device.rules.setup.state import Device, Kept, Network, Trouble
from device.window_protocol.intents import SetUp, TypeKey


class Began(Struct, frozen=True, kw_only=True):
    """The wizard starts, or continues after an interruption."""

    kept: Kept
    device: Device


class Touched(Struct, frozen=True, kw_only=True):
    """A button or a key on the screen was touched."""

    intent: SetUp | TypeKey


class NetworkSeen(Struct, frozen=True, kw_only=True):
    """The current state of the network."""

    network: Network


class JoinEnded(Struct, frozen=True, kw_only=True):
    """A network was joined, or (``trouble``) was not."""

    trouble: Trouble = ""
    detail: str = ""


class CameraShows(Struct, frozen=True, kw_only=True):
    """The path of the camera's pictures; empty with ``detail`` where there are none."""

    frames: str
    detail: str = ""


class CodeSeen(Struct, frozen=True, kw_only=True):
    """The camera has read a QR code."""

    text: str


class DeskAnswered(Struct, frozen=True, kw_only=True):
    """The desk's answer for a claim; else (``trouble``) why there is none."""

    claimed: ClaimedFor | None = None
    mark: str = ""
    trouble: Trouble = ""
    detail: str = ""


class Enrolled(Struct, frozen=True, kw_only=True):
    """The device is enrolled, or (``trouble``) not."""

    trouble: Trouble = ""
    detail: str = ""


class SoundTested(Struct, frozen=True, kw_only=True):
    """The microphone has detected the tone, or (``detail``) has not."""

    detail: str = ""


class ButtonPressed(Struct, frozen=True, kw_only=True):
    """A hardware button was pressed."""

    name: str


class PendantHeard(Struct, frozen=True, kw_only=True):
    """A pendant in range was pressed: the newest one counts."""

    sender: str


class TextEnded(Struct, frozen=True, kw_only=True):
    """The text message was sent, or (``detail``) failed."""

    detail: str = ""


class GapsReceived(Struct, frozen=True, kw_only=True):
    """What is missing in the desk's setup; None where the desk was not reached."""

    gaps: tuple[Gap, ...] | None


SetupEvent = (
    Began
    | Touched
    | NetworkSeen
    | JoinEnded
    | CameraShows
    | CodeSeen
    | DeskAnswered
    | Enrolled
    | SoundTested
    | ButtonPressed
    | PendantHeard
    | TextEnded
    | GapsReceived
)
