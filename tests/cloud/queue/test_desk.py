"""The agent's page: signing in and out, taking, releasing, removing, and what others may not do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cloud.devices.documents import with_version
from cloud.devices.models import DesiredDocument, DeviceFault
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.queue import agents, line, service
from cloud.queue.device_events import handle
from cloud.queue.line import Refused
from cloud.queue.models import Agent, Message, Queue, QuickReply, Template, Visit
from cloud.queue.watch import QueueWatch, forget
from cloud.screens.models import ResidentView
from device.contract import queue as contract
from tests.cloud.homes import Home, make_device, make_resident, make_user
from tests.cloud.test_help_board import event

pytestmark = pytest.mark.postgresql


def join(home: Home, queue: Queue, visit_id: str = "v-1", way: str = "text") -> None:
    """The resident joins by the device."""
    what = contract.QueueJoined(visit_id=visit_id, queue_id=str(queue.pk), way=way)  # type: ignore[arg-type]
    handle(home.device, event(what))


def another_customer(home: Home, queue: Queue, visit_id: str) -> Visit:
    """Somebody else of the same home joins."""
    device = make_device(make_resident(home.organisation, visit_id))
    visit = service.join(device, visit_id, queue, "text")
    assert visit
    return visit


def at_work(user: User, *queues: Queue) -> Agent:
    """The user serves these queues."""
    return agents.sign_in(user, f"Agent {user.first_name}", list(queues))


def on_screen(home: Home) -> contract.QueueVisit:
    """Return the visit as sent to the device."""
    document = with_version(DesiredDocument.objects.get(device=home.device, name="queue"))
    assert isinstance(document, contract.QueueDocument)
    assert document.visit
    return document.visit


@pytest.mark.requirement("Q1")
@pytest.mark.requirement("Q2")
def test_an_agent_is_offline_until_signed_in_and_cannot_leave_customers_behind(
    desk: Client, home: Home, queue: Queue
) -> None:
    """The page says which it is, and names the customer who stands in the way of signing out."""
    assert b"Customers cannot reach you" in desk.get("/queue/").content
    desk.post("/queue/sign-in/", {"display_name": "Anna from the office", "queues": [queue.pk]})
    assert b"as Anna from the office" in desk.get("/queue/").content
    join(home, queue)
    taken = desk.post("/queue/next/", follow=True)
    assert b"Lehmus Virtanen" in taken.content
    blocked = desk.post("/queue/sign-out/")
    assert b"You cannot sign out yet" in blocked.content
    visit = Visit.objects.get()
    assert f"/queue/visits/{visit.pk}/".encode() in blocked.content
    desk.post(f"/queue/visits/{visit.pk}/remove/")
    desk.post("/queue/sign-out/")
    assert not Agent.objects.get().is_signed_in


@pytest.mark.requirement("Q3")
def test_each_queue_shows_who_waits_the_longest_waiting_first(desk: Client, home: Home, queue: Queue) -> None:
    """Since when, text or video, and who is away."""
    join(home, queue, way="video")
    another_customer(home, queue, "Second")
    service.apply("Second", lambda rule: line.lose(rule, timezone.now()))
    page = desk.get("/queue/").content.decode()
    assert page.index("Lehmus Virtanen") < page.index("Second Virtanen") < page.index("Away")
    assert "Video" in page
    assert "2 wait" in page


@pytest.mark.requirement("Q4")
def test_those_behind_move_up_on_their_screens_within_a_turn(home: Home, queue: Queue) -> None:
    """Taking a customer does not wait for screens; the others in the queue are updated by the clock."""
    another_customer(home, queue, "First")
    join(home, queue)
    service.take_next(at_work(home.user, queue))
    assert on_screen(home).place == 2
    QueueWatch().turn()
    assert on_screen(home).place == 1
    assert not Queue.objects.exclude(line_moved_at=None).exists()


@pytest.mark.requirement("Q4")
def test_each_screen_in_line_costs_two_more_queries(home: Home, queue: Queue) -> None:
    """What the screens of a line have in common is read once: its agents, its services, who waits."""
    at_work(home.user, queue)

    def asked(*names: str) -> int:
        for name in names:
            resident = another_customer(home, queue, name).resident
            ResidentView.objects.update_or_create(resident=resident, defaults={"queue": True})
        service.tell_those_in_line([queue])
        with CaptureQueriesContext(connection) as queries:
            service.tell_those_in_line([queue])
        return len(queries)

    few = asked("c1", "c2")
    # Their visit, and its messages.
    assert asked(*(f"d{number}" for number in range(10))) - few == 10 * 2


def test_the_board_asks_the_database_as_often_for_many_queues_as_for_one(
    desk: Client, home: Home, queue: Queue
) -> None:
    """However many queues and customers there are."""
    at_work(home.user, queue)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get("/queue/board/")
        return len(queries)

    asked()
    one = asked()
    for number in range(5):
        more = Queue(organisation=home.organisation, name=f"More {number}")
        more.save()
        another_customer(home, more, f"c{number}")
    # What has changed is read once.
    assert asked() == one + 1
    assert asked() == one


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q10")
def test_the_screen_gets_place_messages_and_quick_replies(home: Home, queue: Queue) -> None:
    """In line: the place. Served: the agent's name and every message, the device's own with its number."""
    another_customer(home, queue, "First")
    QuickReply(queue=queue, language="en", text="Yes, please").save()
    QuickReply(queue=queue, language="fi", text="Kyllä").save()
    join(home, queue)
    assert (on_screen(home).place, on_screen(home).estimate) == (2, None)
    assert on_screen(home).quick_replies == ["Yes, please"]
    agent = at_work(home.user, queue)
    assert [visit.id for visit in (service.take_next(agent), service.take_next(agent)) if visit] == [
        "First",
        "v-1",
    ]
    wrote = contract.QueueMessageSent(visit_id="v-1", number=1, text="<b>No soup</b> today 😀 שלום")
    handle(home.device, event(wrote))
    handle(home.device, event(wrote))
    service.agent_wrote(agent, "v-1", "Of course.", "key-1")
    service.agent_wrote(agent, "v-1", "Of course.", "key-1")
    said = on_screen(home)
    assert (said.stage, said.agent_name) == ("served", agent.display_name)
    assert [(each.number, each.author, each.own_number) for each in said.messages] == [
        (1, "customer", 1),
        (2, "agent", None),
    ]


@pytest.mark.requirement("Q6")
def test_release_keeps_the_place_for_another_agent_and_remove_ends(home: Home, queue: Queue) -> None:
    """Released, the customer is first again; another agent goes on with the same conversation."""
    join(home, queue)
    another_customer(home, queue, "Second")
    first, second = at_work(home.user, queue), at_work(make_user(home.organisation, "Bo"), queue)
    service.take(first, "v-1")
    service.agent_wrote(first, "v-1", "One moment.", "k")
    service.release(first, "v-1")
    assert (on_screen(home).stage, on_screen(home).place, on_screen(home).is_released) == ("waiting", 1, True)
    assert (taken := service.take_next(second))
    assert taken.id == "v-1"
    assert [message.text for message in on_screen(home).messages] == ["One moment."]
    with pytest.raises(Refused, match="not-yours"):
        service.remove(first, "v-1")
    service.remove(second, "v-1")
    ended = on_screen(home)
    assert (ended.stage, ended.end) == ("ended", "removed")
    assert ended.joined_at <= ended.served_at <= ended.ended_at  # type: ignore[operator]


def test_of_two_agents_who_take_one_customer_the_second_is_refused(
    desk: Client, home: Home, queue: Queue
) -> None:
    """The page of the slower one says who was faster."""
    join(home, queue)
    service.take(at_work(make_user(home.organisation, "Bo"), queue), "v-1")
    at_work(home.user, queue)
    late = desk.post(f"/queue/visits/{Visit.objects.get().pk}/take/", follow=True)
    assert b"Another agent has already taken this customer." in late.content


def test_transfer_goes_to_the_other_queue_with_the_time_already_waited(home: Home, queue: Queue) -> None:
    """The customer with the longest total wait is in front there."""
    other = Queue(organisation=home.organisation, name="Medicine")
    other.save()
    join(home, queue)
    another_customer(home, other, "Later")
    agent = at_work(home.user, queue)
    service.take(agent, "v-1")
    service.transfer(agent, "v-1", other)
    assert (on_screen(home).queue_name, on_screen(home).place) == ("Medicine", 1)


@pytest.mark.requirement("Q9")
def test_a_dead_agents_customers_wait_again_and_the_away_are_out_after_the_grace(
    home: Home, queue: Queue
) -> None:
    """After 30 s without the agent's page; after 120 s without the customer's screen."""
    join(home, queue)
    agent = at_work(home.user, queue)
    service.take_next(agent)
    Agent.objects.update(seen_at=timezone.now() - timedelta(seconds=31))
    QueueWatch().turn()
    assert (on_screen(home).stage, on_screen(home).is_released) == ("waiting", True)
    assert not Agent.objects.get().is_signed_in
    service.apply("v-1", lambda rule: line.lose(rule, timezone.now()))
    QueueWatch(lambda: timezone.now() + timedelta(seconds=100)).turn()
    assert on_screen(home).stage == "waiting"
    QueueWatch(lambda: timezone.now() + timedelta(seconds=121)).turn()
    assert (on_screen(home).stage, on_screen(home).end) == ("ended", "away")


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_sends_nobody_away(home: Home, queue: Queue, jump: timedelta) -> None:
    """Agents stay at work, and who is away keeps the grace time; then what takes so long takes it again."""
    join(home, queue)
    at_work(home.user, queue)
    now, monotonic_s = timezone.now(), 1000.0
    service.apply("v-1", lambda rule: line.lose(rule, now))
    watch = QueueWatch(lambda: now, lambda: monotonic_s)
    watch.turn()
    now += jump
    for passes_s in (1, 28):
        now, monotonic_s = now + timedelta(seconds=passes_s), monotonic_s + passes_s
        watch.turn()
        assert Agent.objects.get().is_signed_in
    assert Visit.objects.get().stage == "waiting"
    now, monotonic_s = now + timedelta(seconds=120), monotonic_s + 120
    watch.turn()
    assert not Agent.objects.get().is_signed_in
    assert Visit.objects.get().end == "away"


def test_a_call_back_is_offered_and_once_accepted_the_place_is_kept(home: Home, queue: Queue) -> None:
    """The promise stands on the agents' board while the screen may do something else."""
    join(home, queue)
    QueueWatch(lambda: timezone.now() + timedelta(minutes=15)).turn()
    assert on_screen(home).call_back == "offered"
    handle(home.device, event(contract.QueueCallBackAnswered(visit_id="v-1", accepted=True)))
    service.apply("v-1", lambda rule: line.lose(rule, timezone.now()))
    QueueWatch(lambda: timezone.now() + timedelta(hours=2)).turn()
    assert (on_screen(home).stage, on_screen(home).call_back) == ("waiting", "accepted")


