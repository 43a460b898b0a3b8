"""Text size 1.6 is 1.6: what is read grows, and pages divide instead of shrinking their letters."""

from collections.abc import Iterable, Iterator
from typing import get_args

import pytest

from device.contract.values import Language
from device.window_protocol.model import CallPage, ChatPage, Screen, TablePage
from docs.generate import legibility
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Scene, Text
from kiosk_ui.text.fitting import GROWTH_STEP
from tests.screens.test_every_page import screens

LARGEST = 1.6
LEAST_ON_BUTTONS_PT, LARGE_PT = 26.0, 33.0
# Nothing of a call may be a page away, and a keyboard's keys are as wide as the panel lets them.
ON_ONE_PAGE = (CallPage,)
KEYBOARD = ("field.", "key.", "back.")


@pytest.mark.requirement("K13")
@pytest.mark.parametrize("panel", legibility.SUPPORTED)
@pytest.mark.parametrize("language", get_args(Language))
def test_what_is_read_is_as_much_larger_as_the_text_size_says(language: Language, panel: str) -> None:
    """Each text, on whichever page it is now, is 1.6 times as large as at 1.0, or as the least of its kind.

    But for what stands on buttons, of which the next test speaks.
    """
    too_small = {
        name: found
        for name, screen in screens(language).items()
        if screen.style.profile != "installer"
        and not isinstance(screen.page, ON_ONE_PAGE)
        and (found := sorted(_too_small(screen, legibility.PANELS[panel])))
    }
    assert too_small == {}


@pytest.mark.requirement("K13")
@pytest.mark.parametrize("panel", legibility.SUPPORTED)
@pytest.mark.parametrize("language", get_args(Language))
def test_words_on_buttons_of_a_fixed_place_grow_too(language: Language, panel: str) -> None:
    """None is below 26 pt, and none smaller than at 1.0 unless it has 33 pt where it stands now.

    A keyboard's keys are as wide as the panel lets them (0137-words-on-fixed-buttons-grow.md in decisions).
    """
    size = legibility.PANELS[panel]
    small = {
        f"{name}: {words}": (before, after)
        for name, screen in screens(language).items()
        if screen.style.profile != "installer"
        for words, (before, after) in _on_buttons(screen, size).items()
        if after < size.pt(LEAST_ON_BUTTONS_PT) or after * GROWTH_STEP < min(before, size.pt(LARGE_PT))
    }
    assert small == {}


@pytest.mark.requirement("V24", "K13")
@pytest.mark.parametrize("panel", legibility.SUPPORTED)
def test_an_invitation_says_to_what_on_each_of_its_pages(panel: str) -> None:
    """With large letters the answers have a page to themselves: the event's name is above both."""
    screen = screens("fi")["table-invited"]
    assert isinstance(screen.page, TablePage)
    for scale in (1.0, LARGEST):
        for scene in legibility.pages(legibility.scaled(screen, scale), legibility.PANELS[panel]).values():
            title = scene.pieces["head.title"]
            assert isinstance(title, Text)
            assert " ".join(title.fitted.lines) == screen.page.title


def _on_buttons(screen: Screen, panel: Panel) -> dict[str, tuple[int, int]]:
    """The size in pixels of each button's words at 1.0 (0: not there) and at 1.6."""
    usual, large = (
        _button_words(legibility.pages(legibility.scaled(screen, scale), panel).values())
        for scale in (1.0, LARGEST)
    )
    return {words: (usual.get(words, 0), size) for words, size in large.items()}


def _button_words(scenes: Iterable[Scene]) -> dict[str, int]:
    sizes = dict[str, int]()
    for scene in scenes:
        places = {f"{target.key}.words" for target in scene.targets if not target.key.startswith("key.")}
        for key, words in legibility.letters(scene):
            if key in places:
                said = " ".join(words.fitted.lines)
                sizes[said] = min(sizes.get(said, words.fitted.size_px), words.fitted.size_px)
    return sizes


def _too_small(screen: Screen, panel: Panel) -> Iterator[str]:
    usual = _sizes(legibility.pages(legibility.scaled(screen, 1.0), panel).values())
    has_keyboard = isinstance(screen.page, ChatPage) and screen.page.keyboard is not None
    for scene in legibility.pages(legibility.scaled(screen, LARGEST), panel).values():
        buttons = {f"{target.key}.{part}" for target in scene.targets for part in ("words", "detail")}
        for key, words in legibility.letters(scene):
            if (
                key in buttons
                or (has_keyboard and key.startswith(KEYBOARD))
                or (screen.watched and "." in key)
            ):
                continue
            least = panel.pt(legibility.CAPTION_PT if words.role == "caption" else legibility.LABEL_PT)
            wanted = LARGEST * min(usual.get(key, least), least)
            if words.fitted.size_px * GROWTH_STEP < wanted:
                yield f"{key} {' '.join(words.fitted.lines)}: {words.fitted.size_px} of {wanted:.0f} px"


def _sizes(scenes: Iterable[Scene]) -> dict[str, int]:
    sizes = dict[str, int]()
    for scene in scenes:
        for key, words in legibility.letters(scene):
            sizes[key] = min(sizes.get(key, words.fitted.size_px), words.fitted.size_px)
    return sizes
