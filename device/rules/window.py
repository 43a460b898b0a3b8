"""Supervises the window: its beat is the only proof that the drawing loop runs (K2).

One that is lost again and again gets a plain Screen, as a driver may fall over a picture.
"""

from msgspec.structs import replace

from device.contract.events import ScreenLost, ScreenRestored
from device.rules.effects import Effect, Record, RestartWindow
from device.rules.events import Event, Ticked, WindowCame, WindowPainted, WindowWent
from device.rules.now import Now
from device.rules.state import State, Window

# A beat comes 9 s after the last message: a loop that is 5 s late with it is frozen.
FROZEN_AFTER_S = 14.0
# Losses that follow each other within this time have one cause.
LOSSES_APART_S = 120.0
# Then it is tried again with pictures.
PLAIN_FOR_S = 1800.0


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Track the window: lost, restarted, restored."""
    window = state.window
    match event:
        case WindowCame():
            return _with(state, replace(window, attached=True, heard_s=now.monotonic_s)), ()
        case Ticked(with_beat=True):
            is_over = now.monotonic_s - window.last_loss_s >= PLAIN_FOR_S
            losses = 0 if is_over else window.losses
            return _with(state, replace(window, heard_s=now.monotonic_s, losses=losses)), ()
        case WindowPainted():
            return _painted(state, now)
        case WindowWent() if window.attached:
            return _lost(state, now, "gone")
        case Ticked() if window.attached and now.monotonic_s - window.heard_s >= FROZEN_AFTER_S:
            return _lost(state, now, "frozen")
    return state, ()


def seconds_to_check(state: State, now: Now) -> float | None:
    """Return when a silent loop counts as frozen; None while there is none."""
    if not state.window.attached:
        return None
    return max(0.0, state.window.heard_s + FROZEN_AFTER_S - now.monotonic_s)


def _painted(state: State, now: Now) -> tuple[State, tuple[Effect, ...]]:
    window = replace(state.window, painted=True, heard_s=now.monotonic_s, lost_s=None)
    if state.window.lost_s is None:
        return _with(state, window), ()
    silent_s = round(now.monotonic_s - state.window.lost_s, 1)
    return _with(state, window), (Record(what=ScreenRestored(silent_s=silent_s)),)


def _lost(state: State, now: Now, reason: str) -> tuple[State, tuple[Effect, ...]]:
    """Report the loss once, however many restarts it takes until it paints again."""
    is_frozen = reason == "frozen"
    effects: list[Effect] = [RestartWindow()] if is_frozen else []
    if state.window.lost_s is None:
        effects.append(Record(what=ScreenLost(reason="frozen" if is_frozen else "gone")))
    lost_s = state.window.heard_s if state.window.lost_s is None else state.window.lost_s
    window = replace(
        state.window,
        attached=False,
        painted=False,
        lost_s=min(lost_s, now.monotonic_s),
        losses=_losses(state.window, now),
        last_loss_s=now.monotonic_s,
    )
    return _with(state, window), tuple(effects)


def _losses(window: Window, now: Now) -> int:
    is_same = window.is_plain or now.monotonic_s - window.last_loss_s < LOSSES_APART_S
    return window.losses + 1 if is_same else 1


def _with(state: State, window: Window) -> State:
    return replace(state, window=window)
