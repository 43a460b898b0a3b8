"""Reminders on the resident's screen: due by the clock, one at a time, each once, answered by a touch."""

from datetime import datetime, timedelta

import pytest

from device.contract.documents import Calendar, Occurrence
from device.contract.reminders import Remind, ReminderAnswered, ReminderShown
from device.rules.effects import Play, SayReminder
from device.rules.events import ButtonChanged, DocumentArrived, Intended, Ticked
from device.rules.state import DURABLE, State
from device.rules.step import seconds_to_check
from device.screen.speech import reminder_words
from device.window_protocol.model import HelpPage, Home, ReminderPage
from tests.device.story import Story

pytestmark = pytest.mark.requirement("M6")

# The story begins on 21 November at 12.00 in Helsinki.
PHYSIO = Occurrence(
    id="7", title="Fysioterapia", starts="2026-11-21T14:00", place="Sali", remind=Remind(leads_min=[60])
)
PILLS = Occurrence(
    id="8", title="Lääkkeet", starts="2026-11-21T14:00", remind=Remind(leads_min=[60], must_confirm=True)
)


@pytest.fixture
def story() -> Story:
    """Aino's screen at noon, with a visit at two of which she is to be reminded at one."""
    story = Story.of_aino()
    given(story, PHYSIO)
    return story


def given(story: Story, *occurrences: Occurrence, version: int = 1) -> None:
    calendar = Calendar(version=version, occurrences=list(occurrences))
    story.tell(DocumentArrived(name="calendar", document=calendar))


def passes(story: Story, minutes: float) -> None:
    story.wait(minutes * 60)
    story.tell(Ticked())


def page(story: Story) -> ReminderPage:
    found = story.screen().page
    assert isinstance(found, ReminderPage)
    return found


def touch(story: Story, answer: str) -> None:
    button = next(each for each in page(story).buttons if each.intent.answer == answer)  # type: ignore[union-attr]
    story.tell(Intended(intent=button.intent))


def test_it_comes_at_its_time_with_a_sound_and_in_words(story: Story) -> None:
    """Not before; then what, when and where stand on the whole screen, and are spoken."""
    passes(story, 59)
    assert isinstance(story.screen().page, Home)
    assert seconds_to_check(story.state, story.now) == 60
    passes(story, 1)
    assert (page(story).headline, page(story).lines) == ("Fysioterapia", ["Tänään klo 14.00", "Sali"])
    assert Play(sound="chime") in story.effects
    assert SayReminder() in story.effects
    assert "Fysioterapia. Tänään klo 14.00. Sali." in reminder_words(story.state, story.now)
    (shown,) = story.recorded(ReminderShown)
    assert shown.what == ReminderShown(appointment_id="7", starts="2026-11-21T14:00", lead_min=60)


def test_ok_puts_it_away_for_good(story: Story) -> None:
    """Nothing says it twice, and the desk knows that it was read."""
    passes(story, 60)
    touch(story, "read")
    passes(story, 10)
    assert isinstance(story.screen().page, Home)
    (answered,) = story.recorded(ReminderAnswered)
    assert answered.what.answer == "read"  # type: ignore[union-attr]
    assert len(story.recorded(ReminderShown)) == 1


@pytest.mark.requirement("K6")
def test_what_must_be_confirmed_is_confirmed_in_words(story: Story) -> None:
    """No OK that means nothing: the button says what was done."""
    given(story, PILLS, version=2)
    passes(story, 60)
    assert page(story).buttons[0].words == "Vahvistan tämän"
    touch(story, "confirmed")
    assert story.recorded(ReminderAnswered)[0].what.answer == "confirmed"  # type: ignore[union-attr]


def test_later_is_ten_minutes_later_and_not_past_the_start(story: Story) -> None:
    """It comes again by itself; shortly before the start there is no later any more."""
    passes(story, 60)
    touch(story, "later")
    assert isinstance(story.screen().page, Home)
    passes(story, 9)
    assert isinstance(story.screen().page, Home)
    passes(story, 1)
    assert page(story).headline
    passes(story, 45)
    assert [button.intent.answer for button in page(story).buttons] == ["read"]  # type: ignore[union-attr]


