"""The state after a restart: no link yet, and an open help request on the screen (K3, K4)."""

from msgspec.structs import replace

from device.rules.countdown import CANCEL_S
from device.rules.state import Navigation, Press, Sms, State


def begin(kept: State) -> State:
    """Return the initial state, based on what was saved."""
    help_ = kept.requests.help
    is_waiting = help_ is not None and help_.open
    if help_:
        # The clock that counts since boot has started again.
        help_ = replace(help_, https_due_s=0.0)
    return replace(
        kept,
        sms=_unanswered(kept.sms),
        self_test=replace(kept.self_test, running="", command_id=""),
        # A press whose ten seconds to cancel were cut short was not cancelled.
        press=replace(kept.press, began_s=-CANCEL_S) if kept.press.stage == "counting" else Press(),
        requests=replace(kept.requests, help=help_),
        link=replace(kept.link, connected=False),
        navigation=Navigation(page="help" if is_waiting else "home"),
    )


def _unanswered(sms: Sms) -> Sms:
    """Mark the last text message as unknown: its recipient is notified again."""
    lost = [text for text in sms.sent if text.outcome == "handed"]
    if not lost:
        return sms
    sent = tuple(text for text in sms.sent if text.outcome != "handed")
    return replace(sms, sent=sent, next=lost[0].place, due_s=0.0)
