"""What several pages of the wizard have in common."""

from device.rules.setup.state import State
from device.screen.words import Words
from device.window_protocol.intents import SetUp
from device.window_protocol.model import Button, Keyboard, LinePage


def steps(words: Words) -> Button:
    """The way to every step, at the same place on every page."""
    return Button(words=words("All steps"), icon="visits", intent=SetUp("stages"))


def leave_out(words: Words) -> Button:
    """Asks for the reason."""
    return Button(words=words("Leave this out"), icon="cancel", intent=SetUp("ask-to-skip"))


def waiting(headline: str, words: Words) -> LinePage:
    """Something goes on that takes seconds."""
    return LinePage(headline=headline, words=words("One moment, please"), back=steps(words))


def keyboard(state: State, words: Words) -> Keyboard:
    """The keys, and what was typed."""
    return Keyboard(
        text=state.typing.text,
        layout=state.typing.layout,
        group=state.typing.group,
        space=words("Space"),
        erase=words("Erase"),
        done=words("Continue"),
    )