@pytest.mark.requirement("M3")
def test_after_the_start_it_is_obsolete(story: Story) -> None:
    """A screen that was off over the start says nothing of what is over; up to the start it still does."""
    story.wait(115 * 60)
    story.tell(Ticked())
    assert page(story).headline
    late = Story.of_aino()
    given(late, PHYSIO)
    late.wait(121 * 60)
    late.tell(Ticked())
    assert isinstance(late.screen().page, Home)
    assert late.recorded(ReminderShown) == []


def test_what_is_moved_or_cancelled_says_nothing_of_the_old_time(story: Story) -> None:
    """Neither before it is due nor while it stands on the screen."""
    passes(story, 60)
    assert page(story).headline
    moved = Occurrence(id="7", title="Fysioterapia", starts="2026-11-21T16:00", remind=Remind(leads_min=[60]))
    given(story, moved, version=2)
    assert isinstance(story.screen().page, Home)
    passes(story, 120)
    assert page(story).lines == ["Tänään klo 16.00"]
    given(story, version=3)
    assert isinstance(story.screen().page, Home)


def test_one_at_a_time_and_none_is_lost(story: Story) -> None:
    """Two that are due together come one after the other."""
    given(story, PHYSIO, PILLS, version=2)
    passes(story, 60)
    first = page(story).headline
    touch(story, "read" if first == "Fysioterapia" else "confirmed")
    second = page(story).headline
    assert {first, second} == {"Fysioterapia", "Lääkkeet"}


@pytest.mark.requirement("K3")
def test_help_comes_first_and_the_reminder_after_it(story: Story) -> None:
    """While help is open nothing else takes the page."""
    story.tell(ButtonChanged(name="help"))
    passes(story, 60)
    assert isinstance(story.screen().page, HelpPage)
    assert story.recorded(ReminderShown) == []


def test_it_is_there_again_after_a_restart_and_without_a_link(story: Story) -> None:
    """What stood on the screen when the power went stands there again, and is not recorded twice."""
    passes(story, 60)
    kept = {name: getattr(story.state, name) for name in DURABLE}
    again = Story(State(**kept), wall=story.wall)
    again.tell(Ticked())
    assert page(again).headline == "Fysioterapia"
    assert again.recorded(ReminderShown) == []


@pytest.mark.requirement("K4")
def test_without_a_clock_nothing_is_due(story: Story) -> None:
    """What is not known is not said."""
    story.trusted = False
    passes(story, 60)
    assert story.recorded(ReminderShown) == []


@pytest.mark.requirement("M7")
def test_the_evening_before_and_shortly_before(story: Story) -> None:
    """Two leads are two reminders; of two that were missed only the newest is said."""
    twice = Occurrence(id="9", title="Lääkäri", starts="2026-11-22T10:00", remind=Remind(leads_min=[720, 30]))
    given(story, twice, version=2)
    passes(story, 9 * 60)
    assert page(story).lines == ["Huomenna klo 10.00"]
    touch(story, "read")
    passes(story, 12 * 60 + 30)
    assert page(story).lines == ["Tänään klo 10.00"]
    missed = Story.of_aino()
    given(missed, twice)
    missed.wait(21 * 3600 + 45 * 60)
    missed.tell(Ticked())
    touch(missed, "read")
    assert isinstance(missed.screen().page, Home)


def test_a_full_calendar_plans_a_bounded_number(story: Story) -> None:
    """A thousand occurrences with three reminders each are planned as the nearest few."""
    start = datetime.fromisoformat("2026-11-21T14:00")
    many = [
        Occurrence(
            id=str(number),
            title="x",
            starts=(start + timedelta(minutes=number)).isoformat()[:16],
            remind=Remind(leads_min=[5, 60, 600]),
        )
        for number in range(1000)
    ]
    given(story, *many, version=2)
    assert len(story.state.reminders.planned) == 60
