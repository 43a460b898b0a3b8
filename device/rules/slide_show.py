"""Pictures of relatives while nobody touches the screen; off where the view says nothing else (K19)."""

from device.rules.calm import is_calm
from device.rules.night import is_night
from device.rules.now import Now
from device.rules.state import State

SLIDE_S = 20.0
SLIDES = 15
# Between the pictures the home page is shown: what is new on it is seen, and the desk learns that it is (K1).
HOME_S = 60.0
_ROUND_S = SLIDES * SLIDE_S + HOME_S


def slide_number(state: State, now: Now) -> int | None:
    """The number of the picture that is due, counted from 0 without an end; None while there is none."""
    idle_s = _idle_s(state, now)
    if idle_s is None or idle_s < 0:
        return None
    rounds, since_s = divmod(idle_s, _ROUND_S)
    at = int(since_s // SLIDE_S)
    return int(rounds) * SLIDES + at if at < SLIDES else None


def seconds_to_check(state: State, now: Now) -> float | None:
    """When the next picture, or the home page between them, is due."""
    idle_s = _idle_s(state, now)
    if idle_s is None or idle_s < 0:
        return None if idle_s is None else -idle_s
    since_s = idle_s % _ROUND_S
    due_s = SLIDE_S - since_s % SLIDE_S if since_s < SLIDES * SLIDE_S else _ROUND_S - since_s
    # Not a moment too early: else there would be another tick for the same picture.
    return due_s + 0.01


def _idle_s(state: State, now: Now) -> float | None:
    """How long the slide show has been due; None where nothing is to be hidden by pictures."""
    view, plan = state.documents.view, state.documents.messages
    if view is None or not view.slide_show_after_min or plan is None or not plan.album:
        return None
    if not _is_at_rest(state) or is_night(view, now):
        return None
    return now.monotonic_s - state.navigation.touched_s - view.slide_show_after_min * 60.0


def _is_at_rest(state: State) -> bool:
    """The home page has the screen, and there is no news that waits to be seen."""
    policy, urgent = state.documents.policy, state.requests.urgent_call
    is_tested = policy is not None and policy.alarm.state == "test"
    is_wanted = bool(urgent and urgent.open) or state.urgent_asked_s is not None
    is_spoken_to = bool(state.remote_view or state.inviting or state.seat or state.calls.missed)
    return state.navigation.page == "home" and is_calm(state) and not (is_tested or is_wanted or is_spoken_to)
