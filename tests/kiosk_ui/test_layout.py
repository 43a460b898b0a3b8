"""Whatever a view shows, on whatever panel: large enough, apart, inside, readable."""

from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest
from msgspec.structs import replace

from device.contract.values import Language
from device.window_protocol.intents import OpenLetter, OpenPage, PressHelp
from device.window_protocol.model import Button, CallPage, Home, LettersPage, Screen, Style
from docs.generate.legibility import pages
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import Interaction, compose, compose_lost
from kiosk_ui.palettes import contrast
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Photo, RoundedRectangle, Scene, Text, TurnPage
from kiosk_ui.theme import theme_for
from tests.kiosk_ui.samples import (
    CALLS,
    ELEMENTS,
    NAMES,
    NEWS,
    ODD_NAMES,
    W,
    back,
    cafe_page,
    call_page,
    help_page,
    home,
    notice_page,
    people_page,
    person_page,
    screen,
    today_page,
    visits_page,
)

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"
TEN_INCH = Panel(1280, 800, 217)
PANELS = {
    "ten-inch": TEN_INCH,
    "ten-inch-upright": Panel(800, 1280, 136),
    "thirteen-inch": Panel(1920, 1200, 286),
    "fifteen-inch": Panel(1920, 1080, 345),
    "seven-inch": Panel(1024, 600, 154),
    "seven-inch-upright": Panel(600, 1024, 90),
}
FROM_TEN_INCHES = [name for name in PANELS if "seven" not in name]
ALL_NEWS = ((), ("visits",), ("missed",), NEWS)
ALL_VIEWS = list(chain.from_iterable(combinations(ELEMENTS, count) for count in range(len(ELEMENTS) + 1)))
LANGUAGES = tuple(W)
POINTS_PER_MM = 72 / 25.4


