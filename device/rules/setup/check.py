"""The hardware check, missing setup at the desk, and the end."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from device.rules.setup.effects import (
    AskForGaps,
    Finish,
    LearnPendant,
    SendText,
    SetupEffect,
    SetWidth,
    TestSound,
)
from device.rules.setup.events import (
    ButtonPressed,
    CameraShows,
    GapsReceived,
    PendantHeard,
    SetupEvent,
    SoundTested,
    TextEnded,
    Touched,
)
from device.rules.setup.moves import Outcome, fail, passed
from device.rules.setup.state import Stage, State, Trouble
from device.rules.typing import Typing, typed
from device.window_protocol.intents import SetUpAct, TypeKey

LONGEST_NUMBER = 16
_NUMBER = re.compile(r"\+[0-9]{7,15}")
# Change of the bank card's frame by one touch.
WIDER = 1.02
LEAST_SCALE, MOST_SCALE = 0.4, 2.5


def step(state: State, event: SetupEvent) -> Outcome:
    """Handle events of the hardware check."""
    if isinstance(event, CameraShows):
        return _camera_shows(state, event)
    if isinstance(event, Touched):
        return (state, ()) if state.is_busy else _touched(state, event)
    stage, heard = _HEARD.get(type(event), (None, None))
    return heard(state, event) if heard and stage == state.kept.stage else (state, ())


def _camera_shows(state: State, event: CameraShows) -> Outcome:
    if event.detail:
        return replace(state, frames="", trouble="no-camera", detail=event.detail), ()
    trouble = "" if state.trouble == "no-camera" else state.trouble
    return replace(state, frames=event.frames, trouble=trouble), ()


def _sound_tested(state: State, event: SoundTested) -> Outcome:
    return fail(state, "sound", event.detail) if event.detail else passed(state)


def _button_pressed(state: State, event: ButtonPressed) -> Outcome:
    pressed = state.pressed | {event.name}
    return passed(state) if pressed >= set(state.device.buttons) else (replace(state, pressed=pressed), ())


def _pendant_heard(state: State, event: PendantHeard) -> Outcome:
    return replace(state, sender=event.sender), ()


def _text_ended(state: State, event: TextEnded) -> Outcome:
    return fail(state, "text", event.detail) if event.detail else passed(state)


def _gaps_received(state: State, event: GapsReceived) -> Outcome:
    trouble: Trouble = "unreachable" if event.gaps is None else ""
    return replace(state, gaps=event.gaps, is_busy=False, trouble=trouble), ()


_HEARD: Mapping[type, tuple[Stage, Callable[[State, Any], Outcome]]] = {
    SoundTested: ("sound", _sound_tested),
    ButtonPressed: ("buttons", _button_pressed),
    PendantHeard: ("pendants", _pendant_heard),
    TextEnded: ("modem", _text_ended),
    GapsReceived: ("missing", _gaps_received),
}


def _touched(state: State, event: Touched) -> Outcome:
    if isinstance(event.intent, TypeKey):
        return _type(state, event.intent) if state.kept.stage == "modem" else (state, ())
    touched = _TOUCHED.get((state.kept.stage, event.intent.act))
    return touched(state) if touched else (state, ())


def _learn(state: State) -> Outcome:
    return _with(passed(state), LearnPendant(sender=state.sender)) if state.sender else (state, ())


def _ask_for_number(state: State) -> Outcome:
    typing = Typing(text="+", layout="figures")
    return replace(state, view="typing", subject="number", trouble="", typing=typing), ()


def _scaled(state: State, factor: float) -> Outcome:
    scale = min(MOST_SCALE, max(LEAST_SCALE, state.card_scale * factor))
    return replace(state, card_scale=scale), ()


def _measured(state: State) -> Outcome:
    """Return the panel's width, corrected by the factor that makes the drawn frame a card's size."""
    width_mm = round(state.device.width_mm / state.card_scale, 1)
    device = replace(state.device, width_mm=width_mm)
    outcome = passed(replace(state, device=device, kept=replace(state.kept, width_mm=width_mm)))
    return _with(outcome, SetWidth(width_mm=width_mm))


def _type(state: State, key: TypeKey) -> Outcome:
    if state.view != "typing":
        return state, ()
    if key.key == "done" and not key.is_group:
        if not _NUMBER.fullmatch(state.typing.text):
            return fail(state, "no-number-typed")
        return replace(state, is_busy=True, view="", trouble=""), (SendText(number=state.typing.text),)
    return replace(state, trouble="", typing=typed(state.typing, key, LONGEST_NUMBER)), ()


def _with(outcome: Outcome, effect: SetupEffect) -> Outcome:
    state, effects = outcome
    return state, (effect, *effects)


_TOUCHED: Mapping[tuple[Stage, SetUpAct], Callable[[State], Outcome]] = {
    ("sound", "again"): lambda state: (replace(state, is_busy=True, trouble=""), (TestSound(),)),
    ("missing", "again"): lambda state: (replace(state, is_busy=True, trouble=""), (AskForGaps(),)),
    ("pendants", "confirm"): _learn,
    ("modem", "type"): _ask_for_number,
    ("modem", "back"): lambda state: (replace(state, view="", trouble=""), ()),
    ("panel", "wider"): lambda state: _scaled(state, WIDER),
    ("panel", "narrower"): lambda state: _scaled(state, 1 / WIDER),
    ("panel", "confirm"): _measured,
    ("done", "confirm"): lambda state: (replace(state, is_busy=True), (Finish(),)),
}
