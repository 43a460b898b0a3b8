import pytest

from device.contract.commands import Ring
from device.contract.documents import People, Policy, View
from device.contract.events import CallAnswered, CallConnected, CallDeclined, CallMissed
from device.media.messages import Connected, PictureIs, Trouble, Unusable
from device.rules.effects import AnswerCommand, PrepareCall
from device.rules.events import (
    ButtonChanged,
    DocumentArrived,
    Intended,
    LinkChanged,
    Ticked,
    WindowCame,
    WindowPainted,
    WindowWent,
)
from device.rules.window import LOSSES_APART_S, PLAIN_FOR_S
from device.window_protocol.intents import (
    AnswerCall,
    ForgetMissed,
    HangUp,
    OpenPage,
    PressHelp,
    RefuseCall,
    SilenceRing,
)
from device.window_protocol.messages import BEAT_INTERVAL_S
from device.window_protocol.model import HelpPage, Home, NoticePage
from tests.device.call_story import ANSWER, OFFER, CallStory, begun, recorded
from tests.device.story import EVERYTHING


def talking(view: View | None = None, **ring: object) -> CallStory:
    story = CallStory.of_aino(view)
    story.ring(**ring)  # type: ignore[arg-type]
    story.ready()
    story.touch(AnswerCall("1"))
    story.connected()
    return story


def test_a_ring_shows_who_calls_and_is_prepared_before_the_finger_comes_down() -> None:
    """By the name on the list: a caller cannot give themselves another."""
    story = CallStory.of_aino()
    effects = story.ring(name="The bank")
    assert PrepareCall(call_id="1", offer=OFFER, ice_servers=[]) in effects
    page = story.call_page()
    assert page.headline == "Ritva Aalto soittaa"
    assert [button.intent for button in page.buttons] == [AnswerCall("1"), RefuseCall("1")]
    assert story.answers() == ["done"]


def test_one_big_button_answers() -> None:
    """The desk gets the answer to its offer, and both are connected."""
    story = CallStory.of_aino()
    story.ring()
    story.ready()
    effects = story.touch(AnswerCall("1"))
    assert recorded(effects) == [CallAnswered(call_id="1", answer=ANSWER)]
    assert begun(effects) == ["1"]
    assert recorded(story.connected()) == [CallConnected(call_id="1")]
    story.media(PictureIs(quality="good"))
    page = story.call_page()
    assert (page.state, page.headline, page.frames) == ("connected", "Ritva Aalto", "/run/frames")
    assert not page.forced


def test_a_finger_faster_than_the_call_process_waits_for_it() -> None:
    """It is answered as soon as there is something to answer with."""
    story = CallStory.of_aino()
    story.ring()
    assert recorded(story.touch(AnswerCall("1"))) == []
    assert story.call_page().lines == ["Hetkinen, yhdistetään."]
    assert recorded(story.ready()) == [CallAnswered(call_id="1", answer=ANSWER)]


def test_refused_is_reported_and_nothing_is_missed() -> None:
    """Who was refused on purpose is not offered as a missed call."""
    story = CallStory.of_aino()
    story.ring()
    story.touch(RefuseCall("1"))
    assert story.declined() == ["refused"]
    assert story.hang_ups() == ["1"]
    assert story.home_page().news is None


@pytest.mark.requirement("V22")
def test_nobody_answers_for_45_seconds() -> None:
    """It is reported, and stands on the home page with its time until it is touched."""
    story = CallStory.of_aino()
    story.ring()
    story.pass_time(44.9)
    assert story.reported(CallMissed) == []
    story.pass_time(0.2)
    assert story.reported(CallMissed) == [CallMissed(call_id="1")]
    missed = story.home_page().news
    assert missed
    assert (missed.words, missed.detail) == ("Ritva Aalto soitti", "Tänään klo 12.00")
    story.touch(ForgetMissed())
    assert story.person_page().call
    story.touch(OpenPage("home"))
    assert story.home_page().news is None


@pytest.mark.requirement("V22")
def test_missed_calls_survive_a_power_cut_and_come_one_person_at_a_time() -> None:
    """Each person is listed once."""
    story = CallStory.of_aino()
    for call_id, contact_id in (("1", "anna"), ("2", "ritva"), ("3", "ritva")):
        story.ring(call_id, contact_id)
        story.end(call_id)
    assert len(story.reported(CallMissed)) == 3
    story = story.restarted()
    assert story.home_page().news.words == "Ritva Aalto soitti"  # type: ignore[union-attr]
    story.touch(ForgetMissed())
    story.touch(OpenPage("home"))
    assert story.home_page().news.words == "Anna Nieminen soitti"  # type: ignore[union-attr]


