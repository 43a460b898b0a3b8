"""An installer at a device in use: a PIN, then the wizard's network page, while there is no link (K7)."""

from msgspec.structs import replace

from device.rules.effects import ChangeNetwork, Effect
from device.rules.events import Event, Intended, Ticked
from device.rules.navigation import at
from device.rules.now import Now
from device.rules.setup import network
from device.rules.setup.effects import JoinNetwork, LookForNetworks, SetupEffect
from device.rules.setup.events import JoinEnded, NetworkSeen, SetupEvent, Touched
from device.rules.setup.state import Kept, Network
from device.rules.setup.state import State as SetupState
from device.rules.state import InstallerAccess, State
from device.rules.typing import Typing, typed
from device.window_protocol.intents import OpenPage, SetUp, TypeKey

PIN_DIGITS = 6
MOST_FAILURES = 5
LOCK_S = 15 * 60.0

Outcome = tuple[State, tuple[Effect, ...]]


def may_enter(state: State) -> bool:
    """Return whether the page can be opened: the desk has set a PIN, and there is no link."""
    policy = state.documents.policy
    return bool(policy and policy.installer_pin) and not state.link.connected


def step(state: State, event: Event, now: Now) -> Outcome:
    """Check the PIN, then carry out what the network page asks for."""
    access = state.installer
    match event:
        case Intended(intent=OpenPage(page="installer")):
            return _opened(state, now), ()
        case JoinEnded(trouble="") if access.setup:
            return at(_left(state), now, "home"), ()
        case NetworkSeen() | JoinEnded() if access.setup:
            return _network_reported(state, access.setup, event, now)
        case Intended(intent=SetUp() | TypeKey() as intent) if state.navigation.page == "installer":
            return _touched(state, intent, now)
        case Ticked() if state.navigation.page != "installer" and access.setup:
            return _left(state), ()
    return state, ()


def _opened(state: State, now: Now) -> State:
    if not may_enter(state):
        return at(state, now, "home")
    return _with(_left(state), typing=Typing(layout="figures"), is_wrong=False)


def _network_reported(state: State, setup: SetupState, event: NetworkSeen | JoinEnded, now: Now) -> Outcome:
    if isinstance(event, NetworkSeen) and setup.network == Network():
        # The connection that is there already is not what the installer came for.
        return _with(state, setup=replace(setup, network=event.network)), ()
    return _at_network(state, setup, event, now)


def _touched(state: State, intent: SetUp | TypeKey, now: Now) -> Outcome:
    if setup := state.installer.setup:
        return _at_network(state, setup, Touched(intent=intent), now)
    return _typed(state, intent, now) if isinstance(intent, TypeKey) else (state, ())


def _typed(state: State, key: TypeKey, now: Now) -> Outcome:
    access, policy = state.installer, state.documents.policy
    if now.monotonic_s < access.locked_until_s or policy is None or not policy.installer_pin:
        return state, ()
    if key.key != "done":
        typing = typed(access.typing, key, PIN_DIGITS)
        return _with(state, typing=typing, is_wrong=False), ()
    if access.typing.text != policy.installer_pin:
        return _refused(state, now), ()
    language = state.documents.view.language if state.documents.view else "fi"
    kept = Kept(language=language, stage="network", passed=("network",), is_enrolled=True)
    entered = InstallerAccess(setup=SetupState(kept=kept))
    return replace(state, installer=entered), (ChangeNetwork(effect=LookForNetworks()),)


def _refused(state: State, now: Now) -> State:
    failures = state.installer.failures + 1
    locked_until_s = now.monotonic_s + LOCK_S if failures >= MOST_FAILURES else 0.0
    return _with(
        state,
        typing=Typing(layout="figures"),
        is_wrong=True,
        failures=0 if locked_until_s else failures,
        locked_until_s=locked_until_s,
    )


def _at_network(state: State, setup: SetupState, event: SetupEvent, now: Now) -> Outcome:
    setup, effects = network.step(setup, event)
    if setup.kept.stage != "network":
        # A cable was plugged in.
        return at(_left(state), now, "home"), ()
    return _with(state, setup=setup), tuple(ChangeNetwork(effect=each) for each in _of_network(effects))


def _of_network(effects: tuple[SetupEffect, ...]) -> list[LookForNetworks | JoinNetwork]:
    return [each for each in effects if isinstance(each, LookForNetworks | JoinNetwork)]


def _left(state: State) -> State:
    """Forget what was typed; wrong PINs still count."""
    return _with(state, typing=Typing(), is_wrong=False, setup=None)


def _with(state: State, **changes: object) -> State:
    return replace(state, installer=replace(state.installer, **changes))
