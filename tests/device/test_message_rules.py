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
from device.rules.effects import FetchPhotos, Play, SayLabel, SayMessage, StopSound
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


def plan(played: Story, *messages: PlannedMessage) -> None:
    """The desk's plan, newer than the last one."""
    last = played.state.documents.messages
    document = MessagePlan(version=last.version + 1 if last else 1, messages=list(messages))
    played.tell(DocumentArrived(name="messages", document=document))


def story(*messages: PlannedMessage) -> Story:
    played = Story.of_aino()
    plan(played, *messages)
    return played


def wait(played: Story, minutes: float) -> None:
    played.wait(minutes * 60)
    played.tell(Ticked())


def answer(played: Story, with_: str, id_: str = "m1") -> None:
    played.tell(Intended(intent=AnswerMessage(id_, with_)))  # type: ignore[arg-type]


def shown(played: Story) -> list[str]:
    happened = [each.what for each in played.recorded(MessageShown)]
    return [what.message_id for what in happened if isinstance(what, MessageShown)]


def test_a_long_text_is_spoken_whole_and_falls_silent_when_it_is_answered() -> None:
    """Nothing is read on behind the answer."""
    long = "We walk by the sea. " * 300
    played = story(planned(body=long))
    wait(played, 10)
    assert SayMessage(text=f"Morning tablets. {long.rstrip('.')}") in played.effects
    before = len(played.effects)
    answer(played, "ok")
    assert StopSound(sound="speech") in played.effects[before:]


@pytest.mark.requirement("M11", "V9")
def test_what_is_covered_is_neither_said_nor_counted_as_shown() -> None:
    """A device out of use, a call that can still be taken back: the message waits for the screen."""
    played = story(planned())
    played.tell(DocumentArrived(name="policy", document=Policy(version=2, use="in-stock")))
    wait(played, 10)
    assert shown(played) == []
    played.tell(DocumentArrived(name="policy", document=Policy(version=3)))
    assert shown(played) == ["m1"]
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
    played = story(planned())
    played.tell(LinkChanged(connected=False, reason="gone"))
    assert seconds_to_check(played.state, played.now) == 600
    assert isinstance(played.screen().page, Home)
    wait(played, 10)
    page = played.screen().page
    assert isinstance(page, MessagePage)
    assert [(each.headline, each.words) for each in page.entries] == [("Morning tablets", "Take them.")]
    assert Play(sound="chime") in played.effects
    assert SayMessage(text="Morning tablets. Take them") in played.effects
    wait(played, 50)
    assert isinstance(played.screen().page, MessagePage)
    answer(played, "ok")
    assert isinstance(played.screen().page, Home)
    [answered] = played.recorded(MessageAnswered)
    assert answered.what == MessageAnswered(message_id="m1", answer="ok")
    played.tell(LinkChanged(connected=True))
    plan(played, planned())
    wait(played, 1)
    assert shown(played) == ["m1"]
    assert isinstance(played.screen().page, Home)


@pytest.mark.requirement("K13")
def test_where_the_screen_speaks_a_message_can_be_read_aloud_again() -> None:
    """A button to be seen; without speech there is none."""
    played = story(planned())
    wait(played, 10)
    assert ReadAloud("m1") not in [act.intent for act in played.screen().page.acts]  # type: ignore[union-attr]
    played.tell(DocumentArrived(name="view", document=View(version=2, speak_on_touch=True)))
    page = played.screen().page
    assert isinstance(page, MessagePage)
    (read,) = [act for act in page.acts if act.icon == "read-aloud"]
    asked = played.tell(Intended(intent=read.intent))
    assert [each for each in asked if isinstance(each, SayMessage | SayLabel)] == [
        SayMessage(text="Morning tablets. Take them")
    ]
    assert played.screen().page == page


@pytest.mark.requirement("K6")
def test_it_can_be_put_off_for_ten_minutes_and_is_then_confirmed() -> None:
    """It comes back with its sound, and is still the same message."""
    played = story(planned(asks_confirmation=True))
    wait(played, 10)
    answer(played, "later")
    assert isinstance(played.screen().page, Home)
    wait(played, 9)
    assert isinstance(played.screen().page, Home)
    wait(played, 1)
    page = played.screen().page
    assert isinstance(page, MessagePage)
    assert len(page.acts) == 1
    answer(played, "taken")
    answers = [each.what for each in played.recorded(MessageAnswered)]
    assert answers == [MessageAnswered(message_id="m1", answer=each) for each in ("later", "taken")]
    assert shown(played) == ["m1"]


def test_help_comes_first_and_nothing_is_lost() -> None:
    """While help is asked for nothing else is said or shown; one at a time, in the order of the plan."""
    played = story(planned("m1", 10), planned("m2", 10))
    played.tell(Intended(intent=PressHelp()))
    wait(played, 10)
    assert isinstance(played.screen().page, HelpPage)
    assert not shown(played)
    help_ = played.state.requests.help
    assert help_
    requests = replace(played.state.requests, help=replace(help_, stage="closed"))
    played.state = replace(
        played.state, requests=requests, navigation=replace(played.state.navigation, page="home")
    )
    wait(played, 1)
    assert shown(played) == ["m1"]
    answer(played, "ok", "m1")
    assert shown(played) == ["m1", "m2"]


