import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.commands import Answer, UpdateHelp
from device.contract.events import HelpPressedAgain, HelpRaised, UrgentCallRequested
from device.rules.begin import begin
from device.rules.effects import AnswerCommand, AskByHttps, SendByHttps
from device.rules.events import (
    ButtonChanged,
    CommandArrived,
    Event,
    EventsReceived,
    Intended,
    LinkChanged,
    Ticked,
)
from device.rules.state import State
from device.window_protocol.intents import OpenPage, PressHelp, RequestUrgentCall
from device.window_protocol.model import HelpPage, Home
from tests.device.story import NOON, Story

CONNECTED = LinkChanged(connected=True)


def help_page(story: Story) -> HelpPage:
    page = story.screen().page
    assert isinstance(page, HelpPage)
    return page


def desk_says(story: Story, stage: str, by: str = "Anna") -> CommandArrived:
    help_id = story.state.requests.help.id if story.state.requests.help else "none"
    update = UpdateHelp(help_id=help_id, stage=stage, by=by)  # type: ignore[arg-type]
    return CommandArrived(id=f"c-{stage}", command=update, expires_at=NOON)


@pytest.mark.requirement("K3")
def test_each_step_is_shown_only_once_it_is_known() -> None:
    """From the press to the carer at the door, the screen says what is so and no more."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    assert help_page(story).headline == "Apua kutsutaan"
    help_id = story.state.requests.help.id  # type: ignore[union-attr]
    story.tell(EventsReceived(ids=frozenset({help_id})))
    assert help_page(story).headline == "Avunpyyntösi on perillä"
    story.tell(desk_says(story, "taken"))
    assert help_page(story).headline == "Anna on tulossa luoksesi"
    story.tell(desk_says(story, "arrived"))
    assert help_page(story).headline == "Anna on luonasi"
    story.tell(desk_says(story, "closed"))
    assert help_page(story).headline == "Avunpyyntö on päättynyt"


@pytest.mark.requirement("K3")
def test_who_is_there_first_is_not_said_to_have_been_the_one_who_was_coming() -> None:
    """Leena takes it, Anna is nearer: what was so stays on the page as it was."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    story.tell(desk_says(story, "taken", "Leena"))
    assert "Leena tulee" in [step.words for step in help_page(story).steps]
    story.tell(desk_says(story, "arrived", "Anna"))
    assert help_page(story).headline == "Anna on luonasi"
    assert "Leena tulee" in [step.words for step in help_page(story).steps]


def desk_updates(story: Story, number: int, stage: str, by: str = "") -> CommandArrived:
    help_id = story.state.requests.help.id if story.state.requests.help else "none"
    update = UpdateHelp(help_id=help_id, stage=stage, by=by, number=number)  # type: ignore[arg-type]
    return CommandArrived(id=f"u-{number}", command=update, expires_at=NOON)


@pytest.mark.requirement("K3")
def test_the_screen_follows_who_really_comes() -> None:
    """Handed over, given back, opened again: the newest word holds, and nobody comes who does not."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    story.tell(desk_updates(story, 1, "taken", "Anna"))
    story.tell(desk_updates(story, 2, "taken", "Mikael"))
    assert help_page(story).headline == "Mikael on tulossa luoksesi"
    story.tell(desk_updates(story, 3, "received", "Mikael"))
    assert help_page(story).headline == "Avunpyyntösi on perillä"
    assert "Mikael tulee" not in [step.words for step in help_page(story).steps]
    story.tell(desk_updates(story, 5, "closed", "Anna"), desk_updates(story, 4, "taken", "Anna"))
    assert help_page(story).headline == "Avunpyyntö on päättynyt"
    story.tell(desk_updates(story, 6, "taken", "Anna"))
    assert help_page(story).headline == "Anna on tulossa luoksesi"


@pytest.mark.requirement("K3")
@given(st.permutations([(1, "taken"), (2, "received"), (3, "taken"), (4, "arrived")]))
def test_updates_that_come_out_of_order_end_where_the_desk_is(updates: list[tuple[int, str]]) -> None:
    """In whatever order they arrive, the highest number is what the screen ends with."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    for number, stage in updates:
        story.tell(desk_updates(story, number, stage, "Anna"))
    request = story.state.requests.help
    assert request is not None
    assert request.stage == "arrived"


