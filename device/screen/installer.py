"""The installer's pages on a device in use: the PIN, and the wizard's network page."""

from msgspec.structs import replace

from device.rules.setup.state import State as SetupState
from device.screen.page_context import PageContext
from device.screen.setup import network_page
from device.screen.setup_places import keyboard
from device.window_protocol.intents import OpenPage, SetUp
from device.window_protocol.model import Button, ChoicePage, LinePage, Page, TypingPage

# For the fingers of somebody who types fast.
InstallersPage = ChoicePage | LinePage | TypingPage

_NOT_HERE = (SetUp("ask-to-skip"), SetUp("scan"))


def installer_page(context: PageContext) -> Page | None:
    """Return the page; None where no installer is there."""
    access, words = context.state.installer, context.words
    if context.state.navigation.page != "installer":
        return None
    back = Button(words=words("Back"), icon="undo", intent=OpenPage("home"))
    if access.setup:
        # A connection without a desk behind it is no reason to stop.
        network = replace(access.setup.network, connection="")
        return _without_steps(network_page(replace(access.setup, network=network), words), back)
    if context.now.monotonic_s < access.locked_until_s:
        return LinePage(
            headline=words("Too many wrong PINs"),
            words=words("Try again in a quarter of an hour."),
            back=back,
        )
    hidden = SetupState(typing=replace(access.typing, text="•" * len(access.typing.text)))
    return TypingPage(
        title=words("For installers"),
        words=words("That is not the PIN. It is at the care desk.") if access.is_wrong else words("PIN"),
        keyboard=replace(keyboard(hidden, words), done=words("OK")),
        back=back,
    )


def _without_steps(page: Page, back: Button) -> Page:
    """The wizard's list of steps is not here; of a password that is typed one goes back to the networks."""
    match page:
        case ChoicePage():
            choices = [each for each in page.choices if each.intent not in _NOT_HERE]
            return replace(page, choices=choices, back=back)
        case LinePage():
            return replace(page, back=back)
    return page
