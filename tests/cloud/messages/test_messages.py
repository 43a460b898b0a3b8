"""Messages at the desk: planned from the calendar, tracked on the device, escalated when unconfirmed."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from cloud.calendar.expansion import renew
from cloud.calendar.models import Appointment
from cloud.delivery.models import Delivery
from cloud.delivery.text_parts import length
from cloud.devices.documents import compose, refresh_resident
from cloud.devices.incoming import handle_event
from cloud.messages.document import MOST_TEXT_BYTES
from cloud.messages.models import LONGEST_WRITTEN, Message, MessageText, ReminderType
from cloud.messages.planning import replan
from cloud.messages.watch import mark_late
from cloud.organisations.models import Organisation, User
from device.contract.events import WireEvent
from device.contract.messages import MessageAnswered, MessageShown
from device.contract.wire import LARGEST_MESSAGE_BYTES
from tests.cloud.homes import Home

HELSINKI = ZoneInfo("Europe/Helsinki")


def remind(home: Home, **fields: Any) -> ReminderType:
    """Of every appointment, an hour before."""
    text = MessageText.objects.get(organisation=home.organisation, code="appointment")
    fields = {"name": "All", "leads_min": [60], **fields}
    return ReminderType.objects.create(organisation=home.organisation, text=text, **fields)


def plan_of(home: Home) -> list[Any]:
    """What the device is sent."""
    refresh_resident(home.resident)
    document: Any = compose(home.device)["messages"]
    return list(document.messages)


def happened(home: Home, what: Any) -> None:
    """Send an event of the device."""
    event = WireEvent(
        sequence=1, boot_id="1", monotonic_s=1.0, happened_at=timezone.now(), clock_trusted=True, what=what
    )
    handle_event(home.device, event)


def tomorrow(wall: str) -> str:
    """That time tomorrow, as an appointment has it."""
    return f"{timezone.now().astimezone(HELSINKI) + timedelta(days=1):%Y-%m-%d}T{wall}"


@pytest.mark.requirement("M2")
def test_an_organisation_begins_with_texts(home: Home) -> None:
    """In four languages; one below another uses those of the one above."""
    text = MessageText.objects.get(organisation=home.organisation, code="medicine")
    assert len({text.body(code) for code in ("fi", "sv", "da", "en")}) == 4
    below = Organisation.objects.create(name="Below", parent=home.organisation)
    assert not MessageText.objects.filter(organisation=below).exists()


@pytest.mark.requirement("M6", "M7")
def test_the_device_has_what_the_calendar_and_the_type_say(home: Home) -> None:
    """Merged, in the resident's language, at the time that the rules give: earlier, never later."""
    remind(home, evening_before=True)
    Appointment.objects.create(resident=home.resident, title="Doctor", starts=tomorrow("06:00"))
    early, late = plan_of(home)
    today = timezone.now().astimezone(HELSINKI).date()
    assert early.due_at.astimezone(HELSINKI).strftime("%H:%M") == "18:00"
    assert late.due_at.astimezone(HELSINKI).strftime("%H:%M") == "21:00"
    assert late.due_at.astimezone(HELSINKI).date() == today
    assert late.body.startswith(f"Hello {home.resident.first_name}. You have an appointment on ")
    assert late.body.endswith("at 06:00.")


@pytest.mark.requirement("M12")
def test_only_what_changed_is_planned_anew(home: Home) -> None:
    """A move replaces the message of the old time; what stays keeps its row, also when it comes back."""
    remind(home)
    stays = Appointment.objects.create(resident=home.resident, title="A", starts=tomorrow("12:00"))
    moves = Appointment.objects.create(resident=home.resident, title="B", starts=tomorrow("13:00"))
    replan([home.resident])
    before = dict(Message.objects.exclude(appointment="").values_list("appointment", "pk"))
    moves.starts = tomorrow("15:00")
    moves.save()
    replan([home.resident])
    after = dict(Message.objects.exclude(appointment="").values_list("appointment", "pk"))
    assert after[str(stays.pk)] == before[str(stays.pk)]
    assert after[str(moves.pk)] != before[str(moves.pk)]
    moves.delete()
    replan([home.resident])
    assert list(Message.objects.exclude(appointment="").values_list("appointment", flat=True)) == [
        str(stays.pk)
    ]


