"""The Screen of a retired device: it is not in use, and its data was erased (K17)."""

from device.contract.documents import View
from device.contract.values import Language
from device.rules.now import Now
from device.rules.state import Documents, State
from device.screen.page_context import PageContext
from device.window_protocol.model import NoticePage, Screen


def retired_screen(language: Language, now: Now, *, is_known_at_desk: bool) -> Screen:
    """Return the Screen, without any button: this device calls nobody."""
    context = PageContext.of(State(documents=Documents(view=View(version=1, language=language))), now)
    words = context.words
    page = NoticePage(
        headline=words("This device is not in use"),
        words=words("Everything on it has been deleted. It cannot call for help.")
        if is_known_at_desk
        else words(
            "Everything on it has been deleted, and the care desk is being told. It cannot call for help."
        ),
        icon="home",
    )
    return Screen(
        revision=1 + is_known_at_desk,
        style=context.style(),
        page=page,
        help=None,
        clock=words.time(context.local) if now.trusted else "",
        lost_words=words("One moment, please"),
    )