@pytest.mark.requirement("K4")
def test_a_missed_call_without_a_clock_has_no_time() -> None:
    """An unsynchronised clock is never shown as the time."""
    story = CallStory.of_aino()
    story.trusted = False
    story.ring()
    story.end()
    assert story.home_page().news.detail == ""  # type: ignore[union-attr]


def test_a_ring_that_was_long_on_its_way_ends_with_the_callers_patience() -> None:
    """Nobody is called to a screen where nobody waits any more."""
    story = CallStory.of_aino()
    story.order(Ring(call_id="1", contact_id="ritva", name="R", offer=OFFER), expires_in_s=10.0)
    story.pass_time(10.1)
    assert story.reported(CallMissed) == [CallMissed(call_id="1")]


def test_two_callers_at_once() -> None:
    """The second gets "busy", and is among the missed calls afterwards."""
    story = talking()
    story.ring("2", "anna")
    assert story.declined() == ["busy"]
    assert story.state.call.id == "1"  # type: ignore[union-attr]
    story.touch(HangUp("1"))
    assert story.home_page().news.words == "Anna Nieminen soitti"  # type: ignore[union-attr]


@pytest.mark.requirement("V9")
def test_a_device_that_is_not_in_use_never_rings() -> None:
    """It stands in a store room."""
    story = CallStory.of_aino()
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, use="in-stock")))
    story.ring()
    assert story.declined() == ["not-in-use"]
    assert isinstance(story.screen().page, NoticePage)


@pytest.mark.requirement("K3")
def test_a_call_arriving_with_help_is_answered_with_that_reason() -> None:
    """Help wins; who called is kept."""
    story = CallStory.of_aino()
    story.touch(PressHelp())
    story.ring()
    assert story.declined() == ["help"]
    assert isinstance(story.screen().page, HelpPage)
    assert story.state.calls.missed[0].party.contact_id == "ritva"


@pytest.mark.requirement("K3", "S1")
def test_the_one_who_answers_help_gets_through_and_may_be_talked_with() -> None:
    """The call is taken while help is open, and goes on when it is pressed again; help is there after it."""
    story = CallStory.of_aino()
    story.touch(PressHelp())
    story.ring(contact_id="operator", name="Olli Larm", answers_help=True)
    assert story.call_page().headline == "Olli Larm soittaa"
    story.ready()
    story.touch(AnswerCall("1"))
    story.connected()
    story.pass_time(5.0)
    story.tell(ButtonChanged(name="help"))
    assert story.call_page().state == "connected"
    story.ring("2")
    assert story.declined() == ["help"]
    story.touch(HangUp("1"))
    story.touch(HangUp("1"))
    assert isinstance(story.screen().page, HelpPage)
    assert story.state.requests.help_is_open


@pytest.mark.requirement("K3")
def test_a_call_that_answers_help_is_as_any_other_once_help_is_over() -> None:
    """The next call for help is another one, and comes first."""
    story = CallStory.of_aino()
    story.ring(answers_help=True)
    assert story.call_page().state == "ringing"
    story.touch(PressHelp())
    assert story.declined() == ["help"]


@pytest.mark.requirement("K3")
@pytest.mark.parametrize("press", [Intended(intent=PressHelp()), ButtonChanged(name="help")])
def test_help_raised_during_a_call_ends_it(press: Intended | ButtonChanged) -> None:
    """On the screen or by the button; the help page is there at once."""
    story = talking()
    story.pass_time(12.0)
    story.tell(press)
    assert story.ended() == [("help", 12.0)]
    assert story.hang_ups() == ["1"]
    assert isinstance(story.screen().page, HelpPage)


@pytest.mark.requirement("K3")
def test_help_raised_while_it_rings_declines_it() -> None:
    """The caller gets the reason."""
    story = CallStory.of_aino()
    story.ring()
    story.touch(PressHelp())
    assert story.declined() == ["help"]


def test_the_caller_leaves_while_it_rings() -> None:
    """It stops ringing at once."""
    story = CallStory.of_aino()
    story.ring()
    story.end()
    assert story.state.call is None
    assert story.reported(CallMissed) == [CallMissed(call_id="1")]


@pytest.mark.parametrize("leave", ["end", "leave"])
def test_when_the_other_end_is_gone_the_screen_says_so_and_is_home_again(leave: str) -> None:
    """Hung up at the other end, or a browser that died: words for half a minute, or until a touch."""
    story = talking()
    getattr(story, leave)()
    assert story.person_page().lines == [
        "Puhelu on päättynyt." if leave == "end" else "Yhteys katkesi: Ritva Aalto ei enää kuule sinua."
    ]
    assert story.hang_ups() == ["1"]
    story.pass_time(29.8)
    assert story.person_page().lines
    story.pass_time(0.3)
    assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("V23")
