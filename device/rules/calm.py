"""Whether the resident needs the device now: help comes before calls, and both before its own chores."""

from device.rules.state import State


def is_help_wanted(state: State) -> bool:
    """Whether the resident waits for help, or presses for it."""
    return state.requests.help_is_open or state.press.stage in ("holding", "counting")


def is_calm(state: State) -> bool:
    """Nobody waits for help, or presses for it, or is called."""
    return state.call is None and not is_help_wanted(state)
