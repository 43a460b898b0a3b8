from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from device.contract.call_log import NOTHING_BEFORE, digest
from device.contract.documents import ForcedCallPolicy, People, Policy
from device.contract.events import CallAnswered, CallLogged
from device.media.messages import Trouble
from device.rules.events import ButtonChanged, DocumentArrived
from device.screen.speech import call_words
from device.window_protocol.intents import HangUp, OpenPage, PressHelp, RefuseCall, SilenceRing
from device.window_protocol.model import PeoplePage, VisitsPage
from tests.device.call_story import ALLOWING, ANNA, RITVA, CallStory, begun

LONG_REASON = "Et ole vastannut aamulla etkä päivällä, ja ovi on auki. " * 3


def policed(**changed: Any) -> CallStory:
    story = CallStory.of_aino()
    forced = replace(ALLOWING, **changed)
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, forced_calls=forced)))
    return story


def looking_in(story: CallStory | None = None, **force: Any) -> CallStory:
    story = story or CallStory.of_aino()
    story.force(**force)
    story.ready()
    story.pass_time(10.0)
    story.connected()
    return story


def visits(story: CallStory) -> VisitsPage:
    story.touch(OpenPage("visits"))
    page = story.screen().page
    assert isinstance(page, VisitsPage)
    return page


@pytest.mark.requirement("K5")
@pytest.mark.requirement("V13")
def test_who_and_why_are_shown_and_spoken_while_it_counts_down() -> None:
    """By the name on the list; the border is there from the first moment."""
    story = CallStory.of_aino()
    story.force(name="The director")
    page = story.call_page()
    assert (page.state, page.countdown, page.forced) == ("countdown", "10", True)
    assert page.headline == "Anna Nieminen"
    assert page.lines == ["Hälytyksen vuoksi: Ovi on auki", "Puhelu avautuu itsestään."]
    assert call_words(story.state, story.now) == f"{page.headline}. {page.lines[0]}. {page.lines[1]}"
    assert [button.intent for button in page.buttons] == [RefuseCall("1")]
    story.pass_time(3.0)
    assert story.call_page().countdown == "7"


@pytest.mark.requirement("K5")
def test_it_opens_by_itself_with_sound_first_then_a_blurred_picture() -> None:
    """Audio first; then the room is blurred for ten seconds."""
    story = CallStory.of_aino()
    story.force()
    story.ready()
    assert story.rooms() == ["off"]
    assert begun(story.pass_time(9.9)) == []
    assert begun(story.pass_time(0.2)) == ["1"]
    story.connected()
    assert story.call_page().lines == ["Anna Nieminen kuulee sinut mutta ei näe sinua vielä."]
    story.pass_time(3.1)
    assert story.rooms() == ["off", "blurred"]
    assert story.call_page().lines == ["Anna Nieminen kuulee sinut ja näkee huoneen sumeana."]
    story.pass_time(9.8)
    assert story.rooms() == ["off", "blurred"]
    story.pass_time(0.2)
    assert story.rooms() == ["off", "blurred", "clear"]
    page = story.call_page()
    assert page.lines == ["Anna Nieminen näkee ja kuulee sinut."]
    assert page.forced


@pytest.mark.requirement("K5")
@pytest.mark.parametrize("reason", ["", "Ovi on auki.", LONG_REASON])
def test_the_call_does_not_open_before_its_words_were_heard(reason: str) -> None:
    """At 110 words a minute after the chime, and with time to say no; never more than 40 s."""
    story = policed(countdown_s=5)
    story.force(reason_text=reason)
    spoken = len(call_words(story.state, story.now).split())
    is_long = len(reason.split()) > 6
    least_s = 2.5 + spoken * 60 / 110 if is_long else 5.0
    story.pass_time(min(40.0, least_s) - 0.1)
    assert story.state.call
    assert story.state.call.stage == "countdown"
    story.pass_time((40.0 if is_long else 5.0) - min(40.0, least_s) + 0.2)
    assert all(line != "Puhelu avautuu itsestään." for line in story.call_page().lines)