@pytest.mark.requirement("Q8")
def test_leaving_is_at_once_and_a_closed_queue_takes_nobody(home: Home, queue: Queue) -> None:
    """Those in the queue stay when it closes; later ones are refused at once."""
    join(home, queue)
    Queue.objects.update(is_closed=True)
    QueueWatch().turn()
    assert on_screen(home).stage == "waiting"
    handle(home.device, event(contract.QueueLeft(visit_id="v-1")))
    assert (on_screen(home).stage, on_screen(home).end) == ("ended", "left")
    join(home, queue, "v-2")
    assert (on_screen(home).visit_id, on_screen(home).end) == ("v-2", "closed")


@pytest.mark.requirement("V27")
def test_another_organisation_sees_and_serves_nothing(desk: Client, foreign: Home, home: Home) -> None:
    """A foreign queue can be neither joined, signed in to, looked at, nor written to."""
    theirs = Queue(organisation=foreign.organisation, name="Theirs")
    theirs.save()
    join(home, theirs)
    assert not Visit.objects.filter(queue=theirs).exists()
    service.join(foreign.device, "f-1", theirs, "text")
    number = Visit.objects.get(id="f-1").pk
    assert b"Theirs" not in desk.get("/queue/").content
    assert desk.get(f"/queue/visits/{number}/").status_code == 404
    for step in ("take", "say", "release", "remove", "transfer", "notes"):
        assert desk.post(f"/queue/visits/{number}/{step}/", {"queue": theirs.pk}).status_code == 404
    desk.post("/queue/sign-in/", {"display_name": "Spy", "queues": [theirs.pk]})
    assert not Agent.objects.exists()
    handle(home.device, event(contract.QueueMessageSent(visit_id="f-1", number=1, text="Not mine")))
    handle(home.device, event(contract.QueueLeft(visit_id="f-1")))
    assert not Message.objects.exists()
    assert Visit.objects.get(id="f-1").stage == "waiting"


