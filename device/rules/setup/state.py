"""The wizard's state, and the part of it that survives a power cut."""

from typing import Literal

from msgspec import Struct

from device.contract.claim import ClaimedFor, Invitation
from device.contract.readiness import Gap
from device.contract.values import Language
from device.rules.typing import Typing

Stage = Literal[
    "language",
    "network",
    "desk",
    "sound",
    "camera",
    "buttons",
    "pendants",
    "modem",
    "panel",
    "missing",
    "done",
]
STAGES: tuple[Stage, ...] = (
    "language",
    "network",
    "desk",
    "sound",
    "camera",
    "buttons",
    "pendants",
    "modem",
    "panel",
    "missing",
    "done",
)
# These are required for the resident's home page.
NEVER_SKIPPED: tuple[Stage, ...] = ("language", "desk", "done")

Reason = Literal["later", "not-here", "broken"]
# The page of a stage that has more than one.
View = Literal["", "stages", "reasons", "networks", "typing", "scanning", "confirming"]
Trouble = Literal[
    "",
    "wrong-password",
    "no-address",
    "not-found",
    "not-joined",
    "user-name-wanted",
    "portal",
    "no-camera",
    "another-code",
    "no-address-typed",
    "no-claim-typed",
    "no-number-typed",
    "unreachable",
    "another-desk",
    "clock",
    "claim-unknown",
    "claim-used",
    "claim-expired",
    "too-many",
    "refused",
    "sound",
    "text",
]
Security = Literal["open", "password", "user-name"]
Subject = Literal["password", "address", "claim", "number"]


class Kept(Struct, frozen=True, kw_only=True):
    """Saved after each step. Contains neither a password nor a claim."""

    language: Language = "en"
    stage: Stage = "language"
    passed: tuple[Stage, ...] = ()
    skipped: dict[Stage, Reason] = {}
    desk: str = ""
    is_enrolled: bool = False
    width_mm: float = 0.0


class WifiNetwork(Struct, frozen=True, kw_only=True):
    """A Wi-Fi network. ``strength`` is a percentage."""

    ssid: str
    strength: int
    security: Security
    sae: bool = False


class Network(Struct, frozen=True, kw_only=True):
    """The current connection, and the available networks."""

    connection: Literal["", "cable", "wifi"] = ""
    name: str = ""
    is_portal: bool = False
    has_wifi: bool = False
    seen: tuple[WifiNetwork, ...] = ()


class Device(Struct, frozen=True, kw_only=True):
    """The fitted components by name, and the assumed panel width."""

    parts: frozenset[str] = frozenset()
    buttons: tuple[str, ...] = ()
    width_mm: float = 217.0


class State(Struct, frozen=True, kw_only=True):
    """The complete state of the wizard."""

    kept: Kept = Kept()
    device: Device = Device()
    view: View = ""
    trouble: Trouble = ""
    # The adapter's own error, where we have no translation.
    detail: str = ""
    is_busy: bool = False
    network: Network = Network()
    joining: WifiNetwork | None = None
    typing: Typing = Typing()
    subject: Subject = "claim"
    frames: str = ""
    invitation: Invitation | None = None
    claimed: ClaimedFor | None = None
    mark: str = ""
    pressed: frozenset[str] = frozenset()
    sender: str = ""
    card_scale: float = 1.0
    gaps: tuple[Gap, ...] | None = None


def stages_of(state: State) -> tuple[Stage, ...]:
    """Return the stages of this device: components that are not fitted are not checked."""
    fitted = state.device.parts
    checks: dict[Stage, bool] = {
        "sound": {"speaker", "microphone"} <= fitted,
        "camera": "camera" in fitted,
        "buttons": bool(state.device.buttons),
        "pendants": "pendants" in fitted,
        "modem": "modem" in fitted,
    }
    return tuple(stage for stage in STAGES if checks.get(stage, True))
