"""Picture and sound: agreed by both, one at a time, held by the agent's page, and never back to text (Q5)."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calls import device_events as call_events
from cloud.calls.models import Call
from cloud.devices.models import Device
from cloud.queue import line, service, video
from cloud.queue.device_events import handle
from cloud.queue.line import Refused
from cloud.queue.models import Queue, Visit
from cloud.queue.watch import QueueWatch
from device.contract import queue as contract
from device.contract.events import CallAnswered, CallConnected, CallMissed
from tests.cloud.calls.callers import ANSWER, OFFER, command_bodies
from tests.cloud.homes import Home, make_user
from tests.cloud.queue.test_desk import another_customer, at_work, join, on_screen
from tests.cloud.test_help_board import event

pytestmark = [pytest.mark.postgresql, pytest.mark.requirement("Q5")]
PAGE = str(uuid4())


@pytest.fixture(autouse=True)
def device_is_there(home: Home) -> None:
    """The resident's screen is connected."""
    Device.objects.filter(pk=home.device.pk).update(online=True)
    home.device.refresh_from_db()


def post(desk: Client, visit: Visit, what: str = "", **body: object) -> tuple[int, dict[str, str]]:
    """What the agent's page asks for, and the answer."""
    address, asked = f"/queue/visits/{visit.pk}/call/{what}", json.dumps({"page": PAGE, **body})
    answer = desk.post(address, asked, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def taken(home: Home, queue: Queue, way: str) -> Visit:
    """Our resident is served by our user."""
    join(home, queue, way=way)
    visit = service.take_next(at_work(home.user, queue))
    assert visit
    return visit


def test_the_agent_suggests_the_customer_agrees_and_the_call_goes_on(
    desk: Client, home: Home, queue: Queue
) -> None:
    """Until then no call is possible; afterwards the visit is a video for good."""
    visit = taken(home, queue, "text")
    assert post(desk, visit, offer=OFFER) == (
        409,
        {"words": "This customer has not agreed to talk with picture yet."},
    )
    desk.post(f"/queue/visits/{visit.pk}/video/")
    assert on_screen(home).video == "asked-by-agent"
    handle(home.device, event(contract.QueueVideoWanted(visit_id="v-1")))
    assert (on_screen(home).video, on_screen(home).way) == ("on", "video")
    status, said = post(desk, visit, offer=OFFER)
    assert status == 200
    (asked,) = command_bodies(home.device, "service-call")
    assert (asked["call_id"], asked["visit_id"]) == (said["call"], "v-1")
    assert asked["name"] == f"Agent {home.user.first_name}, Meals"
    for what in (CallAnswered(call_id=said["call"], answer=ANSWER), CallConnected(call_id=said["call"])):
        call_events.handle(home.device, event(what))
    followed = post(desk, visit, "follow/", call=said["call"])[1]
    assert (followed["state"], followed["answer"]) == ("connected", ANSWER)
    service.apply("v-1", line.refuse_video)
    assert on_screen(home).way == "video"
    desk.post(f"/queue/visits/{visit.pk}/remove/")
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["hung-up"]
    assert Call.objects.get().state == "ended"
    assert f"{home.user.get_full_name()} → {home.resident}" in desk.get("/calls/").content.decode()


def test_the_customer_would_rather_write(desk: Client, home: Home, queue: Queue) -> None:
    """No is an answer, and the conversation goes on; either end may say it."""
    visit = taken(home, queue, "text")
    desk.post(f"/queue/visits/{visit.pk}/video/")
    handle(home.device, event(contract.QueueVideoWanted(visit_id="v-1", is_wanted=False)))
    assert (on_screen(home).video, on_screen(home).way) == ("", "text")
    handle(home.device, event(contract.QueueVideoWanted(visit_id="v-1")))
    assert b"would like to talk with picture" in desk.get(f"/queue/visits/{visit.pk}/").content
    desk.post(f"/queue/visits/{visit.pk}/no-video/")
    assert (on_screen(home).video, on_screen(home).stage) == ("", "served")


@pytest.mark.parametrize("how", ["release", "leave", "dead"])
def test_the_call_ends_with_the_service(desk: Client, home: Home, queue: Queue, how: str) -> None:
    """Released, left or deserted: nobody stays alone before a camera."""
    visit = taken(home, queue, "video")
    assert post(desk, visit, offer=OFFER)[0] == 200
    agent = at_work(home.user, queue)
    if how == "release":
        service.release(agent, "v-1")
    elif how == "leave":
        handle(home.device, event(contract.QueueLeft(visit_id="v-1")))
    else:
        service.release_all(agent)
    assert command_bodies(home.device, "end-call")


def test_a_promised_call_is_a_task_that_rings_the_customer_as_their_queue(
    desk: Client, home: Home, queue: Queue
) -> None:
    """The place is kept while the screen does something else; not answered, it is tried again."""
    join(home, queue)
    another_customer(home, queue, "Second")
    agent = at_work(home.user, queue)
    assert b"Promised calls" not in desk.get("/queue/board/").content
    Visit.objects.filter(id="v-1").update(joined_at=timezone.now() - timedelta(minutes=15))
    QueueWatch().turn()
    handle(home.device, event(contract.QueueCallBackAnswered(visit_id="v-1", accepted=True)))
    assert b"Promised calls" in desk.get("/queue/board/").content
    visit = service.take_next(agent)
    assert visit
    assert visit.id == "v-1"
    call = post(desk, visit, offer=OFFER)[1]["call"]
    (asked,) = command_bodies(home.device, "service-call")
    assert asked["name"] == f"Agent {home.user.first_name}, Meals"
    call_events.handle(home.device, event(CallMissed(call_id=call)))
    assert "did not answer" in post(desk, visit, "follow/", call=call)[1]["words"]
    desk.post(f"/queue/visits/{visit.pk}/release/")
    assert (on_screen(home).stage, on_screen(home).place, on_screen(home).call_back) == (
        "waiting",
        1,
        "accepted",
    )
    assert b"Called so far: 1" in desk.get("/queue/board/").content


def test_one_video_at_a_time_and_only_of_ones_own(desk: Client, home: Home, queue: Queue) -> None:
    """A second one is refused in words, another agent's customer is not called, nor is rubbish taken."""
    visit = taken(home, queue, "video")
    agent = at_work(home.user, queue)
    another_customer(home, queue, "o")
    service.take(agent, "o")
    with pytest.raises(Refused, match="second-video"):
        video.ask(agent, "o")
    assert post(desk, visit, offer="v=0")[0] == 400
    assert post(desk, visit, "follow/", call="none")[0] == 404
    stranger = Client()
    stranger.force_login(make_user(home.organisation, "Bo"))
    assert post(stranger, visit, offer=OFFER)[0] == 409
    call = post(desk, visit, offer=OFFER)[1]["call"]
    assert post(stranger, visit, "follow/", call=call)[0] == 404
    post(stranger, visit, "end/", call=call)
    assert Call.objects.get().is_open


def test_an_agent_on_video_takes_the_next_who_writes(home: Home, queue: Queue) -> None:
    """A second picture waits for another agent, and does not block those behind it."""
    taken(home, queue, "video")
    agent = at_work(home.user, queue)
    another_customer(home, queue, "picture")
    Visit.objects.filter(id="picture").update(way="video")
    with pytest.raises(Refused, match="second-video"):
        service.take_next(agent)
    another_customer(home, queue, "text")
    following = service.take_next(agent)
    assert following
    assert following.id == "text"


def test_a_screen_without_a_link_is_said_at_once(desk: Client, home: Home, queue: Queue) -> None:
    """The agent reads why, and may try again."""
    visit = taken(home, queue, "video")
    Device.objects.update(online=False)
    call = post(desk, visit, offer=OFFER)[1]["call"]
    followed = post(desk, visit, "follow/", call=call)[1]
    assert (followed["state"], "cannot be reached" in followed["words"]) == ("ended", True)