@pytest.mark.requirement("M3", "M4")
def test_what_is_too_late_is_not_shown() -> None:
    """A device that was off until then says nothing of it."""
    played = story(planned())
    wait(played, 71)
    assert not shown(played)


@pytest.mark.requirement("M8")
def test_nothing_is_shown_outside_the_window_but_what_is_for_any_hour() -> None:
    """A device that comes back at night keeps quiet until the morning."""
    late, always = planned("late"), planned("always", any_hour=True)
    until = NOON + timedelta(days=1)
    played = story(replace(late, until=until), replace(always, until=until))
    played.wait(11 * 3600)
    played.tell(Ticked())
    assert shown(played) == ["always"]
    answer(played, "ok", "always")
    wait(played, 9 * 60)
    assert shown(played) == ["always", "late"]


@pytest.mark.requirement("K4")
def test_without_the_time_nothing_is_due() -> None:
    """A clock that nobody has set must not remind of the wrong day."""
    played = story(planned())
    played.trusted = False
    wait(played, 20)
    assert not shown(played)
    played.trusted = True
    played.tell(Ticked())
    assert shown(played) == ["m1"]


@pytest.mark.requirement("M12")
@given(st.lists(st.tuples(st.integers(-30, 90), st.booleans(), st.integers(0, 40)), max_size=12))
def test_no_message_of_an_old_time_survives_a_move(moves: list[tuple[int, bool, int]]) -> None:
    """Whatever is moved, cancelled and brought back: what is on the screen is in the newest plan."""
    played = story()
    for number, (after_min, is_there, wait_min) in enumerate(moves):
        elapsed_min = (played.wall - NOON).total_seconds() / 60
        messages = [planned(f"m{number}", elapsed_min + after_min)] if is_there else []
        plan(played, *messages)
        wait(played, wait_min)
        page = played.screen().page
        assert played.state.messages.shown in {"", *(each.id for each in messages)}
        assert isinstance(page, MessagePage) == bool(played.state.messages.shown)
    assert len(shown(played)) == len(set(shown(played)))


@given(st.lists(st.integers(-3000, 3000), max_size=20))
def test_a_clock_that_jumps_shows_nothing_twice(jumps: list[int]) -> None:
    """Forwards or backwards, with and without an answer."""
    played = story(planned("m1", 10), planned("m2", 30))
    for jump in jumps:
        played.wall += timedelta(seconds=jump)
        played.monotonic_s += 1
        played.tell(Ticked())
        if played.state.messages.shown and jump % 2:
            answer(played, "ok", played.state.messages.shown)
    assert len(shown(played)) == len(set(shown(played)))


@pytest.mark.requirement("K19")
@pytest.mark.parametrize("hearts", HEARTS)
def test_a_picture_is_answered_with_hearts(hearts: MessageAnswer) -> None:
    """It is fetched, shown with its sender's words, and said; the answer goes to the desk."""
    played = story(planned(title="Leena sent you a picture", body="Hello", sender="Leena", photo="a" * 64))
    assert FetchPhotos() in played.effects
    wait(played, 10)
    page = played.screen().page
    assert isinstance(page, MessagePage)
    assert (page.entries[0].photo, len(page.acts)) == ("", 3)
    assert SayMessage(text="Leena sent you a picture. Hello") in played.effects
    answer(played, hearts)
    [answered] = played.recorded(MessageAnswered)
    assert answered.what == MessageAnswered(message_id="m1", answer=hearts)


@pytest.mark.requirement("K19")
def test_the_album_keeps_what_relatives_sent() -> None:
    """Reached from the page of people, the newest first; without any there is no way to it."""
    played = story()
    played.tell(Intended(intent=OpenPage("people")))
    page = played.screen().page
    assert isinstance(page, PeoplePage)
    assert page.album is None
    sent = [AlbumPicture(id=str(n), sender=f"Leena {n}", words="", sent_at=NOON) for n in range(2)]
    played.tell(DocumentArrived(name="messages", document=MessagePlan(version=2, album=sent)))
    page = played.screen().page
    assert isinstance(page, PeoplePage)
    assert page.album
    played.tell(Intended(intent=page.album.intent))
    album = played.screen().page
    assert isinstance(album, MessagePage)
    assert [each.headline for each in album.entries] == ["Leena 0", "Leena 1"]


def test_what_was_said_today_can_be_read_again() -> None:
    """From the page of the day, the newest first; not what was said yesterday."""
    played = story(planned(), planned("m2", 20, title="Doctor"))
    played.tell(DocumentArrived(name="calendar", document=Calendar(version=1)))
    wait(played, 10)
    answer(played, "ok")
    wait(played, 10)
    answer(played, "ok", "m2")
    played.tell(Intended(intent=OpenPage("today")))
    day = played.screen().page
    assert isinstance(day, TodayPage)
    assert day.messages
    played.tell(Intended(intent=day.messages.intent))
    page = played.screen().page
    assert isinstance(page, MessagePage)
    assert [each.headline for each in page.entries] == ["Doctor", "Morning tablets"]
    wait(played, 60 * 13)
    played.tell(Intended(intent=OpenPage("messages")))
    page = played.screen().page
    assert isinstance(page, MessagePage)
    assert not page.entries
    assert page.words