def test_one_press_hangs_up() -> None:
    """Where the view asks for one, the screen is home again at once."""
    story = talking()
    story.pass_time(61.0)
    story.touch(HangUp("1"))
    assert story.ended() == [("resident", 61.0)]
    assert isinstance(story.screen().page, Home)


@pytest.mark.requirement("V23")
def test_the_first_of_two_presses_only_asks() -> None:
    """In plain words; without the second one it falls back after half a minute."""
    story = talking(View(version=1, elements=EVERYTHING, hang_up_presses=2))
    story.touch(HangUp("1"))
    assert story.call_page().headline == "Haluatko lopettaa puhelun?"
    story.pass_time(29.8)
    assert story.call_page().headline == "Haluatko lopettaa puhelun?"
    story.pass_time(0.3)
    assert story.call_page().headline == "Ritva Aalto"
    story.touch(HangUp("1"))
    assert story.ended() == []
    story.touch(HangUp("1"))
    assert [why for why, _ in story.ended()] == ["resident"]


@pytest.mark.requirement("V21")
def test_a_minute_before_the_limit_it_warns_and_at_the_limit_it_hangs_up() -> None:
    """By the stricter of invitation and policy, with desk and call process silent."""
    story = CallStory.of_aino()
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, call_limit_min=20)))
    story.ring(limit_min=30)
    story.ready()
    story.touch(AnswerCall("1"))
    story.connected()
    story.pass_time(19 * 60 - 1)
    assert story.call_page().notice == ""
    story.pass_time(2)
    assert story.call_page().notice == "Puhelu päättyy minuutin kuluttua"
    story.pass_time(59)
    assert [why for why, _ in story.ended()] == ["limit"]
    assert story.hang_ups() == ["1"]
    assert story.person_page().lines == ["Puhelun aika päättyi."]


def test_a_replayed_invitation_is_declined() -> None:
    """Also after a power cut, and by another command's id."""
    story = CallStory.of_aino()
    story.ring()
    story.touch(RefuseCall("1"))
    story = story.restarted()
    effects = story.ring()
    assert CallDeclined(call_id="1", why="repeated", detail="this call has been here before") in recorded(
        effects
    )


def test_a_copy_of_the_call_that_is_on_does_not_end_it_at_the_desk() -> None:
    """The command is declined; of the call itself nothing is said."""
    story = talking()
    effects = story.ring()
    assert recorded(effects) == []
    assert [each.answer.stage for each in effects if isinstance(each, AnswerCommand)] == ["declined"]


@pytest.mark.requirement("V14")
def test_a_caller_hidden_from_the_resident_is_named_by_the_invitation() -> None:
    """One-way visibility: they may ring, they cannot be called back."""
    story = CallStory.of_aino()
    story.ring(contact_id="hidden", name="Kalle Kulkija")
    assert story.call_page().headline == "Kalle Kulkija soittaa"
    assert story.call_page().face.initials == "KK"
    story.end()
    story.touch(ForgetMissed())
    assert story.home_page().news is None


@pytest.mark.requirement("V8")
@pytest.mark.requirement("V17")
@pytest.mark.parametrize("stage", ["ringing", "connected"])
def test_a_contact_taken_off_the_list_is_gone_in_the_middle_of_the_call(stage: str) -> None:
    """And not among the missed, nor by name on the screen."""
    story = talking() if stage == "connected" else CallStory.of_aino()
    if stage == "ringing":
        story.ring()
    story.tell(DocumentArrived(name="people", document=People(version=2)))
    assert [why for why, _ in story.ended()] == ["withdrawn"]
    assert story.hang_ups() == ["1"]
    assert "Ritva" not in repr(story.screen())


@pytest.mark.requirement("V17")
def test_a_missed_call_of_somebody_who_is_gone_is_not_shown() -> None:
    """Nobody is named who is not on the list any more."""
    story = CallStory.of_aino()
    story.ring()
    story.end()
    story.tell(DocumentArrived(name="people", document=People(version=2)))
    assert story.home_page().news is None


@pytest.mark.requirement("V1")
def test_a_muted_ring_is_shown_and_says_that_it_is_silent() -> None:
    """Mute never hides a call."""
    story = CallStory.of_aino()
    story.touch(SilenceRing(hours=2))
    story.ring()
    assert story.call_page().lines == ["Soittoääni on pois päältä."]


