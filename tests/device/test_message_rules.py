"""Messages on the screen: when they come, how they are answered, and that none is lost or comes twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device.contract.documents import Calendar, Policy, View
from device.contract.messages import (
    HEARTS,
    AlbumPicture,
    MessageAnswer,
    MessageAnswered,
    MessagePlan,
    MessageShown,
    PlannedMessage,
)
from device.rules.effects import FetchPhotos, Play, SayLabel, SayMessage
from device.rules.events import DocumentArrived, Intended, LinkChanged, Ticked
from device.rules.messages import seconds_to_check
from device.window_protocol.intents import (
    AnswerMessage,
    CancelUrgentCall,
    OpenPage,
    PressHelp,
    ReadAloud,
    RequestUrgentCall,
)
from device.window_protocol.model import HelpPage, Home, MessagePage, PeoplePage, TodayPage
from tests.device.story import NOON, Story


def planned(id_: str = "m1", after_min: float = 10, **fields: object) -> PlannedMessage:
    """Due so many minutes after noon in Helsinki, for an hour."""
    due_at = NOON + timedelta(minutes=after_min)
    message = PlannedMessage(
        id=id_, title="Morning tablets", body="Take them.", due_at=due_at, until=due_at + timedelta(hours=1)
    )
    return replace(message, **fields)


def plan(told: Story, *messages: PlannedMessage) -> None:
    """The desk's plan, newer than the last one."""
    last = told.state.documents.messages
    document = MessagePlan(version=last.version + 1 if last else 1, messages=list(messages))
    told.tell(DocumentArrived(name="messages", document=document))


def story(*messages: PlannedMessage) -> Story:
    told = Story.of_aino()
    plan(told, *messages)
    return told


def wait(told: Story, minutes: float) -> None:
    told.wait(minutes * 60)
    told.tell(Ticked())


def answer(told: Story, with_: str, id_: str = "m1") -> None:
    told.tell(Intended(intent=AnswerMessage(id_, with_)))  # type: ignore[arg-type]


def shown(told: Story) -> list[str]:
    happened = [each.what for each in told.recorded(MessageShown)]
    return [what.message_id for what in happened if isinstance(what, MessageShown)]


@pytest.mark.requirement("M11", "V9")
def test_what_is_covered_is_neither_said_nor_counted_as_shown() -> None:
    """A device out of use, a call that can still be taken back: the message waits for the screen."""
    told = story(planned())
    told.tell(DocumentArrived(name="policy", document=Policy(version=2, use="in-stock")))
    wait(told, 10)
    assert shown(told) == []
    told.tell(DocumentArrived(name="policy", document=Policy(version=3)))
    assert shown(told) == ["m1"]
    asking = story(planned(after_min=0.1))
    asking.tell(Intended(intent=RequestUrgentCall()))
    wait(asking, 0.1)
    page = asking.screen().page
    assert isinstance(page, HelpPage)
    assert page.cancel
    assert shown(asking) == []
    asking.tell(Intended(intent=CancelUrgentCall()))
    assert shown(asking) == ["m1"]


@pytest.mark.requirement("M11")
def test_a_message_takes_the_page_chimes_and_is_spoken_until_it_is_touched() -> None:
    """Without a link, from what the device already has; the desk learns when it was shown and read."""
    told = story(planned())
    told.tell(LinkChanged(connected=False, reason="gone"))
    assert seconds_to_check(told.state, told.now) == 600
    assert isinstance(told.screen().page, Home)
    wait(told, 10)
    page = told.screen().page
    assert isinstance(page, MessagePage)
    assert [(each.headline, each.words) for each in page.entries] == [("Morning tablets", "Take them.")]
    assert Play(sound="chime") in told.effects
    assert SayMessage(text="Morning tablets. Take them") in told.effects
    wait(told, 50)
    assert isinstance(told.screen().page, MessagePage)
    answer(told, "ok")
    assert isinstance(told.screen().page, Home)
    [answered] = told.recorded(MessageAnswered)
    assert answered.what == MessageAnswered(message_id="m1", answer="ok")
    told.tell(LinkChanged(connected=True))
    plan(told, planned())
    wait(told, 1)
    assert shown(told) == ["m1"]
    assert isinstance(told.screen().page, Home)


