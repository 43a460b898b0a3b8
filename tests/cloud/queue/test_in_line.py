"""Presence of screens in the queue, in memory: silent ones are away, returned ones are back (Q9)."""

import time

import pytest

from cloud.queue import in_line, service
from cloud.queue.in_line import InLine
from cloud.queue.models import Queue, Visit
from device.contract.topics import PARTITIONS
from tests.cloud.homes import Home

pytestmark = [pytest.mark.postgresql, pytest.mark.requirement("Q9")]


def test_a_silent_screen_is_away_and_one_that_is_heard_again_is_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that has just begun calls nobody away; a device that is offline is away at once."""
    queue = Queue(organisation=home.organisation, name="Meals")
    queue.save()
    home.device.online = True
    home.device.save()
    visit = service.join(home.device, "v-1", queue, "text")
    assert visit
    heard = InLine()

    def is_away(partitions: str = PARTITIONS) -> bool:
        heard.turn(partitions, home.device.broker)
        visit.refresh_from_db()
        return visit.away_since is not None

    assert not is_away()
    monkeypatch.setattr(in_line, "LONGEST_SILENCE_S", -1.0)
    assert not is_away("".join(set(PARTITIONS) - {home.device.pk[0]})), "another worker's device"
    assert is_away()
    monkeypatch.setattr(in_line, "LONGEST_SILENCE_S", 60.0)
    assert is_away(), "it has not been heard since"
    heard.hear(home.device.pk)
    assert not is_away()
    home.device.online = False
    home.device.save()
    assert is_away()
    assert Visit.objects.get(id="v-1").stage == "waiting"


def test_a_customer_who_just_joined_is_not_away(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long-running worker gets the visit before the screen's first heartbeat."""
    queue = Queue(organisation=home.organisation, name="Meals")
    queue.save()
    home.device.online = True
    home.device.save()
    began_s = time.monotonic() - 3600
    with monkeypatch.context() as earlier:
        earlier.setattr(time, "monotonic", lambda: began_s)
        heard = InLine()
    assert service.join(home.device, "v-1", queue, "text")
    heard.turn(PARTITIONS, home.device.broker)
    assert Visit.objects.get(id="v-1").away_since is None
