"""Mute: the ring is silent for two hours. Help, forced-call chime and alarms are never muted (V1)."""

from datetime import timedelta

from msgspec.structs import replace

from device.rules.effects import Effect
from device.rules.events import Event, Intended, Ticked
from device.rules.moment import Moment
from device.rules.state import Mute, State
from device.window_protocol.intents import ToggleMute

MUTE_FOR = timedelta(hours=2)


def step(state: State, event: Event, now: Moment) -> tuple[State, tuple[Effect, ...]]:
    """Mutes, and lets the ring be heard again when the resident says so or the time is over."""
    until = state.mute.until
    match event:
        case Intended(intent=ToggleMute()):
            mute = Mute() if until else Mute(until=now.wall + MUTE_FOR)
            return replace(state, mute=mute), ()
        # A wall clock that was set back must not leave the ring silent for days.
        case Ticked() if until and not now.wall < until <= now.wall + MUTE_FOR:
            return replace(state, mute=Mute()), ()
    return state, ()
