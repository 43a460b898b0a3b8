"""Whether the resident needs the device now: help has priority over calls, and both over maintenance."""

from device.rules.state import State


def is_help_wanted(state: State) -> bool:
    """Return whether the resident waits for help, or presses for it."""
    return state.requests.help_is_open or state.press.stage in ("holding", "counting")


def is_calm(state: State) -> bool:
    """Return whether there is neither help, nor a press, nor a call."""
    return state.call is None and not is_help_wanted(state)
