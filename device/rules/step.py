"""One step of the whole device: every rule sees every event, in this order."""

from collections.abc import Callable

from device.rules import (
    documents,
    health,
    link,
    look,
    mute,
    place,
    press,
    requests,
    second_way,
    self_test,
    signals,
    sms,
    window,
)
from device.rules.calls import step as calls
from device.rules.effects import Effect
from device.rules.events import Event
from device.rules.moment import Moment
from device.rules.state import State

Outcome = tuple[State, tuple[Effect, ...]]
Rule = Callable[[State, Event, Moment], Outcome]

RULES: tuple[Rule, ...] = (
    link.step,
    documents.step,
    press.step,
    requests.step,
    second_way.step,
    sms.step,
    place.step,
    calls.step,
    mute.step,
    window.step,
    look.step,
    self_test.step,
    health.step,
    signals.step,
)


def step(state: State, event: Event, now: Moment) -> Outcome:
    """The next state, and what the world is asked to do. Raises whatever a rule stumbles with."""
    state, effects, stumbled = step_on(state, event, now)
    if stumbled:
        raise stumbled[0]
    return state, effects


def step_on(state: State, event: Event, now: Moment) -> tuple[State, tuple[Effect, ...], list[Exception]]:
    """The same, past every rule that stumbles: a lamp's mistake must not cost a call for help (K3)."""
    effects: tuple[Effect, ...] = ()
    stumbled: list[Exception] = []
    for rule in RULES:
        try:
            state, more = rule(state, event, now)
        except Exception as error:  # noqa: BLE001 - nothing that arrives may stop the device
            stumbled.append(error)
        else:
            effects += more
    return state, effects, stumbled