@pytest.mark.requirement("M9")
def test_a_resident_who_opts_out_is_not_reminded(home: Home, desk: Client) -> None:
    """Of one appointment, or of none at all, and it can be taken back."""
    remind(home)
    Appointment.objects.create(resident=home.resident, title="Doctor", starts=tomorrow("12:00"))
    [message] = plan_of(home)
    address = f"/residents/{home.resident.pk}/messages/"
    desk.post(f"{address}{message.id}/withdraw/")
    assert not plan_of(home)
    desk.post(f"{address}opt-out/", {"again": "1"})
    assert len(plan_of(home)) == 1
    desk.post(f"{address}opt-out/")
    assert not plan_of(home)


@pytest.mark.requirement("M11")
def test_the_history_follows_what_the_device_says(home: Home, foreign: Home, desk: Client) -> None:
    """Shown, read; a late word takes nothing back, and another home's device changes nothing."""
    desk.post(f"/residents/{home.resident.pk}/messages/send/", {"title": "Coffee", "body": "At three."})
    [planned] = plan_of(home)
    assert (planned.title, planned.body) == ("Coffee", "At three.")
    happened(foreign, MessageAnswered(message_id=planned.id, answer="ok"))
    message = Message.objects.get(pk=planned.id)
    assert message.state == "planned"
    happened(home, MessageAnswered(message_id=planned.id, answer="ok"))
    happened(home, MessageShown(message_id=planned.id))
    happened(home, MessageShown(message_id="9" * 60))
    message.refresh_from_db()
    assert message.state == "read"
    assert message.shown_at
    assert not plan_of(home)
    assert "read" in desk.get(f"/residents/{home.resident.pk}/messages/").text


@pytest.mark.requirement("M3", "M4")
def test_what_is_too_late_is_obsolete_or_expired(home: Home) -> None:
    """A reminder once its appointment has begun, any other after a day."""
    past = timezone.now() - timedelta(minutes=1)
    facts = {"resident": home.resident, "due_at": past, "until": past}
    reminder = Message.objects.create(key="a", appointment="1", title="R", **facts)
    other = Message.objects.create(key="b", title="P", **facts)
    mark_late(timezone.now())
    for message, state in ((reminder, "obsolete"), (other, "expired")):
        message.refresh_from_db()
        assert message.state == state


@pytest.mark.requirement("M5", "M6")
def test_texts_and_reminders_are_made_at_the_desk(home: Home, desk: Client) -> None:
    """A field that does not exist is named where it was written; a right text is used at once."""
    new = f"/messages/texts/new/{home.organisation.pk}/"
    walk = {"code": "walk", "kind": "reminder", "body_en": "A walk at {time}."}
    refused = desk.post(new, {**walk, "body_en": "At {tiem}."})
    assert "There is no {tiem}" in refused.content.decode()
    assert desk.post(new, walk).status_code == 302
    text = MessageText.objects.get(code="walk")
    assert "at most 16 characters" in desk.get(f"/messages/texts/{text.pk}/").text
    reminder = {
        "name": "Walks",
        "keyword": "walk",
        "text": text.pk,
        "leads": ["30"],
        "channel": "screen",
        "confirm_within_min": "30",
    }
    assert desk.post(f"/messages/reminders/new/{home.organisation.pk}/", reminder).status_code == 302
    kept = desk.post(f"/messages/texts/{text.pk}/", {**walk, "kind": "other"})
    assert "A reminder has this text" in kept.text
    Appointment.objects.create(resident=home.resident, title="A walk", starts=tomorrow("12:00"))
    refresh_resident(home.resident)
    assert [each.body for each in plan_of(home)] == ["A walk at 12:00."]


