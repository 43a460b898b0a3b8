"""The core's own words on the window's own pages: every page, language, profile, theme and panel."""

from itertools import product
from typing import get_args

import pytest
from msgspec.structs import replace

from device.contract.documents import Theme, View
from device.contract.values import Language
from device.rules.now import Now
from device.rules.state import State
from device.screen.compose import compose as compose_screen
from device.window_protocol.model import HelpPage, Screen
from docs.generate.pictures import scenes
from docs.generate.setup_scenes import setup_scenes
from kiosk_ui.pages.compose import compose
from kiosk_ui.palettes import contrast
from kiosk_ui.panel import Panel
from kiosk_ui.scene import RoundedRectangle, Text

PANELS = {
    "10.1 inch": Panel(1280, 800, 217),
    "10.1 inch upright": Panel(800, 1280, 136),
    "13.3 inch": Panel(1920, 1080, 294),
    "15.6 inch": Panel(1920, 1080, 344),
}
SEVEN_INCHES = Panel(1024, 600, 154)
THEMES = [
    Theme(mode=mode, high_contrast=high)  # type: ignore[arg-type]
    for mode, high in product(("day", "night"), (False, True))
]


def screens(language: Language, photo: str = "", **view: object) -> dict[str, Screen]:
    """Every page in this language, with a view changed so; ``photo`` is everybody's."""
    found = {}
    for name, state, wall, trusted in scenes(language):
        moment = Now(wall=wall, monotonic_s=100.0, trusted=trusted, id="page")
        found[name] = compose_screen(_viewed(state, view), moment, lambda sha256: photo or sha256).screen
    return found | dict(setup_scenes(language, "frames"))


def _viewed(state: State, changes: dict[str, object]) -> State:
    view = state.documents.view or View(version=1)
    return replace(state, documents=replace(state.documents, view=replace(view, **changes)))


@pytest.mark.requirement("K13")
@pytest.mark.parametrize("profile", ["full", "simple"])
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", get_args(Language))
def test_no_text_is_cut_on_any_page(language: Language, panel: str, profile: str) -> None:
    """From ten inches on, lying and upright, everything that the core says can be read to its end."""
    cut = {
        name: [text.text for text in scene.cut]
        for name, screen in screens(language, profile=profile).items()
        if (scene := compose(screen, PANELS[panel])).cut
    }
    assert cut == {}


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("language", get_args(Language))
def test_help_is_whole_on_the_smallest_panel(language: Language) -> None:
    """On seven inches other pages may shorten, never the page of help."""
    for name, screen in screens(language).items():
        if isinstance(screen.page, HelpPage):
            assert compose(screen, SEVEN_INCHES).cut == (), name


@pytest.mark.requirement("K5")
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", get_args(Language))
def test_before_a_call_opens_by_itself_the_name_is_larger_than_the_reason(
    language: Language, panel: str
) -> None:
    """The face at least 45 mm, then the name, then the reason; and help does not touch the border."""
    scene = compose(screens(language)["call-opens-itself"], PANELS[panel])
    face = next(piece for key, piece in scene.pieces.items() if key.startswith("call.portrait"))
    name, reason = scene.pieces["call.headline"], scene.pieces["call.words"]
    assert isinstance(name, Text)
    assert isinstance(reason, Text)
    assert face.box.height >= PANELS[panel].mm(45) - 1
    assert face.box.height > name.fitted.size_px > reason.fitted.size_px
    help_ = next(target.box for target in scene.targets if target.key == "help")
    border = [piece.box for key, piece in scene.pieces.items() if key.startswith("border.")]
    assert len(border) == 4
    assert not any(help_.inset(-PANELS[panel].mm(0.8)).overlaps(side) for side in border)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: f"{theme.mode} {theme.high_contrast}")
@pytest.mark.parametrize("language", get_args(Language))
def test_every_word_stands_out_seven_to_one(language: Language, theme: Theme) -> None:
    """Against the surface that it lies on, in every theme."""
    for name, screen in screens(language, theme=theme).items():
        scene = compose(screen, PANELS["10.1 inch"])
        rectangles = [piece for piece in scene.pieces.values() if isinstance(piece, RoundedRectangle)]
        written = [piece for piece in scene.pieces.values() if isinstance(piece, Text)]
        for words in (each for each in written if each.role != "icon"):
            x, y = words.box.x + words.box.width // 2, words.box.y + words.box.height // 2
            below = [rectangle.fill for rectangle in rectangles if _lies_in(rectangle, x, y)]
            ground = below[-1] if below else scene.ground
            assert contrast(words.colour, ground) >= 7.0, (name, words)


def _lies_in(rectangle: RoundedRectangle, x: int, y: int) -> bool:
    return rectangle.box.x <= x < rectangle.box.right and rectangle.box.y <= y < rectangle.box.bottom
