"""Customer service on the screen: joining, the line, writing, leaving, through lost links and restarts."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from device.contract.commands import EndCall, ServiceCall
from device.contract.documents import Elements, View
from device.contract.queue import (
    QueueCallBackAnswered,
    QueueDocument,
    QueueJoined,
    QueueLeft,
    QueueMessage,
    QueueMessageSent,
    QueueOpened,
    QueueRated,
    QueueTopic,
    QueueVideoWanted,
    QueueVisit,
    WaitEstimate,
)
from device.rules.begin import begin
from device.rules.effects import Play, SayInLine, SayMessage
from device.rules.events import CommandArrived, DocumentArrived, Intended, LinkChanged, Ticked
from device.rules.queue import seconds_to_check
from device.window_protocol import intents
from device.window_protocol.intents import Intent, OpenPage
from device.window_protocol.model import ChatPage, ChoicePage, Home, LinePage
from tests.device.story import NOON, Story

TOPIC = QueueTopic(
    queue_id="3", name="Food", ways=["text", "video"], estimate=WaitEstimate(least_min=5, most_min=10)
)


def story(*, speaks: bool = False) -> Story:
    """A device whose view shows the element, with one queue that is open."""
    played = Story.of_aino(
        View(version=1, elements=Elements(queue=True, cafe=True), language="en", speak_on_touch=speaks)
    )
    played.tell(LinkChanged(connected=True, reason=""))
    show(played, None)
    return played


def show(played: Story, visit: QueueVisit | None) -> list[object]:
    """The desk's document, newer than the last one."""
    last = played.state.documents.queue
    document = QueueDocument(version=last.version + 1 if last else 1, topics=[TOPIC], visit=visit)
    return list(played.tell(DocumentArrived(name="queue", document=document)))


def do(played: Story, *touched: Intent) -> None:
    for intent in touched:
        played.tell(Intended(intent=intent))


def joined(played: Story) -> QueueVisit:
    """The visit as the desk has it, once the resident has joined to write."""
    do(played, OpenPage("queue"), intents.ChooseQueue("3"), intents.JoinQueue("3", "text"))
    what = played.recorded(QueueJoined)[-1].what
    assert isinstance(what, QueueJoined)
    visit = QueueVisit(
        visit_id=what.visit_id,
        queue_name="Food",
        way="text",
        stage="waiting",
        joined_at=NOON,
        place=2,
        estimate=WaitEstimate(least_min=0, most_min=5),
        quick_replies=["Yes"],
    )
    show(played, visit)
    return visit


def said(number: int, author: str, text: str, own: int | None = None) -> QueueMessage:
    """One message as the desk has it."""
    return QueueMessage(number=number, author=author, name=author, text=text, sent_at=NOON, own_number=own)  # type: ignore[arg-type]


def texts(played: Story) -> list[str]:
    """The bubbles on the screen."""
    page = played.screen().page
    assert isinstance(page, ChatPage)
    return [bubble.text for bubble in page.bubbles]


def headline(played: Story) -> str:
    """What the page says in large words."""
    page = played.screen().page
    assert isinstance(page, LinePage)
    return page.headline


@pytest.mark.requirement("Q4")
def test_topics_ways_and_the_line_with_place_and_honest_time() -> None:
    """Each topic says how long one waits; joining is seen at once, place and time as the desk says them."""
    played = story()
    do(played, OpenPage("queue"))
    page = played.screen().page
    assert isinstance(page, ChoicePage)
    assert [(choice.words, choice.detail) for choice in page.choices] == [("Food", "Open, 10 min at most")]
    assert played.recorded(QueueOpened)
    do(played, intents.ChooseQueue("3"))
    page = played.screen().page
    assert isinstance(page, ChoicePage)
    assert [choice.words for choice in page.choices] == ["Write", "Talk with picture"]
    visit = joined(played)
    assert headline(played) == "You are in line, place 2"
    show(played, replace(visit, place=1, estimate=None))
    page = played.screen().page
    assert isinstance(page, LinePage)
    assert page.words == "We do not know yet how long it takes."


def test_joining_without_a_link_is_said_and_kept() -> None:
    """The event waits in the outbox; the screen does not pretend to have a place."""
    played = story()
    played.tell(LinkChanged(connected=False, reason="cut"))
    do(played, OpenPage("queue"), intents.JoinQueue("3", "text"))
    assert headline(played) == "Joining the line"
    do(played, intents.JoinQueue("3", "video"))
    assert len(played.recorded(QueueJoined)) == 1


