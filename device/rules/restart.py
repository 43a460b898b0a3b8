"""Restarts the machine after upgrades of the system, at night while it is not in use (K16)."""

from msgspec.structs import replace

from device.rules.effects import Effect, RestartIfUpgraded
from device.rules.events import Event, Ticked
from device.rules.now import Now
from device.rules.state import State
from device.rules.update import is_out_of_the_way

CHECK_S = 600.0


def step(state: State, event: Event, now: Now) -> tuple[State, tuple[Effect, ...]]:
    """Ask for a restart some times a night; a release that is on trial is judged first."""
    is_due = isinstance(event, Ticked) and now.monotonic_s >= state.restart_check_due_s
    if not is_due or not now.trusted or state.update.trial or not is_out_of_the_way(state, now):
        return state, ()
    return replace(state, restart_check_due_s=now.monotonic_s + CHECK_S), (RestartIfUpgraded(),)
