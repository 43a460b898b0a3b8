"""What the wizard's rules ask the setup process to do."""

from msgspec import Struct

from device.contract.claim import Invitation
from device.rules.setup.state import WifiNetwork


class LookForNetworks(Struct, frozen=True):
    """Scan for Wi-Fi networks; answered by ``NetworkSeen``."""


class JoinNetwork(Struct, frozen=True, kw_only=True):
    """Join this network; it is saved only if that succeeds."""

    network: WifiNetwork
    password: str


class AskDesk(Struct, frozen=True, kw_only=True):
    """Look up whose device the claim would make."""

    invitation: Invitation


class Enrol(Struct, frozen=True, kw_only=True):
    """Enrol at the desk that the invitation names, with its claim."""

    invitation: Invitation


class TestSound(Struct, frozen=True):
    """Play a tone and record it."""


class SendText(Struct, frozen=True, kw_only=True):
    """Send a text message with the modem, in the installer's language."""

    number: str


class AskForGaps(Struct, frozen=True):
    """Fetch what is missing in the desk's setup."""


class LearnPendant(Struct, frozen=True, kw_only=True):
    """Save this pendant as the resident's: no other is accepted."""

    sender: str


class SetWidth(Struct, frozen=True, kw_only=True):
    """Set the panel's width: the window draws again."""

    width_mm: float


class Finish(Struct, frozen=True):
    """End the wizard: the device is ready for the resident."""


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