@pytest.mark.parametrize("countdown_s", [5, 30])
def test_the_countdown_is_as_long_as_the_policy_says(countdown_s: int) -> None:
    """Not a second shorter, however ready the call process is."""
    story = policed(countdown_s=countdown_s)
    story.force()
    story.ready()
    story.pass_time(countdown_s - 0.1)
    assert not story.reported(CallAnswered)
    story.pass_time(0.2)
    assert story.reported(CallAnswered)


@pytest.mark.requirement("K5")
def test_not_now_refuses_and_is_logged() -> None:
    """The caller learns it, and so does the log."""
    story = CallStory.of_aino()
    story.force()
    story.touch(RefuseCall("1"))
    assert story.declined() == ["refused"]
    assert [(entry.outcome, entry.seconds) for entry in story.log()] == [("refused", 0.0)]
    assert visits(story).visits[0].outcome == "Sanoit: ei nyt"


@pytest.mark.requirement("V12")
@pytest.mark.requirement("K5")
@pytest.mark.parametrize(
    ("changed", "force", "why"),
    [
        ({"by_professionals": False}, {}, "not-allowed"),
        ({"by_relatives": False}, {"contact_id": "ritva", "role": "relative"}, "not-allowed"),
        ({"consent_on_file": False}, {}, "no-consent"),
        ({"allowed_from": "13:00"}, {}, "outside-hours"),
        ({"allowed_from": "18:00", "allowed_until": "11:59"}, {}, "outside-hours"),
        ({"most_per_day": 0}, {}, "too-often"),
        ({}, {"contact_id": "stranger"}, "unknown-caller"),
        ({}, {"contact_id": "ritva", "role": "professional"}, "unknown-caller"),
        ({}, {"contact_id": "anna", "role": "relative"}, "unknown-caller"),
    ],
)
def test_the_device_refuses_even_when_the_desk_errs(
    changed: dict[str, Any], force: dict[str, Any], why: str
) -> None:
    """It is Saturday noon in Helsinki. Nothing is shown, nothing is prepared, the reason is reported."""
    story = policed(**changed)
    story.force(**force)
    assert story.declined() == [why]
    assert story.answers() == ["declined"]
    assert story.state.call is None
    assert story.rooms() == []


@pytest.mark.requirement("V12")
def test_a_relative_needs_the_right_for_themselves() -> None:
    """Relatives of one resident may differ."""
    story = CallStory.of_aino()
    without = replace(RITVA, may_force_call=False)
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=[without, ANNA])))
    story.force(contact_id="ritva", role="relative")
    assert story.declined() == ["not-allowed"]
    story.tell(DocumentArrived(name="people", document=People(version=3, contacts=[RITVA, ANNA])))
    story.force("2", contact_id="ritva", role="relative")
    assert story.call_page().state == "countdown"


@pytest.mark.requirement("K5")
def test_hours_may_lie_over_midnight() -> None:
    """From six in the evening until noon and a minute."""
    story = policed(allowed_from="18:00", allowed_until="12:01")
    story.force()
    assert story.call_page().state == "countdown"


@pytest.mark.requirement("K4")
def test_without_a_trusted_clock_nobody_looks_in() -> None:
    """A device that does not know the hour does not guess that it is allowed."""
    story = CallStory.of_aino()
    story.trusted = False
    story.force()
    assert story.declined() == ["outside-hours"]


@pytest.mark.requirement("K5")
def test_it_happens_only_so_often_on_a_day_and_again_on_the_next() -> None:
    """Refused ones count: they disturbed too. By the resident's midnight, also after a power cut."""
    story = policed(most_per_day=2)
    story.force("1")
    story.touch(RefuseCall("1"))
    looking_in(story, call_id="2").touch(HangUp("2"))
    story = story.restarted()
    story.force("3")
    assert story.declined() == ["too-often"]
    story.wait(timedelta(hours=20).total_seconds())
    story.force("4")
    assert story.call_page().state == "countdown"


