"""Reminders of appointments at the desk: chosen with the appointment, sent, and what became of them."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calendar.models import Appointment, ReminderEntry
from cloud.devices import incoming
from device.contract.events import Event, Happening
from device.contract.reminders import ReminderAnswered, ReminderShown
from tests.cloud.homes import Home
from tests.cloud.test_appointments import save, saved

pytestmark = pytest.mark.requirement("M6")
STARTS = "2031-05-02T10:00"


def hears(home: Home, what: Happening, at: datetime | None = None) -> None:
    event = Event(
        sequence=1,
        boot_id="b",
        monotonic_s=1.0,
        happened_at=at or timezone.now(),
        clock_trusted=True,
        what=what,
    )
    incoming.handle_event(home.device, event)


def page(desk: Client, home: Home) -> str:
    return " ".join(desk.get(f"/residents/{home.resident.pk}/calendar/").content.decode().split())


def test_the_reminders_of_an_appointment_reach_the_screen(desk: Client, home: Home) -> None:
    """What the nurse ticks is in the calendar document, the longest lead first."""
    save(desk, home, leads=["30", "1440"], must_confirm="on")  # type: ignore[arg-type]
    occurrences = home.device.documents.get(name="calendar").body["occurrences"]
    (sent,) = [each for each in occurrences if each["title"] == "Fysioterapia"]
    assert sent["remind"] == {"leads_min": [1440, 30], "must_confirm": True}
    assert "reminder, to be confirmed" in page(desk, home)
    save(desk, home, str(saved().pk), leads=[])  # type: ignore[arg-type]
    assert saved().reminder_leads_min == []


def test_too_many_or_unknown_reminders_are_refused(desk: Client, home: Home) -> None:
    """Nothing is stored of a form that is wrong."""
    assert "At most three reminders." in save(desk, home, leads=["10", "30", "60", "120"])  # type: ignore[arg-type]
    assert "Select a valid choice" in save(desk, home, leads=["7"])  # type: ignore[arg-type]
    assert not Appointment.objects.filter(title="Fysioterapia").exists()


@pytest.mark.requirement("M11", "K6")
def test_what_became_of_a_reminder_stands_in_the_calendar(desk: Client, home: Home) -> None:
    """Shown, put off, confirmed: one line for each reminder, however often the events arrive."""
    reminder = {"appointment_id": str(home.appointment.pk), "starts": STARTS, "lead_min": 60}
    for _ in range(2):
        hears(home, ReminderShown(**reminder))  # type: ignore[arg-type]
    assert "not answered" in page(desk, home)
    hears(home, ReminderAnswered(**reminder, answer="later"))  # type: ignore[arg-type]
    assert "put off for ten minutes" in page(desk, home)
    hears(home, ReminderAnswered(**reminder, answer="confirmed"))  # type: ignore[arg-type]
    assert "confirmed" in page(desk, home)
    assert ReminderEntry.objects.count() == 1


def test_a_device_notes_nothing_about_others(home: Home, foreign: Home) -> None:
    """Neither another resident's appointment nor nonsense becomes a line."""
    for id_ in (str(foreign.appointment.pk), "x", "9" * 60, "-1"):
        hears(home, ReminderShown(appointment_id=id_, starts=STARTS, lead_min=60))
    assert ReminderEntry.objects.count() == 0