@pytest.mark.requirement("K13")
def test_where_the_screen_speaks_a_message_can_be_read_aloud_again() -> None:
    """A button to be seen; without speech there is none."""
    told = story(planned())
    wait(told, 10)
    assert ReadAloud("m1") not in [act.intent for act in told.screen().page.acts]  # type: ignore[union-attr]
    told.tell(DocumentArrived(name="view", document=View(version=2, speak_on_touch=True)))
    page = told.screen().page
    assert isinstance(page, MessagePage)
    (read,) = [act for act in page.acts if act.icon == "read-aloud"]
    asked = told.tell(Intended(intent=read.intent))
    assert [each for each in asked if isinstance(each, SayMessage | SayLabel)] == [
        SayMessage(text="Morning tablets. Take them")
    ]
    assert told.screen().page == page


@pytest.mark.requirement("K6")
def test_it_can_be_put_off_for_ten_minutes_and_is_then_confirmed() -> None:
    """It comes back with its sound, and is still the same message."""
    told = story(planned(asks_confirmation=True))
    wait(told, 10)
    answer(told, "later")
    assert isinstance(told.screen().page, Home)
    wait(told, 9)
    assert isinstance(told.screen().page, Home)
    wait(told, 1)
    page = told.screen().page
    assert isinstance(page, MessagePage)
    assert len(page.acts) == 1
    answer(told, "taken")
    answers = [each.what for each in told.recorded(MessageAnswered)]
    assert answers == [MessageAnswered(message_id="m1", answer=each) for each in ("later", "taken")]
    assert shown(told) == ["m1"]


def test_help_comes_first_and_nothing_is_lost() -> None:
    """While help is asked for nothing else is said or shown; one at a time, in the order of the plan."""
    told = story(planned("m1", 10), planned("m2", 10))
    told.tell(Intended(intent=PressHelp()))
    wait(told, 10)
    assert isinstance(told.screen().page, HelpPage)
    assert not shown(told)
    help_ = told.state.requests.help
    assert help_
    requests = replace(told.state.requests, help=replace(help_, stage="closed"))
    told.state = replace(told.state, requests=requests, place=replace(told.state.place, page="home"))
    wait(told, 1)
    assert shown(told) == ["m1"]
    answer(told, "ok", "m1")
    assert shown(told) == ["m1", "m2"]


@pytest.mark.requirement("M3", "M4")
def test_what_is_too_late_is_not_shown() -> None:
    """A device that was off until then says nothing of it."""
    told = story(planned())
    wait(told, 71)
    assert not shown(told)


@pytest.mark.requirement("M8")
def test_nothing_is_shown_outside_the_window_but_what_is_for_any_hour() -> None:
    """A device that comes back at night keeps quiet until the morning."""
    late, always = planned("late"), planned("always", any_hour=True)
    until = NOON + timedelta(days=1)
    told = story(replace(late, until=until), replace(always, until=until))
    told.wait(11 * 3600)
    told.tell(Ticked())
    assert shown(told) == ["always"]
    answer(told, "ok", "always")
    wait(told, 9 * 60)
    assert shown(told) == ["always", "late"]


@pytest.mark.requirement("K4")
def test_without_the_time_nothing_is_due() -> None:
    """A clock that nobody has set must not remind of the wrong day."""
    told = story(planned())
    told.trusted = False
    wait(told, 20)
    assert not shown(told)
    told.trusted = True
    told.tell(Ticked())
    assert shown(told) == ["m1"]


