"""The network page: a cable needs no setup; for Wi-Fi a network and password are entered or scanned."""

import re

from msgspec.structs import replace

from device.rules.setup.effects import JoinNetwork, LookForNetworks
from device.rules.setup.events import CodeSeen, JoinEnded, NetworkSeen, SetupEvent, Touched
from device.rules.setup.moves import Outcome, fail, passed
from device.rules.setup.state import Network, Security, State, WifiNetwork
from device.rules.typing import Typing, typed
from device.window_protocol.intents import SetUp, TypeKey

LONGEST_PASSWORD = 63
SHORTEST_PASSWORD = 8


def step(state: State, event: SetupEvent) -> Outcome:
    """Handle events of the network page."""
    match event:
        case NetworkSeen(network=network):
            return _seen(state, network)
        case JoinEnded() if state.joining:
            return _join_ended(state, event)
        case CodeSeen(text=text) if _is_at(state) and state.view == "scanning" and not state.is_busy:
            return _shown(state, text)
        case Touched(intent=TypeKey() as key) if _is_at(state) and state.view == "typing":
            return _type(state, key)
        case Touched(intent=SetUp() as intent) if _is_at(state):
            return _touched(state, intent)
    return state, ()


def _is_at(state: State) -> bool:
    return state.kept.stage == "network"


def _join_ended(state: State, ended: JoinEnded) -> Outcome:
    if ended.trouble:
        return fail(state, ended.trouble, ended.detail)
    return replace(state, is_busy=False, joining=None, view=""), (LookForNetworks(),)


def _touched(state: State, intent: SetUp) -> Outcome:
    match intent.act:
        case "join":
            return _choose(state, intent.value)
        case "networks":
            return replace(state, view="networks", trouble=""), (LookForNetworks(),)
        case "scan":
            return replace(state, view="scanning", trouble=""), ()
        case "back":
            return replace(state, view="", trouble="", joining=None), ()
        case "again":
            return replace(state, trouble="", joining=None), (LookForNetworks(),)
    return state, ()


def _seen(state: State, network: Network) -> Outcome:
    before = state.network
    state = replace(state, network=network)
    is_waiting = state.kept.stage == "network" and state.view == "" and not state.is_busy
    if not is_waiting or not network.connection:
        return state, ()
    if network.is_portal:
        return fail(state, "portal")
    # An installer who came back to this page wants to see it.
    is_first = "network" not in state.kept.passed
    return passed(state) if is_first or not before.connection else (state, ())


def _choose(state: State, ssid: str) -> Outcome:
    chosen = next((each for each in state.network.seen if each.ssid == ssid), None)
    if chosen is None or state.is_busy:
        return state, ()
    if chosen.security == "user-name":
        return fail(state, "user-name-wanted")
    if chosen.security == "open":
        return _join(state, chosen, "")
    return (
        replace(state, joining=chosen, view="typing", subject="password", typing=Typing(), trouble=""),
        (),
    )


def _type(state: State, key: TypeKey) -> Outcome:
    if state.is_busy or state.joining is None:
        return state, ()
    if key.key == "done" and not key.is_group:
        if len(state.typing.text) < SHORTEST_PASSWORD:
            return fail(state, "wrong-password")
        return _join(state, state.joining, state.typing.text)
    return replace(state, trouble="", typing=typed(state.typing, key, LONGEST_PASSWORD)), ()


def _join(state: State, chosen: WifiNetwork, password: str) -> Outcome:
    state = replace(state, joining=chosen, is_busy=True, trouble="")
    return state, (JoinNetwork(network=chosen, password=password),)


def _shown(state: State, text: str) -> Outcome:
    """Handle a router's QR code."""
    found = wifi_code(text)
    if found is None:
        return fail(state, "another-code")
    ssid, password = found
    security: Security = "password" if password else "open"
    seen = next((each for each in state.network.seen if each.ssid == ssid), None)
    chosen = seen or WifiNetwork(ssid=ssid, strength=0, security=security)
    return _join(replace(state, view=""), chosen, password)


def wifi_code(text: str) -> tuple[str, str] | None:
    """Parse a router's code, ``WIFI:T:WPA;S:home;P:secret;;``; None for any other."""
    if not text.startswith("WIFI:"):
        return None
    fields: dict[str, str] = {}
    for name, value in re.findall(r"([TSPH]):((?:\\.|[^;\\])*);", text[5:]):
        fields[name] = re.sub(r"\\(.)", r"\1", value)
    ssid, password = fields.get("S", ""), fields.get("P", "")
    if not 0 < len(ssid.encode()) <= 32 or len(password) > LONGEST_PASSWORD:
        return None
    return ssid, password
