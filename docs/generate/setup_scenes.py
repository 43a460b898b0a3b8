"""The pages of the wizard, for the pictures of the screen."""

from collections.abc import Iterator

from msgspec.structs import replace

from device.contract.claim import ClaimedFor, Invitation
from device.contract.documents import Policy
from device.contract.values import Language
from device.rules.setup.state import Device, Kept, Network, Stage, State, Trouble, WifiNetwork
from device.rules.state import InstallerAccess, Navigation
from device.rules.state import State as DeviceState
from device.rules.typing import Typing
from device.screen.setup import compose_setup
from device.window_protocol.model import Screen
from hal.ports import PARTS

NETWORKS = (
    WifiNetwork(ssid="Korhonen", strength=82, security="password"),
    WifiNetwork(ssid="Telia-5G-4F2A81", strength=54, security="password"),
    WifiNetwork(ssid="Kahvila Pohjoinen", strength=31, security="open"),
)
MARK = "K7QD3MX2ABFZP5LWTR6HYN4CJE"
DEVICE = Device(parts=frozenset(PARTS), buttons=("help", "wc"))
CLAIM = Invitation(host="desk.example", claim="HKWMPRTB")


def setup_scenes(language: Language, frames: str) -> Iterator[tuple[str, Screen]]:
    """Every stage, and what can go wrong on the way."""
    for name, state in _states(language):
        shown = state.view == "scanning" or state.kept.stage == "camera"
        yield f"setup-{name}", compose_setup(replace(state, frames=frames if shown else ""))


def installer_scenes(offline: DeviceState) -> Iterator[tuple[str, DeviceState]]:
    """An installer at a device in use, whose router was replaced."""
    policy = replace(offline.documents.policy or Policy(version=1), installer_pin="428190")
    at_page = replace(
        offline,
        documents=replace(offline.documents, policy=policy),
        navigation=Navigation(page="installer"),
    )
    typing = Typing(text="428", layout="figures")
    yield "installer-pin", replace(at_page, installer=InstallerAccess(typing=typing))
    locked = InstallerAccess(locked_until_s=1000.0)
    yield "installer-locked", replace(at_page, installer=locked)
    setup = replace(_at("fi", "network"), device=Device())
    yield "installer-network", replace(at_page, installer=InstallerAccess(setup=setup))


def _states(language: Language) -> Iterator[tuple[str, State]]:
    for stage in ("language", "network", "desk", "camera", "buttons", "pendants", "modem", "panel", "done"):
        yield stage, _at(language, stage)
    network = replace(_at(language, "network"), joining=NETWORKS[0])
    yield "password", replace(network, view="typing", typing=Typing(text="kissanviikset"))
    connected = Network(connection="wifi", name=NETWORKS[0].ssid, has_wifi=True, seen=NETWORKS)
    yield "connected", replace(_at(language, "network"), network=connected)
    troubles: tuple[Trouble, ...] = ("wrong-password", "no-address", "portal", "user-name-wanted")
    for trouble in troubles:
        yield trouble, replace(network, trouble=trouble)
    desk = _at(language, "desk")
    yield "scan", replace(desk, view="scanning")
    yield "address", replace(desk, view="typing", subject="address", typing=Typing(text="desk.exa"))
    yield "claim", replace(desk, view="typing", subject="claim", typing=Typing(text="hkwm"))
    yield "clock", replace(desk, trouble="clock")
    claimed = ClaimedFor(resident="Aino Korhonen", organisation="Kotihoito Pohjoinen", replaces=True)
    typed = Typing(text="hkwmprtb")
    confirming = replace(desk, view="confirming", claimed=claimed, invitation=CLAIM, mark=MARK, typing=typed)
    yield "confirm", confirming
    yield "stages", replace(desk, view="stages")
    yield "reasons", replace(_at(language, "modem"), view="reasons")
    yield "sound", replace(_at(language, "sound"), trouble="sound")
    yield "sound-busy", replace(_at(language, "sound"), is_busy=True)
    yield "pendant", replace(_at(language, "pendants"), sender="0029CAFE")
    gaps = replace(
        _at(language, "missing"), gaps=("view", "contacts", "escalation", "consent", "registration", "test")
    )
    yield "missing", gaps
    # Seven inches where ten were believed.
    yield "panel-too-small", replace(_at(language, "panel"), card_scale=217 / 154)


def _at(language: Language, stage: Stage) -> State:
    kept = Kept(
        language=language,
        stage=stage,
        passed=("language", "network"),
        skipped={"modem": "later"},
        desk="desk.example",
    )
    return State(kept=kept, device=DEVICE, network=Network(has_wifi=True, seen=NETWORKS))
