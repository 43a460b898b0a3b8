"""What a restart changes: the link is not there yet, and an open call for help is on the screen (K3, K4)."""

from msgspec.structs import replace

from device.rules.press import CANCEL_S
from device.rules.state import Place, Press, State


def begin(kept: State) -> State:
    """The state in which the device starts, from what it kept."""
    help_ = kept.requests.help
    is_waiting = help_ is not None and help_.open
    if help_:
        # The clock that counts since boot has begun anew.
        help_ = replace(help_, second_way_due_s=0.0)
    return replace(
        kept,
        self_test=replace(kept.self_test, running="", command_id=""),
        # Who was not given the ten seconds to cancel has not cancelled.
        press=replace(kept.press, began_s=-CANCEL_S) if kept.press.stage == "counting" else Press(),
        requests=replace(kept.requests, help=help_),
        link=replace(kept.link, connected=False),
        place=Place(page="help" if is_waiting else "home"),
    )
