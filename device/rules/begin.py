"""What a restart changes: the link is not there yet, and an open call for help is on the screen (K3, K4)."""

from msgspec.structs import replace

from device.rules.state import Place, State


def begin(kept: State) -> State:
    """The state in which the device starts, from what it kept."""
    is_waiting = kept.requests.help is not None and kept.requests.help.open
    return replace(
        kept,
        link=replace(kept.link, connected=False),
        place=Place(page="help" if is_waiting else "home"),
    )
