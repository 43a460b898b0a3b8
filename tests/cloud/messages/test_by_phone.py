"""What no tablet shows goes to the resident's own phone as a text message (M3, M8)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from cloud.calendar.models import Appointment
from cloud.delivery.channels.sms_gateway import CHANNEL
from cloud.delivery.models import Delivery
from cloud.delivery.worker import ChannelWorker
from cloud.devices.documents import compose, refresh_resident
from cloud.devices.models import DesiredDocument, Device
from cloud.messages.by_phone import ABOUT, PhoneWatch
from cloud.messages.models import Message, MessageText, ReminderType, ResidentPhone
from cloud.messages.notices import happened
from cloud.messages.watch import mark_late
from tests.cloud.delivery.sms_server import SmsServer, answering
from tests.cloud.homes import Home

NUMBER = "+358401234567"
NOON = datetime(2031, 5, 6, 12, 0, tzinfo=ZoneInfo("Europe/Helsinki"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(home: Home) -> ResidentPhone:
    """The resident has a phone, and the tablet has been silent for an hour."""
    heard(home, NOON - timedelta(hours=1))
    return ResidentPhone.objects.create(resident=home.resident, number=NUMBER, planned_at=NOON)


def heard(home: Home, at: datetime) -> None:
    """The tablet has said something then, the last time."""
    Device.objects.filter(pk=home.device.pk).update(heard_at=at)


def message(home: Home, due_at: datetime = NOON, **fields: object) -> Message:
    """One that the desk has sent."""
    facts = {
        "key": "k",
        "title": "Coffee",
        "body": "At three.",
        "until": due_at + timedelta(hours=2),
        **fields,
    }
    return Message.objects.create(resident=home.resident, due_at=due_at, **facts)


def reminded(home: Home, channel: str) -> Message:
    """The reminder of tomorrow's appointment, of a type with this channel."""
    text = MessageText.objects.get(organisation=home.organisation, code="appointment")
    ReminderType.objects.create(
        organisation=home.organisation, name="All", text=text, leads_min=[60], channel=channel
    )
    day = timezone.now().astimezone(NOON.tzinfo) + timedelta(days=1)
    Appointment.objects.create(resident=home.resident, title="Dentist", starts=f"{day:%Y-%m-%d}T12:00")
    refresh_resident(home.resident)
    return Message.objects.get(resident=home.resident, title="Dentist")


def plan_of(home: Home) -> list[Any]:
    """What the device is sent."""
    refresh_resident(home.resident)
    document: Any = compose(home.device)["messages"]
    return list(document.messages)


def turn(now: datetime = NOON) -> list[Delivery]:
    """One look; what is in the table of what is due."""
    PhoneWatch(clock=lambda: now).turn()
    return list(Delivery.objects.filter(about=ABOUT))


def carry() -> None:
    """The gateway gets what is due."""
    worker = ChannelWorker(CHANNEL)
    worker.turn()
    worker.close()


@pytest.mark.requirement("M1", "M10")
def test_a_message_comes_as_a_text_message_while_the_tablet_is_silent(
    home: Home, phone: ResidentPhone, gateway: SmsServer
) -> None:
    """Once, however often it is looked at; the history says that it went to the phone."""
    now = timezone.now()
    heard(home, now - timedelta(hours=1))
    sent = message(home, now, any_hour=True)
    turn(now)
    assert [row.address for row in turn(now + timedelta(minutes=1))] == [phone.number]
    carry()
    assert [each["text"] for each in gateway.taken.values()] == ["Coffee\nAt three."]
    mark_late(now + timedelta(hours=3))
    sent.refresh_from_db()
    assert sent.state == Message.State.SENT


def test_a_tablet_that_is_heard_shows_it_alone(home: Home, phone: ResidentPhone, gateway: SmsServer) -> None:
    """The text message follows only once it has been silent for minutes, and nothing was shown."""
    heard(home, NOON)
    message(home)
    assert not turn(NOON + timedelta(minutes=1))
    assert len(turn(NOON + timedelta(minutes=4))) == 1


@pytest.mark.parametrize(
    "fields", [{"state": "shown"}, {"sender": "Leena"}, {"until": NOON}, {"due_at": NOON.replace(hour=22)}]
)
def test_what_is_shown_over_or_a_picture_goes_nowhere(
    home: Home, phone: ResidentPhone, gateway: SmsServer, fields: dict[str, object]
) -> None:
    """Nor is a resident woken at night (M8)."""
    due_at = fields.pop("due_at", NOON)
    assert isinstance(due_at, datetime)
    message(home, due_at, **fields)
    assert not turn(max(due_at, NOON) + timedelta(minutes=1))


@pytest.mark.requirement("M12")
def test_what_is_withdrawn_is_not_tried_any_more(
    home: Home, phone: ResidentPhone, gateway: SmsServer, desk: Client
) -> None:
    """The desk takes the message back before it has gone out."""
    sent = message(home)
    assert [row.state for row in turn()] == ["waiting"]
    desk.post(f"/residents/{home.resident.pk}/messages/{sent.pk}/withdraw/")
    assert [row.state for row in turn()] == ["cancelled"]