@pytest.mark.requirement("M12")
@given(st.lists(st.tuples(st.integers(-30, 90), st.booleans(), st.integers(0, 40)), max_size=12))
def test_no_message_of_an_old_time_survives_a_move(moves: list[tuple[int, bool, int]]) -> None:
    """Whatever is moved, cancelled and brought back: what is on the screen is in the newest plan."""
    told = story()
    for number, (after_min, is_there, wait_min) in enumerate(moves):
        elapsed_min = (told.wall - NOON).total_seconds() / 60
        messages = [planned(f"m{number}", elapsed_min + after_min)] if is_there else []
        plan(told, *messages)
        wait(told, wait_min)
        page = told.screen().page
        assert told.state.messages.shown in {"", *(each.id for each in messages)}
        assert isinstance(page, MessagePage) == bool(told.state.messages.shown)
    assert len(shown(told)) == len(set(shown(told)))


@given(st.lists(st.integers(-3000, 3000), max_size=20))
def test_a_clock_that_jumps_shows_nothing_twice(jumps: list[int]) -> None:
    """Forwards or backwards, with and without an answer."""
    told = story(planned("m1", 10), planned("m2", 30))
    for jump in jumps:
        told.wall += timedelta(seconds=jump)
        told.monotonic_s += 1
        told.tell(Ticked())
        if told.state.messages.shown and jump % 2:
            answer(told, "ok", told.state.messages.shown)
    assert len(shown(told)) == len(set(shown(told)))


@pytest.mark.requirement("K19")
@pytest.mark.parametrize("hearts", HEARTS)
def test_a_picture_is_answered_with_hearts(hearts: MessageAnswer) -> None:
    """It is fetched, shown with its sender's words, and said; the answer goes to the desk."""
    told = story(planned(title="Leena sent you a picture", body="Hello", sender="Leena", photo="a" * 64))
    assert FetchPhotos() in told.effects
    wait(told, 10)
    page = told.screen().page
    assert isinstance(page, MessagePage)
    assert (page.entries[0].photo, len(page.acts)) == ("", 3)
    assert SayMessage(text="Leena sent you a picture. Hello") in told.effects
    answer(told, hearts)
    [answered] = told.recorded(MessageAnswered)
    assert answered.what == MessageAnswered(message_id="m1", answer=hearts)


@pytest.mark.requirement("K19")
def test_the_album_keeps_what_relatives_sent() -> None:
    """Reached from the page of people, the newest first; without any there is no way to it."""
    told = story()
    told.tell(Intended(intent=OpenPage("people")))
    page = told.screen().page
    assert isinstance(page, PeoplePage)
    assert page.album is None
    sent = [AlbumPicture(id=str(n), sender=f"Leena {n}", words="", sent_at=NOON) for n in range(2)]
    told.tell(DocumentArrived(name="messages", document=MessagePlan(version=2, album=sent)))
    page = told.screen().page
    assert isinstance(page, PeoplePage)
    assert page.album
    told.tell(Intended(intent=page.album.intent))
    album = told.screen().page
    assert isinstance(album, MessagePage)
    assert [each.headline for each in album.entries] == ["Leena 0", "Leena 1"]


def test_what_was_said_today_can_be_read_again() -> None:
    """From the page of the day, the newest first; not what was said yesterday."""
    told = story(planned(), planned("m2", 20, title="Doctor"))
    told.tell(DocumentArrived(name="calendar", document=Calendar(version=1)))
    wait(told, 10)
    answer(told, "ok")
    wait(told, 10)
    answer(told, "ok", "m2")
    told.tell(Intended(intent=OpenPage("today")))
    day = told.screen().page
    assert isinstance(day, TodayPage)
    assert day.messages
    told.tell(Intended(intent=day.messages.intent))
    page = told.screen().page
    assert isinstance(page, MessagePage)
    assert [each.headline for each in page.entries] == ["Doctor", "Morning tablets"]
    wait(told, 60 * 13)
    told.tell(Intended(intent=OpenPage("messages")))
    page = told.screen().page
    assert isinstance(page, MessagePage)
    assert not page.entries
    assert page.words