@pytest.mark.requirement("V21")
@pytest.mark.requirement("K5")
def test_it_ends_at_the_hard_limit_even_where_an_end_has_died() -> None:
    """Neither desk nor call process says anything any more."""
    story = looking_in(limit_min=2)
    story.pass_time(120.0)
    assert story.ended() == [("limit", 120.0)]
    assert story.hang_ups() == ["1"]


@pytest.mark.requirement("K5")
@pytest.mark.parametrize("leave", ["end", "leave"])
def test_it_ends_when_the_caller_leaves(leave: str) -> None:
    """By hanging up, or by a lost connection."""
    story = looking_in()
    story.pass_time(200.0)
    getattr(story, leave)()
    (entry,) = story.log()
    assert entry.seconds == 200.0
    assert visits(story).visits[0].outcome == "Kesti 3 minuuttia"


@pytest.mark.requirement("K5")
def test_a_caller_who_leaves_during_the_countdown_never_saw_anything() -> None:
    """That too is logged: the resident was disturbed."""
    story = CallStory.of_aino()
    story.force()
    story.end()
    assert not story.reported(CallAnswered)
    assert visits(story).visits[0].outcome == "Puhelu ei yhdistynyt"


@pytest.mark.requirement("K5")
def test_a_call_process_that_is_not_ready_opens_nothing() -> None:
    """It is ended, reported and logged."""
    story = CallStory.of_aino()
    story.force()
    story.pass_time(31.0)
    assert story.declined() == ["no-media"]
    assert [entry.outcome for entry in story.log()] == ["no-media"]


@pytest.mark.requirement("V12")
@pytest.mark.parametrize("is_connected", [True, False])
@pytest.mark.parametrize(
    "forced",
    [ForcedCallPolicy(by_relatives=True, consent_on_file=True), replace(ALLOWING, consent_on_file=False)],
)
def test_a_right_withdrawn_ends_what_it_had_opened(is_connected: bool, forced: ForcedCallPolicy) -> None:
    """At once, counting down or connected."""
    story = looking_in() if is_connected else CallStory.of_aino()
    if not is_connected:
        story.force()
    story.tell(DocumentArrived(name="policy", document=Policy(version=2, forced_calls=forced)))
    assert [why for why, _ in story.ended()] == ["withdrawn"]
    assert story.state.call is None


@pytest.mark.requirement("V12")
def test_a_relative_who_loses_the_right_is_out_and_a_changed_text_changes_nothing() -> None:
    """Only what matters for this call matters."""
    story = looking_in(contact_id="ritva", role="relative")
    renamed = replace(RITVA, relation="tytär")
    story.tell(DocumentArrived(name="people", document=People(version=2, contacts=[renamed])))
    assert story.state.call
    without = replace(RITVA, may_force_call=False)
    story.tell(DocumentArrived(name="people", document=People(version=3, contacts=[without])))
    assert [why for why, _ in story.ended()] == ["withdrawn"]


@pytest.mark.requirement("K3")
def test_help_wins_over_a_forced_call() -> None:
    """Before it opens, and while it goes on."""
    story = CallStory.of_aino()
    story.force()
    story.tell(ButtonChanged(name="help"))
    assert story.declined() == ["help"]
    assert [entry.outcome for entry in story.log()] == ["help"]
    story = looking_in()
    story.touch(PressHelp())
    assert [why for why, _ in story.ended()] == ["help"]
    story.force("2")
    assert story.declined() == ["help"]


@pytest.mark.requirement("K5")
def test_a_power_cut_leaves_an_entry_in_the_log() -> None:
    """With the time since it was connected, by the clock on the wall."""
    story = looking_in()
    story.wait(40.0)
    story = story.restarted()
    story.pass_time(0.1)
    (entry,) = story.log()
    assert (entry.outcome, entry.number) == ("restart", 1)
    assert entry.seconds == pytest.approx(40.0, abs=1.0)