def test_fifty_kilobytes_are_refused_in_words(home: Home, desk: Client) -> None:
    """A text, and a message: nothing is saved, nothing is sent."""
    long = "x" * 50_000
    texts = MessageText.objects.count()
    refused = desk.post(f"/messages/texts/new/{home.organisation.pk}/", {"code": "long", "body_en": long})
    assert "at most 5000 characters" in refused.text
    refused = desk.post(f"/residents/{home.resident.pk}/messages/send/", {"title": "Long", "body": long})
    assert "at most 5000 characters" in refused.text
    assert MessageText.objects.count() == texts
    assert not Message.objects.filter(title="Long").exists()


@pytest.mark.requirement("M5")
def test_a_long_text_goes_whole_to_the_screen_and_in_parts_to_a_phone(home: Home, desk: Client) -> None:
    """Five thousand characters; the desk says how many parts that is."""
    long = "Dear {first_name}. " + "We walk. " * 500
    text = {"code": "long", "kind": "other", "body_en": long}
    desk.post(f"/messages/texts/new/{home.organisation.pk}/", text)
    made = MessageText.objects.get(code="long")
    assert "30 text messages" in desk.get(f"/messages/texts/{made.pk}/").text
    desk.post(f"/residents/{home.resident.pk}/messages/send/", {"title": "News", "ready": made.pk})
    (sent,) = plan_of(home)
    assert sent.body == long.replace("{first_name}", "Lehmus").strip()
    assert length(sent.body).parts == 30


@pytest.mark.requirement("M5")
def test_very_long_texts_do_not_make_a_document_that_the_broker_refuses(home: Home) -> None:
    """The next messages go first, whole; those that follow have their turn when these are over."""
    now = timezone.now()
    rows = [
        Message(
            resident=home.resident, key=f"k{number}", title="Long", body="ä" * LONGEST_WRITTEN,
            due_at=now + timedelta(minutes=number), until=now + timedelta(hours=9),
        )
        for number in range(120)
    ]  # fmt: skip
    Message.objects.bulk_create(rows)
    sent = plan_of(home)
    assert [each.due_at for each in sent] == [row.due_at for row in rows[: len(sent)]]
    assert len(sent) == MOST_TEXT_BYTES // (2 * LONGEST_WRITTEN)
    assert {len(each.body) for each in sent} == {LONGEST_WRITTEN}
    assert len(msgspec.json.encode(compose(home.device)["messages"])) < LARGEST_MESSAGE_BYTES


def test_appointments_of_1900_and_for_ever_are_planned_within_bounds(home: Home) -> None:
    """The one is over, the other has the reminders of the next days only."""
    remind(home)
    Appointment.objects.create(resident=home.resident, title="Long ago", starts="1900-01-01T10:00")
    Appointment.objects.create(
        resident=home.resident, title="For ever", starts="1970-01-01T12:00", rule="FREQ=DAILY"
    )
    renew(home.resident)
    planned = plan_of(home)
    assert {each.title for each in planned} == {"For ever"}
    assert 7 <= len(planned) <= 9


@pytest.mark.requirement("M5")
def test_a_text_is_sent_to_oneself_filled_in(home: Home, desk: Client) -> None:
    """By the way of all messages; without an address it is said, and nothing goes out."""
    text = MessageText.objects.create(
        organisation=home.organisation, code="lunch", body_en="{first_name}: {time} with {performer}."
    )
    page = f"/messages/texts/{text.pk}/"
    User.objects.filter(pk=home.user.pk).update(email="")
    assert "no e-mail address" in desk.post(f"{page}to-me/", follow=True).content.decode()
    assert not Delivery.objects.filter(about="sample").exists()
    User.objects.filter(pk=home.user.pk).update(email="nurse@example.org")
    assert "On its way to nurse@example.org" in desk.post(f"{page}to-me/", follow=True).content.decode()
    row = Delivery.objects.get(about="sample")
    assert (row.address, row.subject) == ("nurse@example.org", "lunch")
    assert re.fullmatch(r"Lehmusnurse: \S+ with Maximiliane von Hohenberg\.", row.body)
