from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from device.contract.commands import UpdateCall
from device.contract.documents import Contact, People, View
from device.contract.events import CallDeclined, CallPlaced, UrgentCallRequested
from device.media.messages import Unusable
from device.rules.effects import BeginCall, SetCallLoudness
from device.rules.events import DocumentArrived, LinkChanged
from device.window_protocol.intents import (
    AnswerCall,
    HangUp,
    OpenPage,
    OpenPerson,
    PlaceCall,
    PressHelp,
    RefuseCall,
    RequestUrgentCall,
    SetLoudness,
)
from tests.device.call_story import ANNA, RITVA, CallStory, begun


@pytest.mark.requirement("V11")
def test_a_face_is_called_and_answers() -> None:
    """Calling, answered, connected; and back where the call began."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    (placed,) = story.reported(CallPlaced)
    assert placed.contact_ids == ["ritva"]
    assert story.call_page().headline == "Soitetaan: Ritva Aalto"
    story.connect(placed.call_id)
    assert begun(story.ready()) == [placed.call_id]
    story.connected()
    assert story.call_page().state == "connected"
    story.touch(HangUp(placed.call_id))
    assert story.person_page().call


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("refused", "Ritva Aalto ei voi puhua juuri nyt."),
        ("busy", "Ritva Aalto puhuu jonkun toisen kanssa."),
        ("not-reachable", "Ritva Aalto ei ole nyt tavoitettavissa."),
        ("not-answered", "Ritva Aalto ei vastannut."),
    ],
)
def test_why_nobody_was_reached_is_said_plainly(why: str, words: str) -> None:
    """With a button to try again."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    story.end(story.state.call.id, why)  # type: ignore[union-attr]
    page = story.person_page()
    assert page.lines == [words]
    assert page.call
    assert page.call.intent == PlaceCall("ritva")


@pytest.mark.requirement("K15")
@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("trying", "Yritetään tavoittaa: Ritva Aalto."),
        ("page", "Ritva Aalto on paikalla, ja siellä soi."),
        ("phone", "Ritva Aalto: puhelin soi."),
        ("written", "Viesti on lähetetty: Ritva Aalto."),
    ],
)
def test_the_screen_says_by_which_way_somebody_is_reached(way: Any, words: str) -> None:
    """As soon as the desk knows; news of another call, or of one that was answered, change nothing."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    call_id = story.state.call.id  # type: ignore[union-attr]
    story.order(UpdateCall(call_id="another", way=way))
    assert len(story.call_page().lines) == 1
    story.order(UpdateCall(call_id=call_id, way=way))
    assert story.call_page().lines[0] == words
    story.connect(call_id)
    story.order(UpdateCall(call_id=call_id, way="trying"))
    assert words not in story.call_page().lines


@pytest.mark.requirement("K15")
def test_somebody_else_is_offered_where_there_is_no_way() -> None:
    """The first on the list who can be reached, an open page or a phone; nobody where all are away."""
    story = CallStory.of_aino()
    mikko = Contact(id="mikko", first_name="Mikko", last_name="Aalto", presence="can-be-rung")
    away = replace(RITVA, last_here=story.wall)
    for version, contacts, other in (
        (2, [away, ANNA, mikko], PlaceCall("mikko")),
        (3, [away, replace(ANNA, presence="away")], None),
    ):
        story.tell(DocumentArrived(name="people", document=People(version=version, contacts=contacts)))
        story.touch(PlaceCall("ritva"))
        story.end(story.state.call.id, "not-reachable")  # type: ignore[union-attr]
        page = story.person_page()
        assert (page.other.intent if page.other else None) == other


@pytest.mark.requirement("K15")
def test_when_somebody_was_last_here_is_said_where_they_are_away() -> None:
    """The time today, the date of an earlier day; nothing of somebody who can be reached."""
    story = CallStory.of_aino()
    for version, days, presence, said in (
        (2, 0, "away", True), (3, 3, "away", True), (4, 0, "can-be-rung", False)
    ):  # fmt: skip
        at = story.wall - timedelta(days=days, minutes=1)
        ritva = replace(RITVA, presence=presence, last_here=at)
        story.tell(DocumentArrived(name="people", document=People(version=version, contacts=[ritva])))
        story.touch(OpenPerson("ritva"))
        page = story.person_page()
        assert any(line.startswith("Viimeksi täällä") for line in page.lines) == said
        assert (page.face.presence_words == "Soitettavissa") == (not said)


def test_a_desk_that_falls_silent_is_not_waited_for_for_ever() -> None:
    """After a minute nobody has answered."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    story.pass_time(60.1)
    assert story.ended() == [("failed", 0.0)]
    assert story.person_page().lines == ["Ritva Aalto ei vastannut."]


def test_without_a_link_it_says_at_once_that_nobody_can_be_called() -> None:
    """No false ringing; the person's page says so before."""
    story = CallStory.of_aino()
    story.tell(LinkChanged(connected=False, reason="gone"))
    story.touch(OpenPerson("ritva"))
    page = story.person_page()
    assert page.call is None
    assert "Nyt ei ole yhteyttä, joten soittaminen ei onnistu." in page.lines
    story.touch(PlaceCall("ritva"))
    assert story.state.call is None
    assert story.person_page().lines == ["Nyt ei ole yhteyttä, joten soittaminen ei onnistu."]


