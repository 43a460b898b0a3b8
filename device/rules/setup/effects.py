"""What the wizard asks of its adapters."""

from msgspec import Struct

from device.contract.claim import Invitation
from device.rules.setup.state import WifiNetwork


class LookForNetworks(Struct, frozen=True):
    """Look around for networks, now."""


class JoinNetwork(Struct, frozen=True, kw_only=True):
    """Join this one; it is kept only if that works."""

    network: WifiNetwork
    password: str


class AskDesk(Struct, frozen=True, kw_only=True):
    """Whose device the claim would make."""

    invitation: Invitation


class Enrol(Struct, frozen=True, kw_only=True):
    """Use the claim."""

    invitation: Invitation


class TestSound(Struct, frozen=True):
    """Play a tone, and listen for it."""


class SendText(Struct, frozen=True, kw_only=True):
    """Send a text message by the modem, in the installer's language."""

    number: str


class AskForGaps(Struct, frozen=True):
    """What is missing at the desk."""


class LearnPendant(Struct, frozen=True, kw_only=True):
    """This one is the resident's: no other is listened to."""

    sender: str


class SetWidth(Struct, frozen=True, kw_only=True):
    """The panel is as wide as this: the window draws anew."""

    width_mm: float


class Finish(Struct, frozen=True):
    """The device is the resident's from now on."""


SetupEffect = (
    LookForNetworks
    | JoinNetwork
    | AskDesk
    | Enrol
    | TestSound
    | SendText
    | AskForGaps
    | LearnPendant
    | SetWidth
    | Finish
)
