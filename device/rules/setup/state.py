"""What the wizard knows, and the part of it that a power cut must not undo."""

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
# Without these there is no resident's home to go to.
NEVER_SKIPPED: tuple[Stage, ...] = ("language", "desk", "done")

Reason = Literal["later", "not-here", "broken"]
# What is shown of a stage, where it has more than one page.
View = Literal["", "stages", "reasons", "typing", "scanning", "confirming"]
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
    """On the disk after each step. Neither a password nor a claim is in it."""

    language: Language = "en"
    stage: Stage = "language"
    passed: tuple[Stage, ...] = ()
    skipped: dict[Stage, Reason] = {}
    desk: str = ""
    is_enrolled: bool = False
    width_mm: float = 0.0


class WifiNetwork(Struct, frozen=True, kw_only=True):
    """One network in the air. ``strength`` is a percentage."""

    ssid: str
    strength: int
    security: Security
    sae: bool = False


class Network(Struct, frozen=True, kw_only=True):
    """How this device is connected, and what else there is."""

    connection: Literal["", "cable", "wifi"] = ""
    name: str = ""
    is_portal: bool = False
    has_wifi: bool = False
    seen: tuple[WifiNetwork, ...] = ()


class Device(Struct, frozen=True, kw_only=True):
    """What is fitted, by the names of the hardware's parts, and how wide the panel is believed to be."""

    parts: frozenset[str] = frozenset()
    buttons: tuple[str, ...] = ()
    width_mm: float = 217.0


class State(Struct, frozen=True, kw_only=True):
    """Everything of the wizard."""

    kept: Kept = Kept()
    device: Device = Device()
    view: View = ""
    trouble: Trouble = ""
    # The adapter's own words, for what has none of ours.
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
    """The stages of this device: a part that is not fitted is not checked."""
    fitted = state.device.parts
    checks: dict[Stage, bool] = {
        "sound": {"speaker", "microphone"} <= fitted,
        "camera": "camera" in fitted,
        "buttons": bool(state.device.buttons),
        "pendants": "pendants" in fitted,
        "modem": "modem" in fitted,
    }
    return tuple(stage for stage in STAGES if checks.get(stage, True))