@pytest.mark.requirement("Q8")
def test_leaving_is_asked_once_and_then_at_once() -> None:
    """No takes back the question; yes leaves, whatever the desk still says."""
    played = story()
    visit = joined(played)
    do(played, intents.AskToLeaveQueue())
    assert headline(played) == "Do you want to leave the line?"
    do(played, intents.AskToLeaveQueue(stays=True))
    assert headline(played) == "You are in line, place 2"
    do(played, intents.AskToLeaveQueue(), intents.LeaveQueue())
    assert [each.what for each in played.recorded(QueueLeft)] == [QueueLeft(visit_id=visit.visit_id)]
    show(played, replace(visit, place=1))
    assert isinstance(played.screen().page, ChoicePage)
    assert seconds_to_check(played.state, played.now) is None


@pytest.mark.requirement("Q10")
def test_messages_are_seen_at_once_numbered_and_never_doubled() -> None:
    """What is on its way stands below what the desk has, and moves into its place when the desk shows it."""
    played = story()
    visit = replace(joined(played), stage="served", agent_name="Anna", served_at=NOON)
    show(played, visit)
    do(played, intents.SendReply("Yes"), intents.WriteMessage())
    for key in "Ok":
        do(played, intents.TypeKey(key))
    do(played, intents.TypeKey("done"))
    numbers = [each.what.number for each in played.recorded(QueueMessageSent)]  # type: ignore[union-attr]
    assert numbers == [1, 2]
    assert texts(played) == ["Yes", "Ok"]
    show(played, replace(visit, messages=[said(1, "customer", "Yes", 1), said(2, "agent", "Good.")]))
    assert texts(played) == ["Yes", "Good.", "Ok"]
    shown = [said(1, "customer", "Yes", 1), said(2, "agent", "Good."), said(3, "customer", "Ok", 2)]
    show(played, replace(visit, messages=shown))
    assert texts(played) == ["Yes", "Good.", "Ok"]
    assert played.state.queue.sent == ()


@pytest.mark.requirement("Q9")
def test_after_a_restart_the_screen_is_in_line_again_by_itself() -> None:
    """It says so again and again while there is a link, and numbers go on where they were."""
    played = story()
    visit = replace(joined(played), stage="served", agent_name="Anna", served_at=NOON)
    show(played, visit)
    do(played, intents.SendReply("Yes"))
    again = Story(begin(played.state), wall=played.wall)
    assert not [each for each in again.tell(Ticked()) if isinstance(each, SayInLine)]
    again.tell(LinkChanged(connected=True, reason=""))
    again.wait(2)
    assert [each.visit_id for each in again.tell(Ticked()) if isinstance(each, SayInLine)] == [visit.visit_id]
    again.wait(1)
    assert not [each for each in again.tell(Ticked()) if isinstance(each, SayInLine)]
    do(again, OpenPage("queue"), intents.SendReply("Yes"))
    assert texts(again) == ["Yes", "Yes"]
    assert again.recorded(QueueMessageSent)[0].what.number == 2  # type: ignore[union-attr]


def test_being_served_opens_the_conversation_and_words_are_heard() -> None:
    """From the home page the conversation comes by itself; every message of the agent is spoken once."""
    played = story(speaks=True)
    visit = joined(played)
    do(played, OpenPage("home"))
    served = replace(visit, stage="served", agent_name="Anna", served_at=NOON)
    assert Play(sound="chime") in show(played, served)
    assert isinstance(played.screen().page, ChatPage)
    messages = [said(1, "agent", "Good day.")]
    assert SayMessage(text="Good day.") in show(played, replace(served, messages=messages))
    assert SayMessage(text="Good day.") not in show(played, replace(served, messages=messages, place=0))


@pytest.mark.requirement("Q5")
def test_picture_is_asked_for_and_help_is_on_every_page() -> None:
    """The wish goes out once and is shown; the help button is never away."""
    played = story()
    show(played, replace(joined(played), stage="served", agent_name="Anna", served_at=NOON))
    do(played, intents.AskForVideo())
    page = played.screen().page
    assert isinstance(page, ChatPage)
    assert page.video.on
    assert played.recorded(QueueVideoWanted)
    assert played.screen().help is not None


def call(played: Story, visit: QueueVisit, call_id: str = "c-1") -> list[object]:
    """Call as the agent of this visit."""
    command = ServiceCall(call_id=call_id, visit_id=visit.visit_id, name="Anna, Food", offer="v=0")
    return list(
        played.tell(
            CommandArrived(id=f"x-{call_id}", command=command, expires_at=played.wall + timedelta(seconds=45))
        )
    )


