"""Whatever a view shows, on whatever panel: large enough, apart, inside, readable."""

from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from device.contract.values import Language
from device.window_protocol.intents import PressHelp
from device.window_protocol.model import Agenda, AgendaDay, AgendaEntry, Home, Screen, Style
from kiosk_ui.boxes import Box
from kiosk_ui.pages.compose import Look, compose, compose_lost
from kiosk_ui.palettes import contrast
from kiosk_ui.panel import Panel
from kiosk_ui.scene import Photo, Plate, Scene, TurnPage, Words
from tests.kiosk_ui.samples import (
    CALLS,
    ELEMENTS,
    NAMES,
    NEWS,
    ODD_NAMES,
    W,
    cafe_page,
    call_page,
    help_page,
    home,
    notice_page,
    person_page,
    screen,
    visits_page,
)

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
        names = NAMES[: 2 if style.profile == "simple" else 1 + number % len(NAMES)]
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
        yield screen(cafe_page(language), language, style=style)
        yield screen(cafe_page(language, is_open=False), language, style=style)
        yield screen(notice_page(language), language, style=style)


def texts(scene: Scene) -> Iterator[tuple[str, Words]]:
    return ((key, piece) for key, piece in scene.pieces.items() if isinstance(piece, Words))


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
        for plate_key, plate in scene.pieces.items():
            if isinstance(plate, Plate) and plate.box.overlaps(words.box):
                assert plate.box.holds(words.box), (key, plate_key)


def assert_readable(scene: Scene) -> None:
    """Contrast of each text on the topmost surface under it."""
    for key, words in texts(scene):
        ground = scene.ground
        for under_key, piece in scene.pieces.items():
            if under_key == key:
                break
            if isinstance(piece, Plate) and piece.box.holds(words.box.middle(1, 1)):
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
    """Only long titles in a full agenda and long names may be cut: never what can be done, nor the hours.

    Where there is no room for all the news, a missed call goes first, until it has been seen. On seven inches
    the date gives way to what can be done; what news may cost there is not said here.
    """
    is_small = name not in FROM_TEN_INCHES
    may_be_cut = ("agenda.", "face.", *(("date",) if is_small else ()))
    for shown in homes(Style(), step=1 if is_small else 3):
        assert isinstance(shown.page, Home)
        if is_small and (shown.page.missed or shown.page.visits):
            continue
        may_wait = {"visits"} if shown.page.missed else set()
        cut = compose(shown, PANELS[name]).cut
        assert all(text.key.startswith(may_be_cut) or text.key in may_wait for text in cut), cut


@pytest.mark.parametrize("name", PANELS)
def test_words_of_the_other_pages_are_whole(name: str) -> None:
    """What help says is never shortened, however small the panel."""
    for shown in other_pages(Style()):
        assert compose(shown, PANELS[name]).cut == ()


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
@pytest.mark.parametrize("profile", ["full", "simple"])
def test_every_contact_can_be_reached(faces: int, profile: str) -> None:
    """By turning pages, favourites first, and back again."""
    names = [f"Nimi {number}" for number in range(faces)]
    shown = screen(home("fi", ("clock", "relatives", "mute"), names), style=Style(profile=profile))  # type: ignore[arg-type]
    seen, page = [], 0
    for _ in range(faces + 1):
        scene = compose(shown, TEN_INCH, Look(turned=page))
        seen += [words.fitted.lines[0] for key, words in texts(scene) if key.endswith(".name")]
        onward = [target.action for target in scene.targets if target.key == "people.more"]
        if not onward:
            break
        assert isinstance(onward[0], TurnPage)
        page = onward[0].to
    assert seen == names
    if page:
        assert any(target.key == "people.fewer" for target in scene.targets)


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("is_offline", [False, True], ids=["with link", "without link"])
@pytest.mark.parametrize("name", PANELS)
def test_a_full_agenda_says_how_much_more_there_is(name: str, *, is_offline: bool) -> None:
    """Nothing is left out silently: what has no room is counted, but for what is over."""
    age, notice = ("Tilanne klo 8.10", W["fi"]["notice"]) if is_offline else ("", "")
    scene = compose(screen(home("fi", age=age), notice=notice), PANELS[name])
    agenda = [(key, " ".join(words.fitted.lines)) for key, words in texts(scene) if key.startswith("agenda")]
    times = [text for key, text in agenda if key.endswith((".time", ".squeezed"))]
    hidden = sum(int(text[1:]) for key, text in agenda if key.endswith(".more"))
    assert sum("9.00" not in text for text in times) + hidden == 3
    if is_offline:
        assert {"agenda.age", "notice.words"} & set(scene.pieces)


