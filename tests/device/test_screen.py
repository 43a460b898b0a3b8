import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from device.contract.alarm import AlarmReadiness
from device.contract.documents import Cafe, Calendar, Contact, Occurrence, People, Policy, View
from device.contract.hours import OpeningHours
from device.contract.values import Language
from device.rules.begin import begin
from device.rules.events import Began, DocumentArrived, Intended, LinkChanged
from device.screen.speech import language_of
from device.window_protocol.intents import OpenPage
from device.window_protocol.model import (
    AgendaDay,
    CafeTile,
    Face,
    Home,
    NoticePage,
    PeoplePage,
    TodayPage,
    TodayTile,
)
from tests.device.story import EVERYTHING, Story

CATALOGUES = Path(__file__).parents[2] / "device" / "screen" / "locale"
CONNECTED = LinkChanged(connected=True)
CALENDAR = Calendar(
    version=1,
    occurrences=[
        Occurrence(id="1", title="Jumppa", starts="2026-11-21T11:30", ends="2026-11-21T12:30"),
        Occurrence(id="2", title="Lääkäri", starts="2026-11-21T14:00", place="Terveysasema"),
        Occurrence(id="3", title="Aamukahvi", starts="2026-11-21T08:00"),
    ],
    cafe=Cafe(hours=[OpeningHours(days=[6], opens="13:00", closes="15:00")]),
)


def home(story: Story) -> Home:
    page = story.screen().page
    assert isinstance(page, Home)
    return page


def tile(story: Story) -> TodayTile:
    found = home(story).today
    assert found
    return found


def days(story: Story) -> list[AgendaDay]:
    """The page of the day, once it was opened."""
    story.tell(Intended(intent=OpenPage("today")))
    page = story.screen().page
    assert isinstance(page, TodayPage)
    return page.days


def cafe(story: Story) -> CafeTile:
    found = home(story).cafe
    assert found
    return found


def faces(story: Story) -> list[Face]:
    found = home(story).relatives
    assert found
    return found.faces


def with_calendar(story: Story) -> Story:
    story.tell(DocumentArrived(name="calendar", document=CALENDAR))
    return story


def test_now_and_next_are_set_off_and_what_is_over_can_be_looked_up() -> None:
    """At noon: the exercise goes on, the doctor is next, the morning coffee is earlier."""
    story = with_calendar(Story.of_aino())
    story.tell(CONNECTED)
    assert tile(story) == TodayTile(
        label="Nyt", headline="11.30 Jumppa", detail="Tänään vielä yksi", intent=OpenPage("today")
    )
    assert [(entry.title, entry.state, entry.state_words) for entry in days(story)[0].entries] == [
        ("Aamukahvi", "past", ""),
        ("Jumppa", "now", "Nyt"),
        ("Lääkäri", "next", "Seuraavaksi"),
    ]


def test_the_page_of_the_day_reaches_over_the_week() -> None:
    """Each day has its name and its date."""
    story = with_calendar(Story.of_aino())
    titles = [day.title for day in days(story)]
    assert titles[:3] == [
        "Tänään, 21. marraskuuta",
        "Huomenna, 22. marraskuuta",
        "Maanantai, 23. marraskuuta",
    ]
    assert len(titles) == 8


@pytest.mark.requirement("K4")
def test_without_a_link_what_comes_next_says_how_old_it_is() -> None:
    """Everything cached stays, with the time it was true."""
    story = with_calendar(Story.of_aino())
    story.tell(CONNECTED, LinkChanged(connected=False, reason="gone"))
    story.wait(3600)
    assert tile(story).detail == "Tilanne klo 12.00"
    assert tile(story).headline == "14.00 Lääkäri"
    assert story.screen().notice == "Ei yhteyttä. Näet klo 12.00 tilanteen."


@pytest.mark.requirement("K4")
def test_after_a_restart_nothing_is_known_to_be_of_now() -> None:
    """A link that was there before the power cut is not there yet."""
    story = Story.of_aino()
    story.tell(CONNECTED)
    restarted = Story(begin(story.state))
    assert restarted.screen().notice == "Ei yhteyttä. Näet klo 12.00 tilanteen."
    assert faces(restarted)[0].presence_words == "Ei tiedossa"


@pytest.mark.requirement("K4")
def test_no_calendar_is_never_nothing_today() -> None:
    """What has not come is not called empty, and what may be old is not called true now."""
    story = Story.of_aino()
    assert tile(story).headline == "Kalenteri ei ole vielä tullut"
    story.tell(DocumentArrived(name="calendar", document=Calendar(version=1)))
    assert tile(story).headline == "Ei menoja tiedossa"
    story.tell(CONNECTED)
    assert tile(story).headline == "Ei menoja"


@pytest.mark.requirement("K4")
def test_an_unsynchronised_clock_is_never_shown_as_the_time() -> None:
    """No time, no day, no appointment "now", no café hours."""
    story = with_calendar(Story.of_aino())
    story.trusted = False
    page = home(story)
    assert page.clock
    assert page.clock.time == ""
    assert page.clock.words == "Kelloa tarkistetaan"
    assert page.date
    assert page.date.date == ""
    assert (page.date.day, tile(story).headline) == ("", "Kalenterisi")
    assert cafe(story).words == "Aukiolo ei tiedossa"