@pytest.mark.requirement("K3")
def test_without_a_link_the_screen_says_that_help_has_not_got_through() -> None:
    """No false comfort: what was not received is not called received."""
    story = Story.of_aino()
    story.tell(ButtonChanged(name="help"))
    page = help_page(story)
    assert page.headline == "Avunpyyntö ei ole vielä mennyt perille"
    assert page.back is None
    assert [step.state for step in page.steps] == ["done", "now", "ahead", "ahead"]


@pytest.mark.requirement("K3")
def test_a_trembling_finger_raises_one_request() -> None:
    """However often and wherever it is pressed, an open request stays one."""
    story = Story.of_aino()
    story.tell(Intended(intent=PressHelp()), ButtonChanged(name="help"), Intended(intent=PressHelp()))
    assert len(story.recorded(HelpRaised)) == 1


def test_after_a_request_is_closed_another_can_be_raised() -> None:
    """A new request is opened."""
    story = Story.of_aino()
    story.tell(Intended(intent=PressHelp()))
    story.tell(desk_says(story, "closed"))
    story.tell(Intended(intent=PressHelp()))
    assert len(story.recorded(HelpRaised)) == 2


def test_a_late_word_takes_nothing_back() -> None:
    """Who is with the resident is not on the way to them any more."""
    story = Story.of_aino()
    story.tell(Intended(intent=PressHelp()))
    story.tell(desk_says(story, "arrived"), desk_says(story, "taken", by="Bo"))
    assert help_page(story).headline == "Anna on luonasi"


def test_a_word_on_a_request_that_is_not_known_is_declined() -> None:
    """The desk learns that the device does not know it."""
    story = Story.of_aino()
    (answer,) = story.tell(desk_says(story, "taken"))
    assert isinstance(answer, AnswerCommand)
    assert answer.answer == Answer(
        stage="declined", reason="this request is not known on the device any more"
    )


@pytest.mark.requirement("K3")
def test_after_a_restart_an_open_request_is_on_the_screen() -> None:
    """A power cut does not make the screen forget that help was asked for."""
    story = Story.of_aino()
    story.tell(Intended(intent=PressHelp()))
    kept = State(documents=story.state.documents, requests=story.state.requests)
    assert help_page(Story(begin(kept))).state == "sending"


def test_the_way_home_is_open_once_help_knows() -> None:
    """The resident can go back, and the help button goes on telling who comes."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    story.tell(desk_says(story, "taken"), Intended(intent=OpenPage("home")))
    screen = story.screen()
    assert isinstance(screen.page, Home)
    assert screen.help
    assert screen.help.words == "Anna tulee"


@pytest.mark.requirement("V11")
def test_the_urgent_call_shows_who_will_call() -> None:
    """After ten seconds the wish goes to the people on duty, and the button says how it is doing."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=RequestUrgentCall()), Intended(intent=RequestUrgentCall()))
    assert help_page(story).headline == "Pyydämme soittoa 10 sekunnin kuluttua"
    story.wait(9.0)
    story.tell(Ticked())
    assert story.recorded(UrgentCallRequested) == []
    story.wait(1.0)
    story.tell(Ticked())
    (wish,) = story.recorded(UrgentCallRequested)
    assert help_page(story).headline == "Olet pyytänyt soittoa"
    story.tell(Intended(intent=OpenPage("home")))
    story.tell(EventsReceived(ids=frozenset({wish.id or ""})))
    page = story.screen().page
    assert isinstance(page, Home)
    assert page.urgent_call
    assert page.urgent_call.detail == "Pyyntö on perillä. Sinulle soitetaan."


