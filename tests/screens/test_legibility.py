"""What the report of ``make pictures`` counts, and that it is nothing on the panels that are meant."""

from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace
from PIL import Image

from device.contract.values import Language
from device.window_protocol.model import CallPage, ChatPage, HelpPage, Home, MeasurePage, NoticePage, Screen
from docs.generate import legibility
from docs.generate.setup_scenes import setup_scenes
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import compose
from kiosk_ui.palettes import Colour
from kiosk_ui.scene import RoundedRectangle, Scene, Target, Text, TurnPage
from tests.screens.test_every_page import screens


@pytest.mark.requirement("K13")
@pytest.mark.parametrize(("panel", "scale"), list(product(legibility.SUPPORTED, (1.0, 1.15, 1.6))))
@pytest.mark.parametrize("language", get_args(Language))
def test_nothing_is_cut_small_pale_or_moved(language: Language, panel: str, scale: float) -> None:
    """On ten inches, lying and upright, with usual and with the largest letters."""
    shown = {f"{language}-{name}": screen for name, screen in screens(language).items()}
    assert legibility.counted(shown, legibility.PANELS[panel], scale) == (0, 0, 0, 0, 0)


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("panel", legibility.SUPPORTED)
@pytest.mark.parametrize("language", get_args(Language))
def test_larger_letters_are_larger_where_help_speaks(language: Language, panel: str) -> None:
    """The newest sentence grows instead of sharing its page; the steps are one touch away."""
    for name, screen in screens(language).items():
        if not isinstance(screen.page, HelpPage) or not screen.page.steps:
            continue
        usual = compose(screen, legibility.PANELS[panel])
        large = legibility.scaled(screen, 1.6)
        first = compose(large, legibility.PANELS[panel])
        assert size_of(first, "message.headline") > size_of(usual, "message.headline"), name
        if screen.page.words:
            assert size_of(first, "message.words") >= size_of(usual, "message.words"), name
        shown = legibility.pages(large, legibility.PANELS[panel])
        steps = [
            " ".join(said.fitted.lines)
            for scene in shown.values()
            for key, said in legibility.letters(scene)
            if key.startswith("steps.") and key.endswith(".words")
        ]
        assert steps == [step.words for step in screen.page.steps], name
        assert not any(scene.cut for scene in shown.values())
        onward = [target.action for target in _arrows(shown)]
        assert onward == [TurnPage((at + 1) % len(shown), "more") for at in range(len(shown))]


def _arrows(shown: dict[int, Scene]) -> list[Target]:
    """The one arrow of each page, which leads round."""
    return [target for scene in shown.values() for target in scene.targets if target.key == "next"]


@pytest.mark.requirement("V1")
@pytest.mark.parametrize("scale", [1.0, 1.6])
@pytest.mark.parametrize("panel", legibility.SUPPORTED)
def test_every_page_that_is_looked_at_for_long_shows_the_time(panel: str, scale: float) -> None:
    """Also behind an arrow; but for a call, a keyboard, and a screen that is out of use or not set up."""
    without = {
        f"{name} {turned}"
        for name, screen in screens("fi").items()
        if screen.clock and screen.style.profile != "installer" and not is_timeless(screen)
        for turned, scene in legibility.pages(
            legibility.scaled(screen, scale), legibility.PANELS[panel]
        ).items()
        if not {"head.clock", "clock.time.0", "slide.clock"} & set(scene.pieces)
    }
    assert without == set()


def is_timeless(screen: Screen) -> bool:
    has_keyboard = isinstance(screen.page, ChatPage) and screen.page.keyboard is not None
    hides_clock = isinstance(screen.page, Home) and screen.page.clock is None
    return has_keyboard or hides_clock or isinstance(screen.page, CallPage | NoticePage)


def size_of(scene: Scene, key: str) -> int:
    piece = scene.pieces.get(key)
    assert isinstance(piece, Text)
    return piece.fitted.size_px


def test_what_is_wrong_is_found() -> None:
    """A picture without an edge, and a button that moves."""
    white, pale = Colour(255, 255, 255), Colour(250, 250, 250)
    first, second = Box(0, 0, 200, 200), Box(0, 10, 200, 200)
    scenes = [
        Scene(
            white, {"more": RoundedRectangle(box, pale, 4)}, (Target(box, "more", TurnPage(0, "more")),), ()
        )
        for box in (first, second)
    ]
    assert legibility.without_edge(scenes[0]) == {"more"}
    assert legibility.moved(scenes) == {"more"}


@pytest.mark.requirement("K7")
@pytest.mark.parametrize("panel", [*legibility.SUPPORTED, "7-inch", "7-inch-upright"])
def test_a_screen_that_is_too_small_is_called_so_where_it_is_measured(panel: str) -> None:
    """Once the frame is as large as a bank card; on a screen that is large enough nothing is said."""
    real = legibility.PANELS[panel]
    believed = legibility.PANELS["10-inch-upright" if real.is_upright else "10-inch"]
    drawn = replace(real, width_mm=believed.width_mm)
    screen = dict(setup_scenes("fi", ""))["setup-panel"]
    assert isinstance(screen.page, MeasurePage)
    page = replace(screen.page, scale=believed.width_mm / real.width_mm)
    scene = compose(replace(screen, page=page), drawn)
    (title,) = [text for key, text in legibility.letters(scene) if key == "head.title"]
    is_supported = panel in legibility.SUPPORTED
    assert " ".join(title.fitted.lines) == (page.title if is_supported else page.too_small)
    assert not scene.cut


@pytest.mark.parametrize("panel", ["7-inch", "7-inch-upright"])
def test_a_panel_that_is_too_small_breaks_no_page(panel: str, tmp_path: Path) -> None:
    """Also where no room is left for a photo: help must be on the screen all the same."""
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (300, 300)).save(photo)
    for name, screen in screens("fi", photo=str(photo)).items():
        for scale in (1.0, 1.6):
            scene = compose(legibility.scaled(screen, scale), legibility.PANELS[panel])
            assert not screen.help or "help" in scene.pieces, name
