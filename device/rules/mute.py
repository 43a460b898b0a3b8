"""Muting the ring for a while. Help, forced-call chime and alarms are never muted (V1)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.documents import View
from device.rules import navigation
from device.rules.effects import Effect
from device.rules.events import Event, Intended, Ticked
from device.rules.now import Now
from device.rules.state import Mute, State
from device.window_protocol.intents import LetRing, SilenceRing

# Nobody should miss a whole day's calls.
MOST = timedelta(hours=14)


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Mute, and unmute when the resident asks for it or the time is over."""
    until = state.mute.until
    match event:
        case Intended(intent=SilenceRing(hours=hours)):
            wanted = now.wall + timedelta(hours=hours) if hours else morning(state.documents.view, now)
            mute = Mute(until=min(wanted, now.wall + MOST))
            return _done(replace(state, mute=mute), now), ()
        case Intended(intent=LetRing()):
            return _done(replace(state, mute=Mute()), now), ()
        # A wall clock that was set back must not mute the ring for days.
        case Ticked() if until and not now.wall < until <= now.wall + MOST:
            return replace(state, mute=Mute()), ()
    return state, ()


def _done(state: State, now: Now) -> State:
    """Return home from the mute page; a late touch does not leave the help page."""
    return navigation.at(state, now, "home") if state.navigation.page == "mute" else state


def morning(view: View | None, now: Now) -> datetime:
    """Return the next end of the night, by the hours of the view."""
    view = view or View(version=1)
    local = now.wall.astimezone(ZoneInfo(view.time_zone))
    hour, minute = map(int, view.theme.night_until.split(":"))
    end = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
