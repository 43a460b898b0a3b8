"""Spoken text, identical to the text on the screen (K13)."""

from collections.abc import Iterator

from msgspec import Struct

from device.contract.values import Language
from device.rules.now import Now
from device.rules.state import State
from device.screen.call import call_page
from device.screen.help import help_page
from device.screen.page_context import PageContext
from device.screen.press import press_page
from device.window_protocol.intents import Arrow, Intent
from device.window_protocol.model import Button, CafeTile, Face, HelpButton, Screen, TodayTile


def language_of(state: State) -> Language:
    """Return the language of speech: the screen's."""
    return state.documents.view.language if state.documents.view else state.first_language


def help_words(state: State, now: Now) -> str:
    """Return the help page's text, also while another page is shown; empty where there is none."""
    context = PageContext.of(state, now)
    page = press_page(context) or help_page(context)
    return _sentences(page.headline, page.words) if page else ""


def call_words(state: State, now: Now) -> str:
    """Return who is about to open a forced call, and why (K5); empty where nobody is."""
    if state.call is None or state.call.stage != "countdown":
        return ""
    page = call_page(PageContext.of(state, now), state.call, lambda _sha256: None)
    return _sentences(page.headline, *page.lines)


def label_words(screen: Screen, touched: Intent | Arrow) -> str:
    """Return the label of the button with this intent on the screen; empty where there is none."""
    if isinstance(touched, str):
        said = (getattr(part, touched, "") for part in _parts(screen))
        return next((words for words in said if words and isinstance(words, str)), "")
    return next((_label(part) for part in _parts(screen) if getattr(part, "intent", None) == touched), "")


def _label(part: object) -> str:
    match part:
        case Button(words=words, detail=detail):
            return _sentences(words, detail)
        case CafeTile(name=name, words=words) | Face(name=name, presence_words=words):
            return _sentences(name, words)
        case TodayTile(label=label, headline=headline, detail=detail):
            return _sentences(label, headline, detail)
        case HelpButton(words=words):
            return words
    return ""


def _parts(part: object) -> Iterator[object]:
    """Yield every object of a Screen, the page before what surrounds it."""
    if isinstance(part, Struct):
        yield part
        for name in part.__struct_fields__:
            yield from _parts(getattr(part, name))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _parts(each)


def _sentences(*texts: str) -> str:
    """Join sentences, each with an end, so that the voice pauses between them."""
    return " ".join(text if text[-1] in ".!?" else f"{text}." for text in texts if text)