def test_the_agent_sees_what_is_wrong_with_the_screen(desk: Client, home: Home, queue: Queue) -> None:
    """A broken microphone explains why there is no sound."""
    join(home, queue)
    page = f"/queue/visits/{Visit.objects.get().pk}/"
    assert b"Microphone" not in desk.get(page).content
    DeviceFault.objects.create(device=home.device, part="microphone", since=timezone.now())
    assert b"Microphone" in desk.get(page).content


@pytest.mark.parametrize("way", ["text", "video"])
def test_an_agent_who_takes_and_does_nothing_is_shown(
    desk: Client, home: Home, queue: Queue, way: str
) -> None:
    """After the queue's minutes, on everybody's board; a word, or a call with picture, ends it."""
    words = b"left without a word"
    join(home, queue, way=way)
    agent = at_work(make_user(home.organisation, "Bo"), queue)
    service.take_next(agent)
    assert words not in desk.get("/queue/board/").content
    taken_at = timezone.now() - timedelta(minutes=4)
    Visit.objects.update(served_at=taken_at, called_at=taken_at - timedelta(minutes=1))
    assert words in desk.get("/queue/board/").content
    if way == "text":
        service.agent_wrote(agent, "v-1", "Hello", "1")
    else:
        Visit.objects.update(called_at=taken_at + timedelta(seconds=9))
    assert words not in desk.get("/queue/board/").content


