"""Who is ahead: agents of several queues take the customer who has waited longest in any of them (Q4)."""

import pytest
from django.utils import timezone

from cloud.organisations.models import User
from cloud.people.models import Resident
from cloud.queue import agents
from cloud.queue.common import Common
from cloud.queue.models import Queue, Visit
from cloud.queue.shared_line import SharedLine
from tests.cloud.homes import Home

pytestmark = [pytest.mark.postgresql, pytest.mark.requirement("Q4")]


def another(home: Home, name: str) -> Queue:
    made = Queue(organisation=home.organisation, name=name)
    made.save()
    return made


def at_work(home: Home, name: str, *queues: Queue) -> None:
    """An agent of these queues, signed in."""
    user = User(username=name, organisation=home.organisation)
    user.save()
    agents.sign_in(user, name, list(queues))


def joined(home: Home, queue: Queue, count: int) -> list[Visit]:
    """So many wait here, after all who wait already."""
    visits = []
    for number in range(count):
        name = f"{queue.name} {number}"
        resident = Resident.objects.create(organisation=home.organisation, first_name="Aino", last_name=name)
        visits.append(Visit.objects.create(id=name, queue=queue, resident=resident, joined_at=timezone.now()))
    return visits


def test_those_in_other_queues_are_ahead_as_far_as_their_agents_serve_here(home: Home, queue: Queue) -> None:
    """All of them where the agents are the same, half where half are, and none where none is."""
    same, half, apart = (another(home, name) for name in ("Same", "Half", "Apart"))
    at_work(home, "a", queue, same, half)
    at_work(home, "b", half)
    at_work(home, "c", apart)
    (first,) = joined(home, queue, 1)
    for each, count in ((same, 3), (half, 4), (apart, 5)):
        joined(home, each, count)
    (last,) = joined(home, another(home, "Nobody's"), 1)
    line = SharedLine([queue, apart])
    assert line.place(queue) == 1 + 1 + 3 + 4 / 2
    assert line.place(queue, first.number) == 1
    assert line.place(apart) == 1 + 5
    assert line.place(apart, last.number) == 1 + 5
    assert (line.agents(queue), line.agents(apart)) == (1, 1)


def test_nothing_is_said_of_a_queue_without_agents(home: Home, queue: Queue) -> None:
    """Whatever others do."""
    at_work(home, "a", another(home, "Other"))
    joined(home, queue, 2)
    common = Common()
    assert common.wait(common.line([queue]), queue) is None