@pytest.mark.parametrize("time", ["all day", "9.15"])
@pytest.mark.parametrize("state", ["later", "next"])
@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_appointment_of_tomorrow_is_never_taken_for_one_of_today(
    language: Language, name: str, state: Literal["later", "next"], time: str
) -> None:
    """Where there is no room for two days it says itself of which it is: also one that lasts all day."""
    words, all_day = W[language], time == "all day"
    visit = AgendaEntry(time="Koko päivän" if all_day else time, all_day=all_day, title="Anna", state=state)
    if state == "next":
        visit = msgspec.structs.replace(visit, state_words=words["tomorrow"])
    days = [
        AgendaDay(title=words["today"], words="Ei mitään sovittuna"),
        AgendaDay(title=words["tomorrow"], entries=[visit] * 4),
    ]
    page = msgspec.structs.replace(home(language), agenda=Agenda(days=days, age_words="Tilanne klo 8.10"))
    scene = compose(screen(page, notice=words["notice"]), PANELS[name])
    agenda = " ".join(
        line for key, said in texts(scene) if key.startswith("agenda") for line in said.fitted.lines
    )
    assert words["tomorrow"] in agenda
    # There, with everything and without link, no more than the day and the time have room.
    assert "Anna" in agenda or name == "seven-inch-upright"


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_title_does_not_cost_the_mark(language: Language, name: str) -> None:
    """What comes next stays set off, and says that it comes next, however long its title is."""
    words = W[language]
    entry = AgendaEntry(
        time="13.00",
        title="Yhteislaulua ja kahvia, sen jälkeen lounas ruokasalissa ja ulkoilua",
        state="next",
        state_words=words["next"],
    )
    days = [AgendaDay(title=words["today"], entries=[entry] * 2), AgendaDay(title=words["tomorrow"])]
    page = msgspec.structs.replace(home(language), agenda=Agenda(days=days))
    scene = compose(screen(page), PANELS[name])
    lone = [key for key in scene.pieces if key.startswith("agenda") and key.endswith((".title", ".squeezed"))]
    if "agenda.0.0.squeezed" not in lone:
        assert {"agenda.0.0.plate", "agenda.0.0.state"} <= scene.pieces.keys()
    else:
        assert "seven" in name


def test_the_next_appointment_is_marked_by_more_than_colour() -> None:
    """A surface with an edge, and the words of the core."""
    scene = compose(screen(home("fi")), TEN_INCH)
    assert scene.pieces["agenda.0.0.plate"].edge_px > 0  # type: ignore[union-attr]
    assert scene.pieces["agenda.0.0.state"].fitted.lines == ("Seuraavaksi",)  # type: ignore[union-attr]


def test_the_clock_can_be_read_across_the_room() -> None:
    """Figures at least 20 mm high on ten inches, with everything on the page."""
    figures = compose(screen(home("fi")), TEN_INCH).pieces["clock.time.0"]
    assert figures.box.height >= 20 * TEN_INCH.px_per_mm


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
        pressed = compose(shown, TEN_INCH, Look(pressed=target.key))
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
        assert ("agenda" in keys) == ("agenda" in elements)
        assert bool({"face", "people"} & keys) == ("relatives" in elements)