def test_only_somebody_on_the_list_can_be_called() -> None:
    """And nobody while help is open."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("stranger"))
    assert story.state.call is None
    story.touch(PressHelp())
    story.touch(PlaceCall("ritva"))
    assert story.state.call is None


def test_only_the_contact_that_was_called_is_connected() -> None:
    """Another contact's answer is declined; the call goes on waiting."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    call_id = story.state.call.id  # type: ignore[union-attr]
    story.connect(call_id, "anna")
    assert story.answers() == ["declined"]
    assert story.call_page().state == "calling"


def test_nobody_is_connected_without_a_call() -> None:
    """A forged connect-call is not a way in."""
    story = CallStory.of_aino()
    story.connect("forged")
    assert story.declined() == ["unknown-caller"]


def wishing() -> tuple[CallStory, str]:
    story = CallStory.of_aino()
    story.touch(RequestUrgentCall())
    story.wait(10.0)
    story.pass_time(1.0)
    story.touch(OpenPage("home"))
    (wish,) = story.reported(UrgentCallRequested)
    return story, wish.request_id


@pytest.mark.requirement("V11")
def test_an_urgent_wish_is_answered_by_the_duty_officer_at_once() -> None:
    """The resident waits for it: the call opens without a ring, and the wish has come true."""
    story, request_id = wishing()
    story.wait(30.0)
    story.connect(request_id, "anna")
    assert begun(story.ready()) == [request_id]
    story.connected()
    assert story.call_page().headline == "Anna Nieminen"
    story.touch(HangUp(request_id))
    assert story.home_page().urgent_call.detail == ""  # type: ignore[union-attr]
    story.connect(request_id, "anna")
    assert story.declined() == ["repeated"]


@pytest.mark.requirement("V11")
def test_an_urgent_wish_of_an_hour_ago_rings_first() -> None:
    """Nobody is looked at who has long left the screen."""
    story, request_id = wishing()
    story.wait(timedelta(hours=1).total_seconds())
    story.connect(request_id, "anna")
    story.ready()
    page = story.call_page()
    assert (page.state, page.lines) == ("ringing", ["Pyysit soittoa."])
    assert begun(story.touch(AnswerCall(request_id))) == [request_id]


@pytest.mark.requirement("V11")
def test_an_urgent_call_that_failed_can_be_tried_again() -> None:
    """The request stays open until a call was connected; a refused one is closed."""
    story, request_id = wishing()
    story.connect(request_id, "anna")
    story.media(Unusable(reason="nonsense"))
    assert story.declined() == ["no-media"]
    story.wait(timedelta(hours=1).total_seconds())
    story.connect(request_id, "anna")
    assert story.call_page().state == "ringing"
    story.touch(RefuseCall(request_id))
    story.connect(request_id, "anna")
    assert [each.why for each in story.reported(CallDeclined)] == ["no-media", "refused", "repeated"]


def test_a_call_that_is_not_answered_yet_is_given_up_with_one_press() -> None:
    """Whatever the view says of hanging up: nothing is lost."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    story.touch(HangUp(story.state.call.id))  # type: ignore[union-attr]
    assert story.ended() == [("resident", 0.0)]


def test_a_link_that_breaks_while_it_calls_ends_the_waiting() -> None:
    """The desk cannot say any more that somebody answered."""
    story = CallStory.of_aino()
    story.touch(PlaceCall("ritva"))
    story.tell(LinkChanged(connected=False, reason="gone"))
    assert story.person_page().lines == ["Nyt ei ole yhteyttä, joten soittaminen ei onnistu."]


def test_how_loud_a_call_is_stays_for_the_next_one() -> None:
    """Louder until it goes no louder; a finger from another call, or a step that is none, changes nothing."""
    story = CallStory.of_aino()
    story.touch(SetLoudness(1))
    story.ring()
    story.touch(AnswerCall("1"))
    assert [each.loudness for each in story.ready() if isinstance(each, BeginCall)] == [4]
    story.connected()
    loudness = story.call_page().loudness
    assert loudness
    assert loudness.louder
    assert SetCallLoudness(call_id="1", loudness=5) in story.touch(loudness.louder.intent)
    loudest = story.call_page().loudness
    assert loudest
    assert (loudest.step, loudest.louder) == (5, None)
    assert SetCallLoudness(call_id="1", loudness=6) not in story.touch(SetLoudness(6))
    story.touch(HangUp("1"))
    after = story.restarted()
    after.tell(LinkChanged(connected=True))
    after.ring("2")
    after.touch(AnswerCall("2"))
    assert [each.loudness for each in after.ready() if isinstance(each, BeginCall)] == [5]


def test_the_simple_profile_has_two_things_to_touch_in_a_call() -> None:
    """To end it, and help."""
    story = CallStory.of_aino(View(version=1, profile="simple"))
    story.ring()
    story.touch(AnswerCall("1"))
    story.ready()
    story.connected()
    assert story.call_page().loudness is None
    assert len(story.call_page().buttons) == 1