@pytest.mark.requirement("V25")
def test_the_cafe_tile_opens_and_closes_by_itself() -> None:
    """The tile follows the opening hours by the device's own clock, also without a link."""
    story = with_calendar(Story.of_aino())
    assert cafe(story).words == "Avautuu klo 13.00"
    story.wait(3600)
    assert (cafe(story).words, cafe(story).open) == ("Avoinna klo 15.00 asti", True)
    story.wait(2 * 3600)
    assert (cafe(story).words, cafe(story).open) == ("Avautuu lauantaina klo 13.00", False)


@pytest.mark.requirement("V6")
def test_the_clock_follows_the_zone_of_the_view() -> None:
    """The same moment is noon in Helsinki and ten in Reykjavik."""
    story = Story.of_aino(View(version=1, elements=EVERYTHING, time_zone="Atlantic/Reykjavik"))
    assert home(story).clock.time == "10.00"  # type: ignore[union-attr]


@pytest.mark.requirement("V15")
def test_favourites_come_first_in_the_desks_order() -> None:
    """The face that is wanted most is found first."""
    story = Story.of_aino()
    people = People(
        version=2,
        contacts=[
            Contact(id="a", first_name="Antti"),
            Contact(id="b", first_name="Berit", favourite=True),
            Contact(id="c", first_name="Carl"),
        ],
    )
    story.tell(DocumentArrived(name="people", document=people))
    assert [face.name for face in faces(story)] == ["Berit", "Antti", "Carl"]


@pytest.mark.requirement("V3")
@pytest.mark.requirement("V4")
@pytest.mark.parametrize(
    ("first", "last", "name", "initials"),
    [
        ("", "", "Nimi puuttuu", "?"),
        ("Ö", "", "Ö", "Ö"),
        ("<b>Anna</b>", "O'Neill-@#", "<b>Anna</b> O'Neill-@#", "<O"),
        ("Анна", "Каренина", "Анна Каренина", "АК"),  # noqa: RUF001
        ("É", "x", "É x", "ÉX"),
    ],
)
def test_any_name_is_a_name(first: str, last: str, name: str, initials: str) -> None:
    """Missing, short, of any script or full of markup: drawn as it is."""
    story = Story.of_aino()
    contact = Contact(id="a", first_name=first, last_name=last)
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=[contact])))
    (face,) = faces(story)
    assert (face.name, face.initials) == (name, initials)


def test_the_simple_profile_has_two_choices_beside_help() -> None:
    """The urgent call and the dearest face; clock, date and calendar stay to be read."""
    story = Story.of_aino(View(version=1, elements=EVERYTHING, profile="simple"))
    contacts = [Contact(id=name, first_name=name, favourite=name == "Berit") for name in ("Antti", "Berit")]
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=contacts)))
    page = home(story)
    assert [face.name for face in faces(story)] == ["Berit"]
    assert page.urgent_call
    assert page.clock
    assert page.today
    assert page.today.intent is None
    assert (page.cafe, page.mute) == (None, None)


@pytest.mark.requirement("V26")
def test_presence_is_not_claimed_without_a_link() -> None:
    """Nobody is called available who was so an hour ago."""
    story = Story.of_aino()
    person = Contact(id="a", first_name="A", presence="available")
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=[person])))
    assert faces(story)[0].presence_words == "Ei tiedossa"
    story.tell(CONNECTED)
    assert (faces(story)[0].presence, faces(story)[0].presence_words) == ("available", "Tavattavissa")


def test_all_people_are_one_touch_away() -> None:
    """Three have room on the home page; where there are more, a button leads to all of them."""
    story = Story.of_aino()
    contacts = [Contact(id=str(number), first_name=f"Nimi {number}") for number in range(40)]
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=contacts)))
    everybody = home(story).relatives.all  # type: ignore[union-attr]
    assert everybody
    story.tell(Intended(intent=everybody.intent))
    page = story.screen().page
    assert isinstance(page, PeoplePage)
    assert len(page.faces) == 40


def test_a_view_without_elements_says_what_the_screen_is_for() -> None:
    """Nothing is on: not a blank page."""
    story = Story.of_aino(View(version=1))
    assert home(story).words == "Jos tarvitset apua, paina Apua."


def test_nobody_on_the_list_is_said_in_words() -> None:
    """An empty list is not an empty space."""
    story = Story.of_aino()
    story.tell(DocumentArrived(name="people", document=People(version=2)))
    assert home(story).relatives.words == "Yhteystietoja ei ole vielä lisätty."  # type: ignore[union-attr]


