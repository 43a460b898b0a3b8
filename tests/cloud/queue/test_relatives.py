"""Relatives in the line from their call page: the same rules, their own conversation only, text and video."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import timezone

from cloud.calls.anonymising import anonymise
from cloud.people.models import Contact
from cloud.queue import caller_views, service
from cloud.queue.caller_throttle import Throttle
from cloud.queue.models import Message, Queue, Visit
from cloud.queue.watch import QueueWatch
from tests.cloud.calls.callers import ANSWER, OFFER, Caller
from tests.cloud.homes import Home
from tests.cloud.queue.test_desk import another_customer, at_work
from tests.cloud.queue.test_video import post

pytestmark = pytest.mark.postgresql


class Relative:
    """A contact at their page of customer service."""

    def __init__(self, contact: Contact) -> None:
        self.client = Caller(contact).enter().client
        self.visit = str(uuid4())

    def do(self, kind: str, **more: Any) -> Any:
        """One step, and what the page shows after it."""
        body = {"kind": kind, "visit": self.visit, **more}
        return self.client.post("/call/service/do/", json.dumps(body), content_type="application/json").json()

    def sees(self) -> Any:
        """What the page shows, which says that it is open."""
        assert self.client.post("/call/service/here/").status_code == 204
        return async_to_sync(_first_state)(self.client.get("/call/service/live/"))


async def _first_state(answer: Any) -> Any:
    """What a stream begins with."""
    begins = b"event: state\ndata: "
    async for line in answer.streaming_content:
        if line.startswith(begins):
            return json.loads(line.removeprefix(begins))
    raise AssertionError("the stream ended without a state")


@pytest.fixture
def leena(home: Home, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> Relative:
    """The resident's relative, come in by the personal link."""
    monkeypatch.setattr(caller_views, "_throttle", Throttle())
    return Relative(home.contact)


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q7")
def test_a_relative_joins_writes_and_rates(desk: Client, home: Home, queue: Queue, leena: Relative) -> None:
    """In one line with the residents; every message once, and all the times at the end."""
    assert b"/call/service/" in leena.client.get("/call/").content
    assert [topic["name"] for topic in leena.sees()["topics"]] == ["Lehmus queue", "Meals"]
    another_customer(home, queue, "Resident")
    assert leena.do("join", queue=queue.pk)["visit"]["title"] == "You are in line, place 2"
    agent = at_work(home.user, queue)
    assert str(home.contact).encode() in desk.get("/queue/").content
    assert [visit.id for visit in (service.take_next(agent), service.take_next(agent)) if visit] == [
        "Resident",
        leena.visit,
    ]
    for _ in range(2):
        leena.do("say", number=1, text="<b>When</b> is lunch?")
    service.agent_wrote(agent, leena.visit, "At noon.", "k")
    assert [message["text"] for message in leena.sees()["visit"]["messages"]] == [
        "<b>When</b> is lunch?",
        "At noon.",
    ]
    found = Visit.objects.get(id=leena.visit)
    assert b"&lt;b&gt;When" in desk.get(f"/queue/visits/{found.pk}/").content
    service.remove(agent, leena.visit)
    ended = leena.do("rate", rating="good")["visit"]
    assert (ended["stage"], ended["rating"], len(ended["lines"])) == ("ended", "good", 2)


@pytest.mark.requirement("Q9")
def test_a_page_that_is_closed_is_away_keeps_its_place_and_comes_back(
    home: Home, queue: Queue, leena: Relative
) -> None:
    """Seen within five seconds; after the grace time it is out."""
    leena.do("join", queue=queue.pk)
    leena.sees()
    QueueWatch(lambda: timezone.now() + timedelta(seconds=3)).turn()
    assert Visit.objects.get().away_since is None
    QueueWatch(lambda: timezone.now() + timedelta(seconds=4)).turn()
    assert Visit.objects.get().away_since
    assert leena.sees()["visit"]["title"] == "You are in line, place 1"
    assert Visit.objects.get().away_since is None
    QueueWatch(lambda: timezone.now() + timedelta(seconds=4)).turn()
    QueueWatch(lambda: timezone.now() + timedelta(seconds=125)).turn()
    assert leena.sees()["visit"]["title"] == "You are no longer in line"