@pytest.mark.requirement("K5")
def test_the_log_is_a_chain_that_a_changed_entry_breaks() -> None:
    """Over restarts and the wire; each digest is over its own entry and names the one before."""
    story = policed(most_per_day=24)
    log: list[CallLogged] = []
    for number in range(3):
        looking_in(story, call_id=f"call-{number}").touch(HangUp(f"call-{number}"))
        log += story.log()
        story = story.restarted()
    log = msgspec.json.decode(msgspec.json.encode(log), type=list[CallLogged])
    assert [entry.number for entry in log] == [1, 2, 3]
    assert _holds(log)
    changed = replace(log[1], reason_text="Something else")
    assert not _holds([log[0], changed, log[2]])
    assert not _holds([log[0], replace(changed, sha256=digest(changed)), log[2]])
    assert not _holds([log[0], log[2]])


def _holds(log: list[CallLogged]) -> bool:
    before = [NOTHING_BEFORE, *(entry.sha256 for entry in log)]
    return all(
        entry.sha256 == digest(entry) and entry.previous_sha256 == previous
        for entry, previous in zip(log, before, strict=False)
    )


@pytest.mark.requirement("K5")
def test_who_looked_in_on_me_is_a_page_as_long_as_there_was_somebody_this_month() -> None:
    """News for a day, then to be found with the people: when, who, why and what became of it."""
    story = CallStory.of_aino()
    assert story.home_page().news is None
    looking_in(story).touch(HangUp("1"))
    button = story.home_page().news
    assert button
    assert button.words == "Kuka katsoi"
    story.wait(timedelta(hours=25).total_seconds())
    assert story.home_page().news is None
    story.touch(OpenPage("people"))
    page = story.screen().page
    assert isinstance(page, PeoplePage)
    assert page.visits == button
    story.wait(-timedelta(hours=25).total_seconds())
    story.wait(timedelta(days=1).total_seconds())
    story.force("2", contact_id="ritva", role="relative", reason="other", reason_text="Kaipaan")
    story.touch(RefuseCall("2"))
    first, second = visits(story).visits
    assert (first.who, first.when, first.why) == ("Ritva Aalto", "Tänään klo 12.00", "Kaipaan")
    assert (second.who, second.when) == ("Anna Nieminen", "lauantaina klo 12.00")
    story.wait(timedelta(days=31).total_seconds())
    assert visits(story).visits == []


@pytest.mark.requirement("V17")
def test_who_is_not_on_the_list_any_more_is_not_named_among_the_visits() -> None:
    """The visit stays, the name goes."""
    story = CallStory.of_aino()
    looking_in(story).touch(HangUp("1"))
    story.tell(DocumentArrived(name="people", document=People(version=2)))
    page = visits(story)
    assert page.visits[0].who == "Joku, joka ei ole enää luettelossasi"
    assert "Nieminen" not in repr(page)


def test_a_broken_camera_is_not_said_to_see() -> None:
    """No false words about being seen, either way."""
    story = looking_in()
    story.media(Trouble(part="camera", reason="unplugged"))
    assert story.call_page().lines == ["Kamera ei toimi: Anna Nieminen ei näe sinua."]


@pytest.mark.requirement("V1")
def test_mute_does_not_hide_a_forced_call() -> None:
    """It counts down and opens all the same."""
    story = CallStory.of_aino()
    story.touch(SilenceRing(hours=2))
    looking_in(story)
    assert story.call_page().forced


def test_a_long_reason_is_cut_at_a_word_on_the_screen_and_whole_in_the_log() -> None:
    """The page has room for people to read."""
    story = CallStory.of_aino()
    text = "sana " * 99 + "sana"
    story.force(reason="other", reason_text=text)
    line, _ = story.call_page().lines
    assert line.endswith("sana …")
    assert len(line) <= 202
    story.touch(RefuseCall("1"))
    assert story.log()[0].reason_text == text


def test_the_log_on_the_device_is_bounded_and_goes_on_counting() -> None:
    """The desk has the whole of it."""
    story = policed(most_per_day=24)
    for number in range(120):
        story.force(f"call-{number}")
        story.touch(RefuseCall(f"call-{number}"))
        story.wait(timedelta(days=1).total_seconds())
    assert len(story.state.forced_calls.log) == 100
    assert story.state.forced_calls.log[-1].number == 120
