"""Elements that several pages of the wizard share."""

from device.rules.setup.state import State
from device.screen.words import Words
from device.window_protocol.intents import SetUp
from device.window_protocol.model import Button, Keyboard, LinePage


def steps(words: Words) -> Button:
    """Return the button to the list of all steps, at the same position on every page."""
    return Button(words=words("All steps"), icon="visits", intent=SetUp("stages"))


def skip_button(words: Words) -> Button:
    """Return the button that skips a step and asks for the reason."""
    return Button(words=words("Leave this out"), icon="cancel", intent=SetUp("ask-to-skip"))


def waiting(headline: str, words: Words) -> LinePage:
    """Return a page for an operation that takes seconds."""
    return LinePage(headline=headline, words=words("One moment, please"), back=steps(words))


def keyboard(state: State, words: Words) -> Keyboard:
    """Return the keyboard with the text typed so far."""
    return Keyboard(
        text=state.typing.text,
        layout=state.typing.layout,
        group=state.typing.group,
        space=words("Space"),
        erase=words("Erase"),
        done=words("Continue"),
    )