@pytest.mark.requirement("M6", "M12")
def test_without_a_tablet_reminders_are_planned_all_the_same(
    home: Home, gateway: SmsServer, desk: Client
) -> None:
    """The number is entered at the desk; nobody is asked to confirm where there is no screen."""
    Device.objects.filter(pk=home.device.pk).update(resident=None)
    text = MessageText.objects.get(organisation=home.organisation, code="appointment")
    ReminderType.objects.create(
        organisation=home.organisation, name="All", text=text, leads_min=[60], asks_confirmation=True
    )
    day = timezone.now().astimezone(NOON.tzinfo) + timedelta(days=1)
    Appointment.objects.create(resident=home.resident, title="Dentist", starts=f"{day:%Y-%m-%d}T12:00")
    page = f"/residents/{home.resident.pk}/messages/"
    assert "no text messages" in desk.post(f"{page}phone/", {"number": "+358 9 310 1691"}).text
    assert desk.post(f"{page}phone/", {"number": "040 123 4567"}).status_code == 302
    assert "+358 40 1234567" in desk.get(page).text
    planned = Message.objects.get(resident=home.resident, title="Dentist")
    assert not planned.asks_confirmation
    (found,) = turn(planned.due_at)
    assert (found.address, "12:00" in found.body) == (NUMBER, True)
    desk.post(f"{page}phone/", {"number": ""})
    assert not ResidentPhone.objects.filter(resident=home.resident).exists()


@pytest.mark.requirement("M8", "N1")
def test_the_desk_hears_of_a_reminder_that_came_too_late(home: Home) -> None:
    """By the notification that the organisation has set up for it."""
    row = message(home, NOON - timedelta(hours=3), appointment="1", until=NOON - timedelta(minutes=1))
    mark_late(NOON)
    (found,) = happened(NOON - timedelta(hours=1))
    assert (found.key, found.values) == (f"reminder-obsolete/{row.pk}", {"title": "Coffee", "about": ""})


@pytest.mark.requirement("M6")
@pytest.mark.parametrize(
    ("channel", "on_screen", "by_phone"),
    [("screen-or-phone", True, False), ("screen", True, False), ("phone", False, True), ("both", True, True)],
)
def test_the_types_channel_decides_between_screen_and_text_message(
    home: Home, phone: ResidentPhone, gateway: SmsServer, *, channel: str, on_screen: bool, by_phone: bool
) -> None:
    """A tablet that works shows what is for the screen; the phone gets what is for it, once."""
    planned = reminded(home, channel)
    assert planned.channel == channel
    heard(home, planned.due_at)
    assert [each.title for each in plan_of(home)] == ["Dentist"] * on_screen
    found = turn(planned.due_at + timedelta(seconds=1))
    assert [row.address for row in found] == [NUMBER] * by_phone
    assert turn(planned.due_at + timedelta(seconds=9)) == found


@pytest.mark.requirement("M6")
def test_what_is_for_screen_and_phone_is_sent_though_it_was_shown_and_not_once_answered(
    home: Home, phone: ResidentPhone, gateway: SmsServer
) -> None:
    """The tablet is quicker than the desk; a resident who has touched the answer needs no text message."""
    planned = reminded(home, "both")
    heard(home, planned.due_at)
    Message.objects.update(state=Message.State.SHOWN)
    assert [row.state for row in turn(planned.due_at)] == ["waiting"]
    Message.objects.update(state=Message.State.READ)
    assert [row.state for row in turn(planned.due_at)] == ["cancelled"]


@pytest.mark.requirement("M6")
def test_a_text_message_that_cannot_be_sent_is_shown_on_the_screen(
    home: Home,
    phone: ResidentPhone,
    gateway: SmsServer,
    desk: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Whether the resident has no phone, or the number is wrong for good: nothing is dropped."""
    planned = reminded(home, "phone")
    assert not plan_of(home)
    gateway.instead.append(answering(422, b""))
    with django_capture_on_commit_callbacks(execute=True):
        turn(planned.due_at)
        Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        carry()
    (failed,) = Delivery.objects.filter(about=ABOUT)
    assert failed.state == Delivery.State.FAILED
    page = desk.get(f"/residents/{home.resident.pk}/messages/").text
    assert "Text message: failed" in page
    assert failed.reason in page
    document = DesiredDocument.objects.get(device=home.device, name="messages")
    assert [each["title"] for each in document.body["messages"]] == ["Dentist"]
    phone.delete()
    Message.objects.update(delivery=None)
    assert [each.title for each in plan_of(home)] == ["Dentist"]


def test_only_a_screen_asks_to_be_confirmed(home: Home, desk: Client) -> None:
    """A type that would ask by text message is refused in words; with the screen it is saved."""
    text = MessageText.objects.get(organisation=home.organisation, code="appointment")
    fields = {"name": "Tablets", "text": text.pk, "leads": ["0"], "confirm_within_min": "30"}
    fields |= {"asks_confirmation": "on", "channel": "phone"}
    page = f"/messages/reminders/new/{home.organisation.pk}/"
    assert "Only the screen can ask" in desk.post(page, fields).text
    assert desk.post(page, {**fields, "channel": "both"}).status_code == 302
    assert ReminderType.objects.get(name="Tablets").channel == "both"
    assert "on the screen and as a text message" in desk.get("/messages/texts/").text
