"""A performer is ill: choose the day, see the list, cancel and tell them in one step."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calendar.agenda import occurrences_of
from cloud.calendar.expansion import renew
from cloud.calendar.models import Appointment, CancelledTime
from cloud.messages.models import Message
from cloud.people.models import Resident
from tests.cloud.homes import Home, make_resident

pytestmark = pytest.mark.requirement("M1")


def day(offset: int = 3) -> str:
    """So many days from now."""
    return f"{timezone.localdate() + timedelta(days=offset):%Y-%m-%d}"


def book(resident: Resident, wall: str, performer: str, **fields: str) -> Appointment:
    """An appointment on that day."""
    made = Appointment.objects.create(
        resident=resident, title="Foot care", starts=f"{day()}T{wall}", performer=performer, **fields
    )
    renew(resident)
    return made


def test_who_is_booked_is_notified_and_their_time_is_cancelled(
    home: Home, foreign: Home, desk: Client
) -> None:
    """Only with that performer, only of our residents; the other weeks of a series stay."""
    other = make_resident(home.organisation, "Aino")
    mine = book(home.resident, "10:00", "Maija Meikäläinen", rule="FREQ=WEEKLY")
    theirs = book(other, "11:00", "maija meikäläinen")
    book(other, "12:00", "Matti")
    book(foreign.resident, "10:00", "Maija Meikäläinen")
    where = f"/messages/group/?day={day()}&performer=maija"
    page = desk.get(where).content.decode()
    assert "Lehmus Virtanen" in page
    assert "Aino" in page
    assert "Vieras" not in page
    assert "12:00" not in page
    before = len(occurrences_of(home.resident)[0])
    form = {
        "day": day(), "performer": "maija", "title": "Cancelled", "cancels": "on",
        "body": "{first_name}, {performer} is ill.",
        "booked": [f"{mine.pk}/{mine.starts}", f"{theirs.pk}/{theirs.starts}", "1/nonsense"],
    }  # fmt: skip
    assert desk.post("/messages/group/", form).status_code == 302
    messages = Message.objects.filter(title="Cancelled").order_by("pk")
    assert [each.body for each in messages] == [
        "Lehmus, Maija Meikäläinen is ill.",
        "Aino, maija meikäläinen is ill.",
    ]
    assert messages[0].about.endswith("10:00")
    assert len(occurrences_of(home.resident)[0]) == before - 1
    assert not [each for each in occurrences_of(other)[0] if each.starts.endswith("11:00")]
    assert CancelledTime.objects.filter(by=home.user).count() == 2


def test_without_cancelling_the_appointments_stay(home: Home, desk: Client) -> None:
    """Nobody chosen, or a field that does not exist: nothing is sent, and the page says why."""
    mine = book(home.resident, "10:00", "")
    form = {"day": day(), "title": "Bring a towel", "body": "Hello {first_name}"}
    assert "Choose at least one" in desk.post("/messages/group/", form).content.decode()
    form["booked"] = f"{mine.pk}/{mine.starts}"
    assert (
        "There is no {nobody}" in desk.post("/messages/group/", {**form, "body": "{nobody}"}).content.decode()
    )
    assert not Message.objects.filter(title="Bring a towel").exists()
    desk.post("/messages/group/", form)
    assert Message.objects.get(title="Bring a towel").body == "Hello Lehmus"
    assert not CancelledTime.objects.exists()


@pytest.mark.parametrize("asked", ["day=yesterday", "day=9999-99-99", "performer=%00", "day=0001-01-01"])
def test_a_day_that_is_none_is_today(desk: Client, asked: str) -> None:
    """The page is shown all the same."""
    assert desk.get(f"/messages/group/?{asked}").status_code == 200
