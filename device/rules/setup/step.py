"""The step function of the wizard: pure, as the device's other rules are."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from device.rules.setup import check, desk, network
from device.rules.setup.effects import SetupEffect
from device.rules.setup.events import Began, SetupEvent, Touched
from device.rules.setup.moves import Outcome, arrive, passed
from device.rules.setup.state import NEVER_SKIPPED, STAGES, Reason, Stage, State
from device.window_protocol.intents import SetUp


def step(state: State, event: SetupEvent) -> Outcome:
    """Return the next state and the effects."""
    match event:
        case Began(kept=kept, device=device):
            return arrive(replace(state, kept=kept, device=device), kept.stage)
        case Touched(intent=SetUp() as intent) if intent.act in _EVERYWHERE:
            return _EVERYWHERE[intent.act](state, intent.value)
    effects: tuple[SetupEffect, ...] = ()
    for rule in (network.step, desk.step, check.step):
        state, more = rule(state, event)
        effects += more
    return state, effects


def _choose_language(state: State, value: str) -> Outcome:
    if value not in ("fi", "sv", "da", "en"):
        return state, ()
    language: Any = value
    return passed(replace(state, kept=replace(state.kept, language=language)))


def _show_stages(state: State, _value: str) -> Outcome:
    return replace(state, view="" if state.view == "stages" else "stages", trouble=""), ()


def _go_to(state: State, value: str) -> Outcome:
    stage: Stage | None = next((each for each in STAGES if each == value), None)
    return arrive(state, stage) if stage else (state, ())


def _go_on(state: State, _value: str) -> Outcome:
    return passed(state)


def _ask_to_skip(state: State, _value: str) -> Outcome:
    if state.kept.stage in NEVER_SKIPPED:
        return state, ()
    return replace(state, view="reasons", trouble=""), ()


def _skip(state: State, value: str) -> Outcome:
    stage = state.kept.stage
    reasons: tuple[Reason, ...] = ("later", "not-here", "broken")
    reason = next((each for each in reasons if each == value), None)
    if reason is None or stage in NEVER_SKIPPED:
        return state, ()
    return passed(state, skipped=reason)


_EVERYWHERE: dict[str, Callable[[State, str], Outcome]] = {
    "language": _choose_language,
    "stages": _show_stages,
    "stage": _go_to,
    "next": _go_on,
    "ask-to-skip": _ask_to_skip,
    "skip": _skip,
}
