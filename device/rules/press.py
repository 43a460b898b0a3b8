"""From a press to a request: at once, held for 2 s, or with 10 s to cancel, by policy (K3).

In doubt it becomes a request. Only the button on the screen cancels: a trembling hand presses the wall button
repeatedly, and means help each time.
"""

from msgspec.structs import replace

from device.contract.documents import HelpPolicy
from device.contract.documents import Press as Way
from device.contract.values import HelpSource
from device.rules import countdown, navigation
from device.rules.effects import Effect
from device.rules.events import ButtonChanged, Event, Intended, PendantPressed, Ticked, WindowWent
from device.rules.now import Now
from device.rules.requests import is_helped, press_again, raise_help
from device.rules.state import Press, State
from device.window_protocol.intents import CancelHelp, Intent, LetGoHelp, OpenPage, PressHelp, TouchHelp

HOLD_S = 2.0
# A finger back within this time has trembled and not released.
TREMBLED_S = 0.4
# How long the screen says that a press was not a request, unless it is touched.
SAID_FOR_S = 30.0
# How often a progress bar is drawn.
_DRAWN_EACH_S = 0.25

Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now: Now) -> Outcome:
    """Follow every press until it is a request or cancelled."""
    match event:
        case Intended(intent=intent):
            return _screen(state, intent, now)
        case WindowWent() if state.press.stage == "holding" and state.press.source == "screen":
            return _with(state, Press()), ()
        case ButtonChanged(name="help"):
            return _button(state, event, now)
        case PendantPressed():
            return _pressed(state, now, "pendant")
        case Ticked():
            return _tick(state, now)
    return state, ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when the press changes by itself; None while nothing is pressed."""
    press = state.press
    match press.stage:
        case "none":
            return None
        case "holding":
            return _DRAWN_EACH_S
        case "counting":
            return countdown.seconds_to_next(press.began_s, now)
    return max(0.0, press.began_s + SAID_FOR_S - now.monotonic_s)


def share_held(press: Press, now: Now) -> float:
    """Return the progress of the hold, 0 to 1, in the steps in which it is drawn."""
    steps = int(max(0.0, now.monotonic_s - press.began_s) / _DRAWN_EACH_S)
    return min(1.0, (steps + 1) * _DRAWN_EACH_S / HOLD_S)


def _screen(state: State, intent: Intent, now: Now) -> Outcome:
    match intent:
        case PressHelp():
            return _pressed(state, now, "screen")
        case TouchHelp():
            return _touched(state, now, "screen")
        case LetGoHelp():
            return _lifted(state, now, "screen"), ()
        case CancelHelp() if state.press.stage == "counting":
            return _with(state, Press(stage="cancelled", began_s=now.monotonic_s)), ()
        case OpenPage() if state.press.stage in ("too-short", "cancelled"):
            return _with(state, Press()), ()
    return state, ()


def _button(state: State, event: ButtonChanged, now: Now) -> Outcome:
    must_hold = _way(state, "button") == "hold"
    match event.action:
        case "pressed" if must_hold:
            return _touched(state, now, "button")
        case "released":
            return _lifted(state, now, "button"), ()
        case "pressed":
            return _pressed(state, now, "button")
    return _pressed(state, now, "button") if must_hold else (state, ())


def _touched(state: State, now: Now, source: HelpSource) -> Outcome:
    """Start a hold, or continue it after a tremble."""
    press = state.press
    if is_helped(state, now):
        return press_again(navigation.at(state, now, "help"), now, source)
    if press.stage == "holding" and press.source == source:
        return _with(state, replace(press, lifted_s=None)), ()
    if press.stage in ("holding", "counting"):
        return state, ()
    return _with(state, Press(stage="holding", source=source, began_s=now.monotonic_s)), ()


def _lifted(state: State, now: Now, source: HelpSource) -> State:
    press = state.press
    if press.stage == "holding" and press.source == source and press.lifted_s is None:
        return _with(state, replace(press, lifted_s=now.monotonic_s))
    return state


def _pressed(state: State, now: Now, source: HelpSource) -> Outcome:
    """Handle a press by the policy of its source; a pendant does not report how long it was held."""
    if is_helped(state, now):
        return press_again(navigation.at(state, now, "help"), now, source)
    if _way(state, source) != "cancellable":
        return _raise(state, now, source)
    if state.press.stage == "counting":
        return state, ()
    return _with(state, Press(stage="counting", source=source, began_s=now.monotonic_s)), ()


def _tick(state: State, now: Now) -> Outcome:
    press = state.press
    since_s = now.monotonic_s - press.began_s
    if press.stage == "counting" and countdown.is_over(press.began_s, now):
        return _raise(state, now, press.source)
    if press.stage == "holding":
        return _held(state, now)
    if press.stage in ("too-short", "cancelled") and since_s >= SAID_FOR_S:
        return _with(state, Press()), ()
    return state, ()


def _held(state: State, now: Now) -> Outcome:
    press = state.press
    if press.lifted_s is not None:
        if now.monotonic_s - press.lifted_s < TREMBLED_S:
            return state, ()
        return _with(state, Press(stage="too-short", source=press.source, began_s=now.monotonic_s)), ()
    if now.monotonic_s - press.began_s < HOLD_S:
        return state, ()
    return _raise(state, now, press.source)


def _raise(state: State, now: Now, source: HelpSource) -> Outcome:
    return raise_help(navigation.at(_with(state, Press()), now, "help"), now, source)


def _way(state: State, source: HelpSource) -> Way:
    policy = state.documents.policy.help if state.documents.policy else HelpPolicy()
    way: Way = getattr(policy, source)
    return way


def _with(state: State, press: Press) -> State:
    return state if press == state.press else replace(state, press=press)
