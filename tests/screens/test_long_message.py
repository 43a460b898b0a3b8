"""A message of any length is on the screen whole: page after page, with an arrow to the next (M5)."""

import pytest
from msgspec.structs import replace

from device.contract.messages import LONGEST_BODY
from device.contract.values import Language
from device.window_protocol.model import MessagePage, Screen
from docs.generate.legibility import scaled
from docs.generate.message_scenes import WORDS
from kiosk_ui.pages.compose import Interaction, compose
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Scene, Text, TurnPage
from tests.screens.test_every_page import PANELS, screens


@pytest.mark.requirement("M5", "K13")
@pytest.mark.parametrize(
    ("language", "panel", "text_scale"),
    [("fi", "10.1 inch", 1.0), ("sv", "10.1 inch upright", 1.6)],
)
def test_the_longest_message_is_read_to_its_end(language: Language, panel: str, text_scale: float) -> None:
    """By the arrow alone every word comes once and in order."""
    screen = screens(language)["long message"]
    assert isinstance(screen.page, MessagePage)
    words = " ".join(WORDS[language]).split()
    words = [f"{number}:{words[number % len(words)]}" for number in range(LONGEST_BODY // 12)]
    pages = _pages(scaled(_saying(screen, screen.page, " ".join(words)), text_scale), PANELS[panel])
    assert len(pages) > 2
    assert [scene.cut for scene in pages if scene.cut] == []
    assert " ".join(filter(None, map(_words, pages))).split() == words


def _saying(screen: Screen, page: MessagePage, words: str) -> Screen:
    entry = replace(page.entries[0], words=words)
    return replace(screen, page=replace(page, entries=[entry]))


def _pages(screen: Screen, panel: Panel) -> list[Scene]:
    """Return the pages that the arrow leads to, until it leads back or is not there."""
    pages, at = [compose(screen, panel)], 0
    while (onward := _onward(pages[-1])) is not None and onward > at:
        at = onward
        pages.append(compose(screen, panel, Interaction(turned=at)))
    return pages


def _onward(scene: Scene) -> int | None:
    turns = [each.action for each in scene.targets if isinstance(each.action, TurnPage)]
    return max((turn.to for turn in turns if turn.arrow == "more"), default=None)


def _words(scene: Scene) -> str:
    piece = scene.pieces.get("message.words")
    return " ".join(piece.fitted.lines) if isinstance(piece, Text) else ""