@pytest.mark.requirement("Q5")
def test_text_is_raised_to_video_between_two_browsers(
    desk: Client, home: Home, queue: Queue, leena: Relative
) -> None:
    """The agent calls once both agreed; offer and answer go by the desk, and are forgotten with the call."""
    leena.do("join", queue=queue.pk)
    visit = service.take_next(at_work(home.user, queue))
    assert visit
    assert leena.do("video")["visit"]["video"] == "asked-by-customer"
    desk.post(f"/queue/visits/{visit.pk}/video/")
    call = post(desk, visit, offer=OFFER)[1]["call"]
    ringing = leena.sees()["visit"]["call"]
    assert (ringing["id"], ringing["state"], ringing["offer"]) == (call, "ringing", OFFER)
    leena.do("answer", call=call, answer=ANSWER)
    leena.do("connected", call=call)
    followed = post(desk, visit, "follow/", call=call)[1]
    assert (followed["state"], followed["answer"]) == ("connected", ANSWER)
    leena.do("hang-up", call=call)
    followed = post(desk, visit, "follow/", call=call)[1]
    assert (followed["state"], followed["answer"]) == ("ended", "")
    assert "has hung up" in followed["words"]
    again = post(desk, visit, offer=OFFER)[1]["call"]
    service.release_all(at_work(home.user, queue))
    assert post(desk, visit, "follow/", call=again)[1]["state"] == "ended"
    assert leena.sees()["visit"]["call"] is None


@pytest.mark.requirement("Q5")
def test_no_call_outlives_a_page_that_died(desk: Client, home: Home, queue: Queue, leena: Relative) -> None:
    """Whichever of both fell silent, and nobody rings for ever."""
    leena.do("join", queue=queue.pk, way="video")
    visit = service.take_next(at_work(home.user, queue))
    assert visit
    call = post(desk, visit, offer=OFFER)[1]["call"]
    leena.sees()
    QueueWatch(lambda: timezone.now() + timedelta(seconds=9)).turn()
    assert post(desk, visit, "follow/", call=call)[1]["words"] == "The connection was lost."


@pytest.mark.requirement("V10")
@pytest.mark.requirement("V27")
def test_a_key_opens_ones_own_visit_and_nobody_elses(
    home: Home, foreign: Home, queue: Queue, leena: Relative, client: Client
) -> None:
    """Strangers see the door; another organisation's queue is not there, nor is another's conversation."""
    assert client.get("/call/service/").headers["Location"] == "/call/"
    assert client.post("/call/service/here/").status_code == 403
    assert client.get("/call/service/live/").status_code == 204
    assert client.post("/call/service/do/", "{}", content_type="application/json").status_code == 403
    theirs = Queue(organisation=foreign.organisation, name="Theirs")
    theirs.save()
    leena.do("join", queue=theirs.pk)
    assert not Visit.objects.exists()
    leena.do("join", queue=queue.pk)
    stranger = Relative(foreign.contact)
    stranger.visit = leena.visit
    for kind in ("leave", "say", "video", "answer", "hang-up"):
        stranger.do(kind, text="Mine", answer=OFFER)
    assert Visit.objects.get().stage == "waiting"
    assert not Message.objects.exists()
    assert leena.do("say", text="x" * 2001)["words"] == "The browser has sent something unusable."


@pytest.mark.requirement("V17")
def test_what_a_relative_wrote_goes_with_them(home: Home, queue: Queue, leena: Relative) -> None:
    """Anonymised, they leave no conversation behind."""
    leena.do("join", queue=queue.pk)
    leena.do("leave")
    anonymise(home.contact)
    assert not Visit.objects.exists()


def test_a_page_that_does_more_than_a_person_can_is_refused(
    queue: Queue, leena: Relative, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thirty messages in one moment the first are kept, the others refused in words."""
    monkeypatch.setattr(caller_views, "_throttle", Throttle(lambda: 100.0))
    leena.do("join", queue=queue.pk)
    answers = [leena.do("say", number=number, text="x") for number in range(1, 31)]
    refused = [answer["words"] for answer in answers if "words" in answer]
    assert (Message.objects.count(), len(refused)) == (19, 11)
    assert all(refused)


def test_a_throttle_lets_a_person_through_and_fills_up_again() -> None:
    """Twenty steps at once, four a second afterwards; one contact's haste costs no other anything."""
    now = [100.0]
    throttle = Throttle(lambda: now[0])
    assert [throttle.takes(1) for _ in range(21)] == [True] * 20 + [False]
    assert throttle.takes(2)
    now[0] += 0.5
    assert [throttle.takes(1) for _ in range(3)] == [True, True, False]
