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
    """The next state, and what the world is asked to do."""
    effects: tuple[Effect, ...] = ()
    for rule in RULES:
        state, more = rule(state, event, now)
        effects += more
    return state, effects
