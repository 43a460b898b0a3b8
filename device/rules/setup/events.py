"""What happens to the wizard."""

from msgspec import Struct

from device.contract.claim import ClaimedFor
from device.contract.readiness import Gap
from device.rules.setup.state import Device, Kept, Network, Trouble
from device.window_protocol.intents import SetUp, TypeKey


class Began(Struct, frozen=True, kw_only=True):
    """The wizard starts, or goes on after whatever ended it."""

    kept: Kept
    device: Device


class Touched(Struct, frozen=True, kw_only=True):
    """A button or a key of the screen."""

    intent: SetUp | TypeKey


class NetworkSeen(Struct, frozen=True, kw_only=True):
    """How the network is now."""

    network: Network


class JoinEnded(Struct, frozen=True, kw_only=True):
    """A network was joined, or (``trouble``) was not."""

    trouble: Trouble = ""
    detail: str = ""


class CameraShows(Struct, frozen=True, kw_only=True):
    """Where the camera's pictures are in shared memory; empty with ``detail`` where there are none."""

    frames: str
    detail: str = ""


class CodeSeen(Struct, frozen=True, kw_only=True):
    """A QR code is before the camera."""

    text: str


class DeskAnswered(Struct, frozen=True, kw_only=True):
    """Whose device this will be; else (``trouble``) why that is not known."""

    claimed: ClaimedFor | None = None
    mark: str = ""
    trouble: Trouble = ""
    detail: str = ""


class Enrolled(Struct, frozen=True, kw_only=True):
    """The desk has taken this device in, or (``trouble``) not."""

    trouble: Trouble = ""
    detail: str = ""


class SoundTested(Struct, frozen=True, kw_only=True):
    """The microphone has heard the speaker, or (``detail``) has not."""

    detail: str = ""


class ButtonPressed(Struct, frozen=True, kw_only=True):
    """A button of the wall or the case."""

    name: str


class PendantHeard(Struct, frozen=True, kw_only=True):
    """A radio button around: the newest one is meant."""

    sender: str


class TextEnded(Struct, frozen=True, kw_only=True):
    """The modem's text message has gone out, or (``detail``) has not."""

    detail: str = ""


class GapsTold(Struct, frozen=True, kw_only=True):
    """What is missing at the desk; None where the desk was not reached."""

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
    | GapsTold
)