def homes(style: Style, step: int = 1, news: int = 0) -> Iterator[Screen]:
    """Each of the 128 views (or some); languages, number of contacts, missed calls and visits take turns."""
    for number, elements in list(enumerate(ALL_VIEWS))[::-step]:
        names = NAMES[: 1 if style.profile == "simple" else 1 + number % len(NAMES)]
        # Other news for each language, and each time that the contacts' numbers come round.
        shown = (*elements, *ALL_NEWS[(number // 4 + news) % 4])
        yield screen(home(LANGUAGES[number % 4], shown, names), LANGUAGES[number % 4], style=style)


def other_pages(style: Style) -> Iterator[Screen]:
    for language in LANGUAGES:
        for state in ("sending", "received", "coming", "here"):
            yield screen(help_page(language, state), language, style=style, help_state=state)
        yield screen(person_page(language), language, style=style)
        yield screen(person_page(language, callable_=True), language, style=style)
        for kind in CALLS:
            yield screen(call_page(language, kind), language, style=style)
        for count in (0, 1, 2, 9):
            yield screen(visits_page(language, count), language, style=style)
            yield screen(today_page(language, count), language, style=style)
            yield screen(people_page(language, count), language, style=style)
        yield screen(cafe_page(language), language, style=style)
        yield screen(cafe_page(language, is_open=False), language, style=style)
        yield screen(notice_page(language), language, style=style)


def texts(scene: Scene) -> Iterator[tuple[str, Text]]:
    return ((key, piece) for key, piece in scene.pieces.items() if isinstance(piece, Text))


def gap(one: Box, other: Box) -> float:
    across = max(other.x - one.right, one.x - other.right, 0)
    down = max(other.y - one.bottom, one.y - other.bottom, 0)
    return float((across**2 + down**2) ** 0.5)


def assert_touchable(scene: Scene, panel: Panel) -> None:
    """Help 30 mm, others 20 mm, 6 mm apart."""
    for target in scene.targets:
        least = 30 if isinstance(target.action, PressHelp) else 20
        assert min(target.box.width, target.box.height) >= least * panel.px_per_mm - 0.5, target
    for one, other in combinations(scene.targets, 2):
        assert gap(one.box, other.box) >= 6 * panel.px_per_mm, (one.key, other.key)


def assert_inside(scene: Scene, panel: Panel) -> None:
    """Nothing leaves the panel, and no text leaves the surface it stands on or meets another text."""
    whole = Box(0, 0, panel.width_px, panel.height_px)
    for key, piece in scene.pieces.items():
        assert whole.holds(piece.box), key
    letters = [(key, words) for key, words in texts(scene) if words.role != "icon"]
    for (one_key, one), (other_key, other) in combinations(letters, 2):
        assert not one.box.overlaps(other.box), (one_key, other_key)
    for key, words in letters:
        for rectangle_key, rectangle in scene.pieces.items():
            if isinstance(rectangle, RoundedRectangle) and rectangle.box.overlaps(words.box):
                assert rectangle.box.holds(words.box), (key, rectangle_key)


def assert_readable(scene: Scene) -> None:
    """Contrast of each text on the topmost surface under it."""
    for key, words in texts(scene):
        ground = scene.ground
        for under_key, piece in scene.pieces.items():
            if under_key == key:
                break
            if isinstance(piece, RoundedRectangle) and piece.box.holds(words.box.middle(1, 1)):
                ground = piece.fill
        assert contrast(ground, words.colour) >= (3 if words.role == "icon" else 7), key


def assert_large(scene: Scene, panel: Panel, least_pt: float) -> None:
    """Body text at least 24 pt at true density, captions 20 pt."""
    for key, words in texts(scene):
        if words.role in ("icon", "initials", "figures"):
            continue
        points = words.fitted.size_px / panel.px_per_mm * POINTS_PER_MM
        assert points >= least_pt * (20 / 24 if words.role == "caption" else 1) - 0.2, (key, points)


@pytest.mark.parametrize("profile", ["full", "simple"])
@pytest.mark.parametrize("name", PANELS)
def test_every_view_can_be_touched_and_read(name: str, profile: str) -> None:
    """All 128 combinations of the seven elements, with and without missed calls and visits."""
    panel, style = PANELS[name], Style(profile=profile, palette="night" if "upright" in name else "day")  # type: ignore[arg-type]
    news = 2 * list(PANELS).index(name) + (profile == "simple")
    for shown in homes(style, news=news):
        scene = compose(shown, panel)
        assert_touchable(scene, panel)
        assert_inside(scene, panel)
        assert_readable(scene)
        assert_large(scene, panel, 24 if name in FROM_TEN_INCHES else 18)


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("style", [Style(), Style(palette="night", high_contrast=True, profile="simple")])
def test_every_page_can_be_touched_and_read(name: str, style: Style) -> None:
    """Help and calls in all their states, a person, visits, the café, a notice."""
    panel = PANELS[name]
    for shown in other_pages(style):
        scene = compose(shown, panel)
        assert_touchable(scene, panel)
        assert_inside(scene, panel)
        assert_readable(scene)
        assert_large(scene, panel, 24 if name in FROM_TEN_INCHES else 18)


@pytest.mark.parametrize("name", PANELS)
def test_words_of_the_home_are_whole(name: str) -> None:
    """Whatever is on, what can be done is said whole; only a long name or title may end in dots."""
    for shown in homes(Style(), step=2):
        assert isinstance(shown.page, Home)
        may_be_cut = ("face.", "today.headline", *(() if name in FROM_TEN_INCHES else ("date",)))
        for turned in range(3):
            cut = compose(shown, PANELS[name], Interaction(turned=turned)).cut
            assert all(text.key.startswith(may_be_cut) for text in cut), cut


@pytest.mark.requirement("V1")
@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_between_the_states_of_the_home_page(name: str, language: Language) -> None:
    """With and without news, silent or not, link or none, looked at or not: every button at its own place."""
    words, panel = W[language], PANELS[name]
    states = [
        screen(home(language), language),
        screen(home(language, (*ELEMENTS, "missed")), language),
        screen(home(language, (*ELEMENTS, "visits")), language),
        screen(home(language, muted=True, age="Tilanne klo 8.10"), language, notice=words["notice"]),
        screen(home(language), language, notice=words["notice"], watched=words["watched"]),
    ]
    for turned in range(3):
        scenes = [compose(shown, panel, Interaction(turned=turned)) for shown in states]
        boxes = [
            {target.key: target.box for target in scene.targets if target.key != "news"} for scene in scenes
        ]
        assert all(each == boxes[0] for each in boxes), (name, turned)


@pytest.mark.requirement("V1")
@pytest.mark.parametrize("name", PANELS)
def test_every_element_that_is_on_is_on_the_home_page(name: str) -> None:
    """On one page from ten inches up, else on one of its pages, which one fixed arrow turns."""
    keys: set[str] = set()
    for turned in range(3):
        scene = compose(screen(home("fi")), PANELS[name], Interaction(turned=turned))
        assert_touchable(scene, PANELS[name])
        keys |= set(scene.pieces)
        if name in FROM_TEN_INCHES:
            break
    assert {
        "clock.time.0",
        "date.day",
        "today",
        "face.0",
        "face.1",
        "all",
        "cafe",
        "mute",
        "urgent-call",
    } <= keys


@pytest.mark.parametrize("name", PANELS)
def test_words_of_the_other_pages_are_whole(name: str) -> None:
    """What help says is never shortened, however small the panel; a long name or title may be."""
    may_be_cut = ("face.", *(() if name in FROM_TEN_INCHES else ("today.",)))
    for shown in other_pages(Style()):
        cut = compose(shown, PANELS[name]).cut
        assert all(text.key.startswith(may_be_cut) for text in cut), cut


@pytest.mark.parametrize("name", PANELS)
def test_help_is_always_at_the_same_place(name: str) -> None:
    """On every page and in every view of one panel."""
    style = Style()
    places = {
        next(target.box for target in compose(shown, PANELS[name]).targets if target.key == "help")
        for shown in chain(homes(style, step=11), other_pages(style))
        if shown.help
    }
    assert len(places) == 1


@pytest.mark.parametrize("name", PANELS)
def test_both_strips_leave_the_page_usable(name: str) -> None:
    """Link lost while someone looks in, with everything on the page."""
    panel = PANELS[name]
    for language in LANGUAGES:
        words = W[language]
        shown = screen(home(language), language, notice=words["notice"], watched=words["watched"])
        scene = compose(shown, panel)
        assert_touchable(scene, panel)
        assert {"watched.words", "notice.words", "clock.time.0"} <= set(scene.pieces)


@pytest.mark.parametrize("faces", [0, 1, 2, 4, 6, 9, 40])
@pytest.mark.parametrize("name", PANELS)
def test_every_contact_can_be_reached(name: str, faces: int) -> None:
    """On the page of all people, one page after the other, and one back again."""
    shown = screen(people_page("fi", faces), style=Style())
    seen, at = [], 0
    for _ in range(faces + 1):
        scene = compose(shown, PANELS[name], Interaction(turned=at))
        seen += [target.key for target in scene.targets if target.key.startswith("face.")]
        onward = [target.action for target in scene.targets if target.key == "people.more"]
        if not onward:
            break
        assert isinstance(onward[0], TurnPage)
        at = onward[0].to
    assert seen == [f"face.{number}" for number in range(faces)]
    if at:
        (fewer,) = [target.action for target in scene.targets if target.key == "people.fewer"]
        # Where there is room for one arrow, it leads back to the first.
        assert fewer == TurnPage(0 if name == "seven-inch" else at - 1, "fewer")


@pytest.mark.requirement("V26")
@pytest.mark.parametrize("scale", [1.0, 1.6])
@pytest.mark.parametrize("name", FROM_TEN_INCHES)
def test_every_letter_can_be_reached(name: str, scale: float) -> None:
    """Each a target of full size; one button beside the first faces leads there."""
    panel, style = PANELS[name], Style(text_scale=scale)
    alphabet = [Button(words=letter, icon="person", intent=OpenLetter(letter)) for letter in ALPHABET]
    words = W["fi"]
    page = LettersPage(
        title=words["people"], letters=alphabet, more=words["more"], fewer=words["fewer"], back=back("fi")
    )
    found = pages(screen(page, style=style), panel)
    reached = [
        target.action
        for scene in found.values()
        for target in scene.targets
        if target.key.startswith("letter.")
    ]
    assert reached == [OpenLetter(letter) for letter in ALPHABET]
    for scene in found.values():
        assert_touchable(scene, panel)
        assert not scene.cut
    by_letter = Button(words=words["people"], icon="letters", intent=OpenPage("letters"))
    forty = replace(people_page("fi", 40), letters=by_letter)
    first = compose(screen(forty, style=style), panel)
    assert by_letter.intent in [target.action for target in first.targets]
    assert_touchable(first, panel)
    seen = [
        target.key
        for scene in pages(screen(forty, style=style), panel).values()
        for target in scene.targets
        if target.key.startswith("face.") or target.key == "visits"
    ]
    assert sorted(seen) == sorted([*(f"face.{number}" for number in range(40)), "visits"])


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("name", PANELS)
def test_every_appointment_can_be_reached(name: str) -> None:
    """From what is next, later and earlier, at most four a page."""
    shown, panel = screen(today_page("fi", 9)), PANELS[name]
    seen: list[str] = []
    for key, start in (("today.later", 0), ("today.earlier", 0)):
        at = start
        for _ in range(20):
            scene = compose(shown, panel, Interaction(turned=at))
            times = [" ".join(said.fitted.lines) for piece, said in texts(scene) if piece.endswith(".time")]
            assert len(times) <= 4
            seen += times
            steps = [target.action for target in scene.targets if target.key == key]
            if not steps:
                break
            assert isinstance(steps[0], TurnPage)
            at = steps[0].to
    assert {f"{9 + number}.00" for number in range(9)} <= set(seen)


def test_tomorrow_is_one_touch_away() -> None:
    """And today again from there."""
    shown = screen(today_page("fi", 9))
    jump = next(target.action for target in compose(shown, TEN_INCH).targets if target.key == "jump")
    assert isinstance(jump, TurnPage)
    tomorrow = compose(shown, TEN_INCH, Interaction(turned=jump.to))
    assert tomorrow.pieces["head.title"].fitted.lines[0].startswith(W["fi"]["tomorrow"])  # type: ignore[union-attr]
    again = next(target.action for target in tomorrow.targets if target.key == "jump")
    assert again == TurnPage(0, "today")


@pytest.mark.parametrize("name", PANELS)
def test_what_can_be_touched_has_an_edge_and_what_is_read_has_none(name: str) -> None:
    """3:1 on the ground of the room (WCAG 2.2, 1.4.11), by day and night."""
    for style in (Style(), Style(palette="night"), Style(high_contrast=True)):
        for shown in (*homes(style, step=16), *other_pages(style)):
            if isinstance(shown.page, CallPage):
                continue
            scene = compose(shown, PANELS[name])
            touchable = {target.key for target in scene.targets}
            for key in touchable:
                rectangle = scene.pieces[key]
                assert isinstance(rectangle, RoundedRectangle)
                assert rectangle.edge
                assert contrast(rectangle.edge, scene.ground) >= 3, key
            shadowed = {
                key
                for key, piece in scene.pieces.items()
                if isinstance(piece, RoundedRectangle) and piece.shadow
            }
            assert shadowed <= touchable


def test_the_clock_can_be_read_across_the_room() -> None:
    """Figures at least 20 mm high on ten inches, with everything on the page."""
    figures = compose(screen(home("fi")), TEN_INCH).pieces["clock.time.0"]
    assert figures.box.height >= 20 * TEN_INCH.px_per_mm


@pytest.mark.parametrize("scale", [1.0, 1.3, 1.6])
def test_a_name_with_room_is_as_large_as_names_are(scale: float) -> None:
    """Sizes lie on steps: no name is set in the least size because the usual one is between two of them."""
    style = Style(profile="simple", text_scale=scale)
    scene = compose(screen(home("fi", ("relatives",), NAMES[:1]), style=style), TEN_INCH)
    (words,) = [piece for key, piece in texts(scene) if key == "face.0.name"]
    usual = theme_for(TEN_INCH, style).type_size("strong")
    assert words.fitted.size_px >= usual.largest_px > usual.least_px


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_stays_in_its_card(name: str) -> None:
    """One letter, sixty, other scripts, emoji, signs of markup."""
    for panel in PANELS.values():
        scene = compose(screen(home("fi", ("relatives",), [name])), panel)
        assert_inside(scene, panel)
        assert_touchable(scene, panel)


def test_a_missing_or_broken_photo_becomes_initials(tmp_path: Path) -> None:
    """A face is never an empty hole."""
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff no photo")
    view = home("fi", ("relatives",), NAMES[:2], photos=(str(broken), str(tmp_path / "none.jpg")))
    scene = compose(screen(view), TEN_INCH)
    assert not any(isinstance(piece, Photo) for piece in scene.pieces.values())
    assert scene.pieces["face.0.portrait.initials"].fitted.lines == ("M",)  # type: ignore[union-attr]


def test_what_is_lost_shows_nothing_that_could_be_old() -> None:
    """Neither clock nor agenda nor how a request is doing: only the words for it, and untouched help."""
    shown = screen(home("fi"))
    scene = compose_lost(shown, TEN_INCH)
    assert " ".join(scene.pieces["lost.words"].fitted.lines) == shown.lost_words  # type: ignore[union-attr]
    assert {target.key for target in scene.targets} == {"help"}
    under_way = screen(help_page("fi", "coming"), help_state="coming", help_words="Anna on tulossa")
    assert compose_lost(under_way, TEN_INCH).targets == ()


def test_a_pressed_button_looks_pressed() -> None:
    """Under the finger its surface changes and stays readable."""
    shown = screen(home("fi"))
    for target in compose(shown, TEN_INCH).targets:
        pressed = compose(shown, TEN_INCH, Interaction(pressed=target.key))
        assert pressed.pieces[target.key] != compose(shown, TEN_INCH).pieces[target.key]


def test_the_view_decides_what_is_there() -> None:
    """V1: an element that is hidden leaves no trace."""
    for number, elements in enumerate(ALL_VIEWS):
        page = home("fi", elements)
        assert isinstance(page, Home)
        keys = {key.split(".")[0] for key in compose(screen(page), PANELS["thirteen-inch"]).pieces}
        names = {
            "cafe": "cafe",
            "mute": "mute",
            "urgent_call": "urgent-call",
            "clock": "clock",
            "date": "date",
        }
        for element, key in names.items():
            assert (key in keys) == (element in elements), (number, elements)
        assert ("today" in keys) == ("today" in elements)
        assert bool({"face", "people"} & keys) == ("relatives" in elements)
