"""What can be wrong with a page for somebody who sees badly or trembles: counted for every picture."""

from collections.abc import Iterator

from msgspec.structs import replace

from device.window_protocol.model import Screen
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import Interaction, compose
from kiosk_ui.palettes import Colour, contrast
from kiosk_ui.panel import Panel
from kiosk_ui.scene import RoundedRectangle, Scene, Text, TurnPage

PANELS = {
    "10-inch": Panel(1280, 800, 217),
    "10-inch-upright": Panel(800, 1280, 136),
    "7-inch": Panel(1024, 600, 154),
    "7-inch-upright": Panel(600, 1024, 90),
}
# On which nothing may be wrong; the others are drawn so that it is seen how far they are.
SUPPORTED = ("10-inch", "10-inch-upright")
LABEL_PT, CAPTION_PT = 24.0, 20.0
# More than any list of the samples has.
MOST_PAGES = 60
TEXT_CONTRAST, EDGE_CONTRAST = 7.0, 3.0
POINTS_PER_MM = 72 / 25.4
# Pictures that are the same page of the same view in another state.
STATES_OF_A_PAGE = (
    ("home-divided", "home-muted", "home-missed-call", "home-visits", "not-connected", "watched"),
    ("help-received", "help-taken", "help-arrived"),
    ("call", "call-poor", "call-soon-over"),
)
# Pictures and large figures have sizes of their own.
_NO_LETTERS = ("icon", "initials", "figures")


def cut(scene: Scene) -> set[str]:
    """What was cut, broken inside a word, or left out."""
    return {text.key for text in scene.cut}


def too_small(scene: Scene, panel: Panel) -> set[str]:
    """Labels below 24 pt and captions below 20 pt, at the panel's true density."""
    return {
        key
        for key, words in letters(scene)
        if words.fitted.size_px / panel.px_per_mm * POINTS_PER_MM
        < (CAPTION_PT if words.role == "caption" else LABEL_PT) - 0.2
    }


def too_pale(scene: Scene) -> set[str]:
    """Letters below 7:1 on the surface that they lie on."""
    rectangles = [piece for piece in scene.pieces.values() if isinstance(piece, RoundedRectangle)]
    return {
        key
        for key, words in letters(scene)
        if contrast(words.colour, _ground(scene, rectangles, words.box)) < TEXT_CONTRAST
    }


def without_edge(scene: Scene) -> set[str]:
    """What can be touched and has no edge of 3:1 on the ground of the room (WCAG 2.2, 1.4.11)."""
    return {
        target.key
        for target in scene.targets
        if not isinstance(rectangle := scene.pieces[target.key], RoundedRectangle)
        or rectangle.edge is None
        or contrast(rectangle.edge, scene.ground) < EDGE_CONTRAST
    }


def moved(scenes: list[Scene]) -> set[str]:
    """What can be touched and stands elsewhere from one state of a page to the next; news comes and goes."""
    places: dict[str, set[Box]] = {}
    for scene in scenes:
        for target in scene.targets:
            places.setdefault(target.key, set()).add(target.box)
    return {key for key, boxes in places.items() if len(boxes) > 1 and key != "news"}


def pages(screen: Screen, panel: Panel) -> dict[int, Scene]:
    """Every page that the arrows of a Screen lead to, by where it is turned to; the first one first."""
    found, ahead = dict[int, Scene](), [0]
    while ahead and len(found) < MOST_PAGES:
        turned = ahead.pop(0)
        if turned not in found:
            scene = found[turned] = compose(screen, panel, Interaction(turned=turned))
            ahead += [target.action.to for target in scene.targets if isinstance(target.action, TurnPage)]
    return found


def scaled(screen: Screen, text_scale: float) -> Screen:
    """The same page with larger letters; the wizard's pages come before anybody has chosen a size."""
    if screen.style.profile == "installer":
        return screen
    return replace(screen, style=replace(screen.style, text_scale=text_scale))


def counted(screens: dict[str, Screen], panel: Panel, text_scale: float) -> tuple[int, int, int, int, int]:
    """Screens with something cut, too small, too pale, without an edge; and what moved."""
    all_pages = {name: pages(scaled(screen, text_scale), panel) for name, screen in screens.items()}
    scenes = {name: found[0] for name, found in all_pages.items()}
    languages = {name.split("-")[0] for name in screens}
    elsewhere = 0
    for language in languages:
        for states in STATES_OF_A_PAGE:
            elsewhere += len(moved([scenes[f"{language}-{state}"] for state in states]))
    return (
        sum(any(cut(scene) for scene in found.values()) for found in all_pages.values()),
        sum(any(too_small(scene, panel) for scene in found.values()) for found in all_pages.values()),
        sum(any(too_pale(scene) for scene in found.values()) for found in all_pages.values()),
        sum(any(without_edge(scene) for scene in found.values()) for found in all_pages.values()),
        elsewhere,
    )


def letters(scene: Scene) -> Iterator[tuple[str, Text]]:
    """Everything that is read, but for pictures, initials and large figures."""
    for key, piece in scene.pieces.items():
        if isinstance(piece, Text) and piece.role not in _NO_LETTERS:
            yield key, piece


def _ground(scene: Scene, rectangles: list[RoundedRectangle], box: Box) -> Colour:
    middle = box.middle(1, 1)
    below = [rectangle.fill for rectangle in rectangles if rectangle.box.holds(middle)]
    return below[-1] if below else scene.ground
