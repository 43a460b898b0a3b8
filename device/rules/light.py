"""Sets the lamps' patterns and the backlight's brightness from the state."""

from typing import Literal

from device.rules.calls import signals as call_signals
from device.rules.effects import LampPattern, Shine
from device.rules.health import faults
from device.rules.now import Now
from device.rules.state import Stage, State

_HELP: dict[Stage, LampPattern] = {
    "sending": "blinking",
    "received": "breathing",
    "taken": "breathing",
    "arrived": "on",
    "closed": "off",
}
_HELP_BRIGHTNESS = {"day": 1.0, "night": 0.4}
_RING_BRIGHTNESS = {"day": 1.0, "night": 0.6}
_STATUS_BRIGHTNESS = {"day": 0.4, "night": 0.1}
_BACKLIGHT = {"day": 1.0, "night": 0.3}
# A help request and a caller must be readable from the bed.
_BACKLIGHT_WHEN_NEEDED = 0.7


def shining(state: State, now: Now, *, night: bool) -> tuple[Shine, ...]:
    """Return the pattern of every lamp."""
    time = _time(night=night)
    return (
        Shine(lamp="help", pattern=_help(state), brightness=_HELP_BRIGHTNESS[time]),
        Shine(lamp="ring", pattern=call_signals.lamp(state.call), brightness=_RING_BRIGHTNESS[time]),
        Shine(lamp="status", pattern=_status(state, now), brightness=_STATUS_BRIGHTNESS[time]),
    )


def backlight(state: State, *, night: bool) -> float:
    """Return the backlight, from 0, the darkest readable level, to 1."""
    level = _BACKLIGHT[_time(night=night)]
    is_needed = state.requests.help_is_open or state.call is not None
    return max(level, _BACKLIGHT_WHEN_NEEDED) if is_needed else level


def _help(state: State) -> LampPattern:
    """Return the help lamp's pattern; a pending press looks like a request being sent."""
    if state.press.stage in ("holding", "counting"):
        return "blinking"
    return _HELP[state.requests.help.stage] if state.requests.help else "off"


def _status(state: State, now: Now) -> LampPattern:
    """Steady: all is well. Breathing: no desk, reconnecting. Blinking: attention needed."""
    if any(fault.part != "link" for fault in faults(state, now)):
        return "blinking"
    return "on" if state.link.connected else "breathing"


def _time(*, night: bool) -> Literal["day", "night"]:
    return "night" if night else "day"