@pytest.mark.requirement("K13")
@pytest.mark.parametrize(
    ("language", "day", "date"),
    [
        ("fi", "lauantaiaamupäivä", "21. marraskuuta 2026"),
        ("sv", "lördag förmiddag", "21 november 2026"),
        ("da", "lørdag formiddag", "21. november 2026"),
        ("en", "Saturday morning", "21 November 2026"),
    ],
)
def test_the_day_is_said_as_the_language_says_it(language: Language, day: str, date: str) -> None:
    """With the part of the day; at half past eleven in the morning."""
    story = Story.of_aino(View(version=1, elements=EVERYTHING, language=language))
    story.wait(-1800)
    words = home(story).date
    assert words
    assert (words.day, words.date) == (day, date)


@pytest.mark.parametrize(("hour", "light"), [(3, "moon"), (12, "sun"), (23, "moon")])
def test_a_sun_stands_beside_the_time_by_day_and_a_moon_by_night(hour: int, light: str) -> None:
    """By the hours of the view, as its colours are; nothing where the time is not known."""
    story = Story.of_aino()
    story.wall = datetime(2026, 11, 21, hour, tzinfo=ZoneInfo("Europe/Helsinki")).astimezone(UTC)
    page = story.screen().page
    assert isinstance(page, Home)
    assert page.date
    assert page.date.light == light
    story.trusted = False
    page = story.screen().page
    assert isinstance(page, Home)
    assert page.date
    assert page.date.light is None


def test_a_finnish_compound_takes_its_hyphen() -> None:
    """It is lauantai-iltapäivä, but keskiviikkoiltapäivä."""
    story = Story.of_aino()
    story.wait(2 * 3600)
    assert home(story).date.day == "lauantai-iltapäivä"  # type: ignore[union-attr]
    story.wait(4 * 24 * 3600)
    assert home(story).date.day == "keskiviikkoiltapäivä"  # type: ignore[union-attr]


@pytest.mark.requirement("K13")
@pytest.mark.requirement("K4")
@pytest.mark.parametrize(
    ("language", "words", "nothing"),
    [
        ("fi", "Kalenteri ei ulotu tähän päivään", "Ei menoja tiedossa"),
        ("sv", "Kalendern räcker inte till den här dagen", None),
        ("da", "Kalenderen rækker ikke til denne dag", None),
        ("en", "The calendar does not reach this day", "Nothing was planned"),
    ],
)
def test_a_day_past_the_horizon_is_never_nothing(language: Language, words: str, nothing: str | None) -> None:
    """The last day that is known may be empty; of the next one nobody says so."""
    story = Story.of_aino(View(version=1, elements=EVERYTHING, language=language))
    calendar = Calendar(version=1, known_until="2026-11-21")
    story.tell(DocumentArrived(name="calendar", document=calendar))
    today, tomorrow = days(story)[:2]
    assert tomorrow.words == words
    assert today.words not in ("", words)
    assert nothing in (None, today.words)


@pytest.mark.parametrize("language", ["fi", "sv", "da"])
def test_a_translation_has_the_fields_of_its_sentence(language: str) -> None:
    """No field is lost or invented on the way to another language."""
    path = CATALOGUES / language / "LC_MESSAGES" / "kotiruutu.po"
    with path.open("rb") as file:
        for message in read_po(file):
            fields = re.findall(r"\{\w+\}", str(message.id))
            assert sorted(fields) == sorted(re.findall(r"\{\w+\}", str(message.string))), message.id


@pytest.mark.parametrize("language", ["fi", "sv", "da", "en"])
def test_every_night_palette_follows_its_hours(language: Language) -> None:
    """Dark at ten in the evening, light at noon; by the clock only where the clock is known."""
    story = Story.of_aino(View(version=1, elements=EVERYTHING, language=language))
    assert story.screen().style.palette == "day"
    story.wait(10 * 3600)
    assert story.screen().style.palette == "night"
    story.trusted = False
    assert story.screen().style.palette == "day"


@pytest.mark.requirement("K10")
def test_an_alarm_that_is_not_ready_says_so_where_nothing_else_is_to_be_said() -> None:
    """At home alone: not over a lost link, not on the page of help itself; a test is asked for."""
    story = Story.of_aino()
    story.tell(LinkChanged(connected=True))
    assert story.screen().alarm == ""
    for version, state, words in [
        (2, "not-ready", "Voit painaa Apua, mutta kaikki ei ole vielä valmista."),
        (3, "test", "Hälytystä testataan: paina Apua."),
        (4, "ready", ""),
    ]:
        policy = Policy(version=version, alarm=AlarmReadiness(state=state))  # type: ignore[arg-type]
        story.tell(DocumentArrived(name="policy", document=policy))
        assert story.screen().alarm == words
    story.tell(DocumentArrived(name="policy", document=Policy(version=5, alarm=AlarmReadiness(state="test"))))
    story.tell(LinkChanged(connected=False))
    assert story.screen().alarm == ""


def test_before_the_first_view_the_screen_speaks_the_language_of_the_claim() -> None:
    """The page that waits for the view, and the voice."""
    story = Story()
    story.tell(Began(version="1", language="sv"))
    page = story.screen().page
    assert isinstance(page, NoticePage)
    assert page.headline == "Ett ögonblick"
    assert language_of(story.state) == "sv"