@pytest.mark.requirement("V11")
def test_an_urgent_call_can_be_taken_back_for_ten_seconds() -> None:
    """A touch that was not meant sets nobody in motion."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=RequestUrgentCall()))
    cancel = help_page(story).cancel
    assert cancel
    story.wait(9.0)
    story.tell(Intended(intent=cancel.intent))
    story.wait(60.0)
    story.tell(Ticked())
    assert story.recorded(UrgentCallRequested) == []
    assert isinstance(story.screen().page, Home)


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.just(Intended(intent=PressHelp())),
    st.just(ButtonChanged(name="help")),
    st.just(Ticked()),
    st.builds(LinkChanged, connected=st.booleans()),
    st.builds(
        CommandArrived,
        id=st.uuids().map(str),
        expires_at=st.just(NOON),
        command=st.builds(
            UpdateHelp,
            help_id=st.sampled_from(["id-1", "id-4", "id-5"]),
            stage=st.sampled_from(["taken", "arrived", "closed"]),
        ),
    ),
    st.builds(EventsReceived, ids=st.frozensets(st.sampled_from(["id-4", "id-5", "id-6"]))),
)


@pytest.mark.requirement("K3")
@given(st.lists(EVENTS, max_size=30))
def test_nothing_is_claimed_that_the_desk_has_not_said(events: list[Event]) -> None:
    """Whatever comes in whatever order: "received" only after a receipt, a name only after a nurse."""
    story = Story.of_aino()
    said: set[str] = set()
    for event in events:
        story.tell(event)
        if isinstance(event, EventsReceived):
            said |= event.ids
        if isinstance(event, CommandArrived) and isinstance(event.command, UpdateHelp):
            said.add(event.command.help_id)
        request = story.state.requests.help
        if request and request.stage != "sending":
            assert request.id in said


@pytest.mark.requirement("K3")
def test_without_a_receipt_in_ten_seconds_help_goes_by_https_as_well() -> None:
    """And again every ten seconds, under the same id, until a receipt has come."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    help_id = story.state.requests.help.id  # type: ignore[union-attr]
    sent = []
    for second in range(1, 31):
        story.wait(1.0)
        sent += [(second, each.id) for each in story.tell(Ticked()) if isinstance(each, SendByHttps)]
    assert sent == [(10, help_id), (20, help_id), (30, help_id)]
    story.tell(EventsReceived(ids=frozenset({help_id})))
    story.wait(60.0)
    assert not [each for each in story.tell(Ticked()) if isinstance(each, SendByHttps)]


@pytest.mark.requirement("K3")
def test_who_comes_does_not_wait_for_a_link() -> None:
    """Received, then the link is lost: the desk is asked by HTTPS until the link is back, or all is over."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    help_id = story.state.requests.help.id  # type: ignore[union-attr]
    story.tell(EventsReceived(ids=frozenset({help_id})))
    story.wait(30.0)
    assert AskByHttps() not in story.tell(Ticked())
    story.tell(LinkChanged(connected=False))
    assert [effect for effect in story.tell(Ticked()) if effect == AskByHttps()]
    assert AskByHttps() not in story.tell(Ticked())
    story.wait(10.0)
    assert AskByHttps() in story.tell(Ticked())
    story.wait(10.0)
    story.tell(desk_says(story, "closed"))
    assert AskByHttps() not in story.tell(Ticked())


@pytest.mark.requirement("K3")
def test_without_a_link_help_does_not_wait_for_it() -> None:
    """There is nothing to wait for: the HTTPS fallback is used at once, also after a restart."""
    story = Story.of_aino()
    story.tell(Intended(intent=PressHelp()))
    assert [each for each in story.tell(Ticked()) if isinstance(each, SendByHttps)]
    restarted = Story(begin(story.state))
    restarted.monotonic_s = 3.0
    assert [each for each in restarted.tell(Ticked()) if isinstance(each, SendByHttps)]


@pytest.mark.requirement("K3")
def test_the_desk_hears_of_every_press() -> None:
    """It may have closed the request while the device was offline, and opens it again."""
    story = Story.of_aino()
    story.tell(CONNECTED, Intended(intent=PressHelp()))
    help_id = story.state.requests.help.id  # type: ignore[union-attr]
    story.tell(EventsReceived(ids=frozenset({help_id})))
    for _ in range(3):
        story.wait(0.5)
        story.tell(Intended(intent=PressHelp()))
    assert story.recorded(HelpPressedAgain) == []
    story.wait(60)
    story.tell(Intended(intent=PressHelp()))
    (again,) = [record.what for record in story.recorded(HelpPressedAgain)]
    assert isinstance(again, HelpPressedAgain)
    assert again.help_id == help_id
    for number, stage in enumerate(("closed", "received"), 1):
        update = UpdateHelp(help_id=help_id, stage=stage, number=number)  # type: ignore[arg-type]
        story.tell(CommandArrived(id=f"u-{number}", command=update, expires_at=NOON))
    assert help_page(story).headline == "Avunpyyntösi on perillä"
    assert len(story.recorded(HelpRaised)) == 1