def test_nonsense_for_an_offer_is_declined_with_a_reason() -> None:
    """An invalid offer stops ringing, and the desk gets the error."""
    story = CallStory.of_aino()
    story.ring()
    story.media(Unusable(reason="not a session description"))
    assert story.reported(CallDeclined) == [
        CallDeclined(call_id="1", why="no-media", detail="not a session description")
    ]
    assert story.hang_ups() == ["1"]


def test_without_a_call_process_nobody_rings_in_vain() -> None:
    """The caller learns at once that this device cannot talk, and not after 45 seconds."""
    story = CallStory.of_aino()
    story.ring()
    story.leave()
    assert story.declined() == ["no-media"]
    story.ring("2")
    story.ready()
    story.leave()
    assert story.reported(CallMissed) == [CallMissed(call_id="2")]


def test_a_browser_that_never_sends_sound_is_given_up() -> None:
    """After twenty seconds, in words that stay."""
    story = CallStory.of_aino()
    story.ring()
    story.ready()
    story.touch(AnswerCall("1"))
    story.pass_time(20.1)
    assert story.ended() == [("failed", 0.0)]
    assert story.person_page().lines == ["Puhelua ei saatu yhdistettyä."]


def test_what_an_ended_call_process_still_says_changes_nothing() -> None:
    """Late words of the last call never touch the next."""
    story = talking()
    story.touch(HangUp("1"))
    story.ring("2")
    story.media(Unusable(reason="late"), call_id="1")
    assert story.state.call.id == "2"  # type: ignore[union-attr]


def test_a_poor_picture_and_a_dead_camera_are_said() -> None:
    """Before it freezes, and only as long as it is so."""
    story = talking()
    story.media(PictureIs(quality="poor"), Trouble(part="camera", reason="unplugged"))
    page = story.call_page()
    assert page.notice == "Kuva on huono"
    assert page.lines == ["Kamera ei toimi: Ritva Aalto ei näe sinua."]
    story.media(PictureIs(quality="none"), Trouble(part="camera", reason=""))
    page = story.call_page()
    assert (page.notice, page.lines, page.frames) == ("", [], "")


@pytest.mark.parametrize(("stage", "reported"), [("ringing", "missed"), ("connected", "restart")])
def test_a_power_cut_in_the_middle_of_a_call_is_reported_after_the_start(stage: str, reported: str) -> None:
    """The desk does not believe in a call that is not there."""
    story = talking() if stage == "connected" else CallStory.of_aino()
    if stage == "ringing":
        story.ring()
    story.wait(30.0)
    story = story.restarted()
    story.pass_time(0.1)
    if reported == "missed":
        assert story.reported(CallMissed) == [CallMissed(call_id="1")]
    else:
        assert [why for why, _ in story.ended()] == ["restart"]
        assert story.ended()[0][1] == pytest.approx(30.1, abs=0.2)
    assert story.state.calls.under_way is None


def test_a_call_goes_on_without_the_desk_and_says_nothing_of_it() -> None:
    """Two people talk to each other: that the desk cannot be reached is no news for them."""
    story = talking()
    story.tell(LinkChanged(connected=False, reason="gone"))
    assert story.call_page().state == "connected"
    assert story.screen().notice == ""


@pytest.mark.requirement("K2")
def test_a_window_that_keeps_falling_over_a_picture_goes_on_without_it() -> None:
    """The third loss in a row leaves out what a driver may have fallen over; a later call has it again."""
    story = talking()
    story.media(PictureIs(quality="good"))
    for loss in range(3):
        assert story.call_page().frames, f"after {loss} losses"
        story.tell(WindowCame(), WindowPainted(versions={}))
        story.wait(9.0)
        story.tell(WindowWent())
    story.tell(WindowCame(), WindowPainted(versions={}))
    page = story.call_page()
    assert (page.state, page.frames, page.buttons[0].intent) == ("connected", "", HangUp("1"))
    story.end()
    for _ in range(int(PLAIN_FOR_S / BEAT_INTERVAL_S) + 1):
        story.wait(BEAT_INTERVAL_S)
        story.tell(Ticked(with_beat=True))
    story.ring("2")
    story.ready()
    story.touch(AnswerCall("2"))
    story.media(Connected(), PictureIs(quality="good"))
    assert story.call_page().frames


@pytest.mark.requirement("K2")
def test_a_window_that_is_lost_now_and_then_keeps_its_pictures() -> None:
    """A loss each night is another matter."""
    story = talking()
    story.media(PictureIs(quality="good"))
    for _ in range(5):
        story.tell(WindowCame(), WindowPainted(versions={}))
        story.wait(LOSSES_APART_S)
        story.tell(Ticked(with_beat=True), WindowWent())
    assert story.call_page().frames