def stage_of_call(played: Story) -> str:
    """Empty where there is no call."""
    return played.state.call.stage if played.state.call else ""


@pytest.mark.requirement("Q5")
def test_before_the_camera_goes_on_the_resident_is_asked() -> None:
    """Yes opens the agent's call at once; no keeps the conversation, and a call rings instead of opening."""
    played = story()
    visit = replace(joined(played), stage="served", agent_name="Anna", served_at=NOON)
    show(played, replace(visit, video="asked-by-agent"))
    assert headline(played) == "Anna would like to talk with picture"
    do(played, intents.RefuseVideo())
    assert isinstance(played.screen().page, ChatPage)
    assert played.recorded(QueueVideoWanted)[-1].what == QueueVideoWanted(
        visit_id=visit.visit_id, is_wanted=False
    )
    show(played, visit)
    show(played, replace(visit, video="asked-by-agent"))
    assert headline(played) == "Anna would like to talk with picture"
    do(played, intents.AskForVideo())
    show(played, replace(visit, video="on", way="video"))
    call(played, visit)
    assert stage_of_call(played) == "connecting"
    played.tell(CommandArrived(id="e", command=EndCall(call_id="c-1", why="hung-up"), expires_at=played.wall))
    call(played, visit, "c-2")
    assert stage_of_call(played) == "ringing", "the next call asks again"


@pytest.mark.requirement("Q5")
def test_a_wish_of_long_ago_rings_and_a_touch_from_afar_agrees_to_nothing() -> None:
    """Joined to talk with picture, and served half an hour later: the room may not be fit to be seen."""
    played = story()
    do(played, OpenPage("queue"), intents.JoinQueue("3", "video"))
    what = played.recorded(QueueJoined)[-1].what
    assert isinstance(what, QueueJoined)
    served = QueueVisit(
        visit_id=what.visit_id,
        queue_name="Food",
        way="video",
        stage="served",
        joined_at=NOON,
        agent_name="Anna",
    )
    show(played, served)
    assert headline(played) == "Anna is serving you"
    played.wait(1800)
    call(played, served)
    assert stage_of_call(played) == "ringing"
    afar = story()
    afar.state = replace(afar.state, touched_from_afar_s=afar.now.monotonic_s)
    do(afar, OpenPage("queue"), intents.JoinQueue("3", "video"))
    assert afar.state.queue.agreed_to_video_at is None


@pytest.mark.requirement("Q5")
def test_nobody_is_called_who_is_in_no_line() -> None:
    """A forged call, of another visit or of none, is declined."""
    played = story()
    visit = joined(played)
    declined = call(played, replace(visit, visit_id="other"))
    assert "unknown-caller" in repr(declined)
    assert stage_of_call(played) == ""
    do(played, intents.AskToLeaveQueue(), intents.LeaveQueue())
    call(played, visit, "c-2")
    assert stage_of_call(played) == ""


@pytest.mark.requirement("Q6")
@pytest.mark.requirement("Q7")
def test_released_called_back_and_the_end_are_said_in_words() -> None:
    """Who goes on, what was promised, and at the end all the times, with three faces."""
    played = story()
    visit = joined(played)
    show(played, replace(visit, is_released=True, place=1, call_back="offered"))
    page = played.screen().page
    assert isinstance(page, LinePage)
    assert "Somebody else will go on with you. Your place is kept." in page.lines
    do(played, intents.AnswerCallBack(accepted=True))
    assert played.recorded(QueueCallBackAnswered)
    page = played.screen().page
    assert isinstance(page, LinePage)
    assert "We will call you. You may do other things meanwhile." in page.lines
    served_at = NOON + timedelta(minutes=7)
    ended = replace(visit, stage="ended", end="removed", served_at=served_at, ended_at=served_at)
    show(played, ended)
    page = played.screen().page
    assert isinstance(page, LinePage)
    assert page.lines[0] == "You joined at 12:00, and waited 7 minutes."
    assert [act.words for act in page.acts] == ["Good", "So-so", "Bad"]
    do(played, intents.RateVisit(visit.visit_id, "good"))
    assert played.recorded(QueueRated)
    do(played, intents.CloseVisit(visit.visit_id))
    assert isinstance(played.screen().page, Home)
    do(played, OpenPage("queue"))
    assert isinstance(played.screen().page, ChoicePage)