def test_hours_words_and_limits_are_set_on_one_page(desk: Client, home: Home) -> None:
    """A wrong line is answered in words; a right one is kept, and templates are filled in."""
    address = f"/queue/queues/new/{home.organisation.pk}/"
    right = {
        "name": "Meals", "by_text": "on", "most_chats": "3", "grace_s": "120", "call_back_after_min": "15",
        "idle_after_min": "3", "kept_days": "30", "languages": ["en", "fi"], "opens_1_0": "9",
        "closes_1_0": "15", "replies_en": "Yes\nNo",
        "templates": "Hello: Good day {customer}, this is {agent}.",
    }  # fmt: skip
    wrong = desk.post(address, {**right, "templates": "no colon", "closes_1_0": ""}).content
    assert b"a colon, and the text" in wrong
    assert b"needs both" in wrong
    desk.post(address, right)
    queue = Queue.objects.get(name="Meals")
    assert queue.hours == [{"days": [1], "opens": "09:00", "closes": "15:00"}]
    assert list(queue.quick_replies.values_list("text", flat=True)) == ["Yes", "No"]
    assert Template.objects.get().title == "Hello"
    visit = Visit(id="v", queue=queue, resident=home.resident, way="text", joined_at=timezone.now())
    visit.save()
    service.take(at_work(home.user, queue), "v")
    assert b"Good day Lehmus Virtanen, this is" in desk.get(f"/queue/visits/{visit.pk}/").content


@pytest.mark.requirement("V17")
def test_conversations_are_exported_kept_as_long_as_set_and_go_with_the_person(
    desk: Client, home: Home, queue: Queue
) -> None:
    """A formula in a message is text to a spreadsheet."""
    join(home, queue)
    handle(home.device, event(contract.QueueMessageSent(visit_id="v-1", number=1, text="=1+1")))
    handle(home.device, event(contract.QueueLeft(visit_id="v-1")))
    handle(home.device, event(contract.QueueRated(visit_id="v-1", rating="good")))
    exported = desk.get("/queue/transcripts/csv/").content.decode()
    assert "'=1+1" in exported
    assert "good" in exported
    assert forget(timezone.now() + timedelta(days=89)) == 0
    assert forget(timezone.now() + timedelta(days=91)) == 1
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["x" * 10_000, "\0", "   "])
def test_too_much_and_nothing_are_refused_in_words(desk: Client, home: Home, queue: Queue, text: str) -> None:
    """The agent's page says so; the conversation stays as it was."""
    join(home, queue)
    visit = service.take_next(at_work(home.user, queue))
    assert visit
    answer = desk.post(
        f"/queue/visits/{visit.pk}/say/", {"text": text, "key": "k"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert not Message.objects.exists()


def test_a_message_is_news_for_the_page_of_its_visit_only(
    home: Home, queue: Queue, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boards, which show no messages, are not drawn again for each of them; for a step they are."""
    join(home, queue)
    agent, visit = at_work(home.user, queue), Visit.objects.get(id="v-1")
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(live_updates.here(), "tell_changed", lambda *about: said.append(about))
    path = home.organisation.path
    with django_capture_on_commit_callbacks(execute=True):
        service.take(agent, "v-1")
    assert {(path, "queue", ""), (path, "visit", str(visit.pk))} <= set(said)
    said.clear()
    with django_capture_on_commit_callbacks(execute=True):
        service.agent_wrote(agent, "v-1", "Good day", "k-1")
        service.customer_wrote(home.device, "v-1", 1, "Good day")
    assert {each for each in said if each[1] in ("queue", "visit")} == {(path, "visit", str(visit.pk))}
