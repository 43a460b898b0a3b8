"""The mute button with its state, and the page that asks for how long (V1)."""

from device.rules.mute import MOST, morning
from device.screen.page_context import PageContext
from device.window_protocol.intents import LetRing, OpenPage, SilenceRing
from device.window_protocol.model import Button, ChoicePage


def mute_button(context: PageContext) -> Button | None:
    """Return the button; its icon shows the state of the ring."""
    if not context.view.elements.mute:
        return None
    words, until = context.words, context.state.mute.until
    if until is None:
        return Button(words=words("Silence the ring"), icon="sound", intent=OpenPage("mute"))
    return Button(
        words=words("Silent"),
        detail=words("Until {time}", time=words.time(until.astimezone(context.zone))),
        icon="mute",
        intent=OpenPage("mute"),
        on=True,
    )


def mute_page(context: PageContext) -> ChoicePage | None:
    """Return the page of durations, so that one stray touch mutes nothing; None without the button."""
    if not context.view.elements.mute:
        return None
    words, until = context.words, context.state.mute.until
    if until is None:
        title, choices = words("Silence the ring"), _choices(context)
    else:
        time = words.time(until.astimezone(context.zone))
        title = words("The ring is silent until {time}", time=time)
        choices = [Button(words=words("Let it ring"), icon="sound", intent=LetRing())]
    return ChoicePage(
        title=title,
        words=words("You see who calls all the same. Help is always heard."),
        choices=choices,
        more=words("More"),
        fewer=words("Previous"),
        back=Button(words=words("Back"), icon="home", intent=OpenPage("home")),
    )


def _choices(context: PageContext) -> list[Button]:
    words = context.words
    found = [
        Button(words=words("For one hour"), icon="mute", intent=SilenceRing(hours=1)),
        Button(words=words("For two hours"), icon="mute", intent=SilenceRing(hours=2)),
    ]
    end = morning(context.view, context.now)
    if context.now.trusted and end - context.now.wall <= MOST:
        until = words("Until {time}", time=words.time(end))
        found.append(Button(words=until, icon="mute", intent=SilenceRing(hours=0)))
    return found
