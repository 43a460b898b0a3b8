"""The state of the link to the desk, and since when it is down (K4)."""

from datetime import timedelta

from msgspec.structs import replace

from device.rules.effects import Effect
from device.rules.events import Event, LinkChanged, Ticked
from device.rules.now import Now
from device.rules.state import State

# How often "in touch" is saved while connected: after a power cut the age is wrong by at most this.
IN_TOUCH_INTERVAL = timedelta(minutes=15)


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Update since when, and why, the link is connected or not."""
    link = state.link
    match event:
        case LinkChanged(connected=True):
            link = replace(link, connected=True, in_touch_at=now.wall, reason="")
            return replace(state, link=link), ()
        case LinkChanged(connected=False, reason=reason) if link.connected:
            link = replace(link, connected=False, in_touch_at=now.wall, reason=reason)
            return replace(state, link=link), ()
        case LinkChanged(reason=reason) if reason != link.reason:
            return replace(state, link=replace(link, reason=reason)), ()
        case Ticked() if link.connected and _is_old(state, now):
            return replace(state, link=replace(link, in_touch_at=now.wall)), ()
    return state, ()


def _is_old(state: State, now: Now) -> bool:
    at = state.link.in_touch_at
    return at is None or abs(now.wall - at) >= IN_TOUCH_INTERVAL
