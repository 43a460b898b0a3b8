"""The page of a press that is not a request: held, counted down, or why it was not sent (K3)."""

from msgspec.structs import replace

from device.rules.countdown import CANCEL_S, seconds_left
from device.rules.press import share_held
from device.screen.page_context import PageContext
from device.window_protocol.intents import CancelHelp, OpenPage
from device.window_protocol.model import Button, HelpPage


def press_page(context: PageContext) -> HelpPage | None:
    """Return the page; None where nothing is pressed."""
    words, press = context.words, context.state.press
    match press.stage:
        case "holding":
            return _page(
                words("Keep holding"),
                words("Help is called when the bar is full."),
                done=share_held(press, context.now),
            )
        case "counting":
            seconds = seconds_left(press.began_s, context.now)
            return _page(
                words("Help is called in {seconds} seconds", seconds=str(seconds))
                if seconds > 1
                else words("Help is called in one second"),
                words("If you do not need help, press Cancel."),
                done=(CANCEL_S - seconds) / CANCEL_S,
                cancel=Button(words=words("Cancel"), icon="cancel", intent=CancelHelp()),
            )
        case "too-short":
            return _not_called(context, words("Hold the button for two seconds."))
        case "cancelled":
            return _not_called(context, words("You cancelled. To call for help, press Help."))
    return None


def _not_called(context: PageContext, why: str) -> HelpPage:
    """Return the explanation; it stays until it is touched or times out."""
    back = Button(words=context.words("Back"), icon="home", intent=OpenPage("home"))
    return replace(_page(context.words("Help was not called"), why), back=back)


def _page(headline: str, words: str, *, done: float | None = None, cancel: Button | None = None) -> HelpPage:
    return HelpPage(headline=headline, words=words, state="pressed", steps=[], done=done, cancel=cancel)
