"""The page of an urgent call: the countdown to cancel it, then its state (V11)."""

from device.rules.countdown import CANCEL_S, seconds_left
from device.rules.state import Request, Stage
from device.screen.page_context import PageContext
from device.window_protocol.intents import CancelUrgentCall, OpenPage
from device.window_protocol.model import Button, HelpPage


def urgent_page(context: PageContext) -> HelpPage | None:
    """Return the page; None where no call is requested, or help has replaced it."""
    words, request = context.words, context.state.requests.urgent_call
    back = Button(words=words("Back"), icon="home", intent=OpenPage("home"))
    if context.state.urgent_asked_s is not None:
        seconds = seconds_left(context.state.urgent_asked_s, context.now)
        return HelpPage(
            headline=words("We ask for a call in {seconds} seconds", seconds=str(seconds))
            if seconds > 1
            else words("We ask for a call in one second"),
            words=words("If you do not want a call, press Cancel."),
            state="pressed",
            steps=[],
            done=(CANCEL_S - seconds) / CANCEL_S,
            cancel=Button(words=words("Cancel"), icon="cancel", intent=CancelUrgentCall()),
        )
    if request is None or not request.open:
        return None
    return HelpPage(
        headline=words("You have asked for a call"),
        words=urgent_state(context, request),
        state="received" if request.stage != "sending" else "sending",
        steps=[],
        back=back,
    )


def urgent_state(context: PageContext, request: Request) -> str:
    """Return the request's state as a sentence."""
    words = context.words
    name = request.by or words("A carer")
    details: dict[Stage, str] = {
        "sending": words("Being sent") if context.connected else words("Not sent yet, keeps trying"),
        "received": words("Received. Somebody will call you."),
        "taken": words("{name} will call you", name=name),
        "arrived": words("{name} will call you", name=name),
    }
    return details[request.stage]
