"""A reminder that nobody confirms: relatives, staff on duty and the desk are notified (K6)."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cloud.delivery.channels.email import CHANNEL as EMAIL
from cloud.delivery.models import Delivery
from cloud.delivery.worker import ChannelWorker
from cloud.devices.incoming import handle_event
from cloud.messages import ladder
from cloud.messages.models import ConfirmationStep, Message
from cloud.messages.watch import MessageWatch
from cloud.notices.models import Recipient
from cloud.partner.models import RotaPerson, RotaShift
from device.contract.events import WireEvent
from device.contract.messages import MessageAnswered
from tests.cloud.delivery.sms_server import SmsServer
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K6")


def unconfirmed(home: Home, minutes_ago: int = 1) -> Message:
    """A reminder whose time to be confirmed is over."""
    until = timezone.now() - timedelta(minutes=minutes_ago)
    return Message.objects.create(
        resident=home.resident, key="k", appointment="1", title="Tablets",
        due_at=until - timedelta(minutes=30),
        until=until, asks_confirmation=True,
    )  # fmt: skip


def confirms(home: Home, message: Message) -> None:
    """The resident, on the screen."""
    what = MessageAnswered(message_id=str(message.pk), answer="taken")
    event = WireEvent(
        sequence=1, boot_id="1", monotonic_s=1.0, happened_at=timezone.now(), clock_trusted=True, what=what
    )
    handle_event(home.device, event)


def has_mail(home: Home, address: str = "leena@example.org") -> None:
    """The resident's relative can be written to."""
    home.contact.email = address
    home.contact.save()


def turn(minutes_later: float = 0) -> None:
    """One look, and the mail server gets what is due."""
    now = timezone.now() + timedelta(minutes=minutes_later)
    MessageWatch(clock=lambda: now).turn()
    worker = ChannelWorker(EMAIL)
    worker.turn()
    worker.close()


def notified_keys() -> list[str]:
    """Return who was notified, in order."""
    return [step.key for step in ConfirmationStep.objects.all()]


def on_duty(home: Home) -> RotaPerson:
    """Somebody is on duty today and tomorrow, at every hour."""
    person = RotaPerson.objects.get(rota__organisation=home.organisation)
    for weekday in range(7):
        RotaShift.objects.create(person=person, weekday=weekday, starts="00:00", ends="00:00")
    return person


def test_relatives_then_those_on_duty_and_then_the_desk(home: Home, desk: Client) -> None:
    """One by one, five minutes apart, until somebody confirms or sees to it; each step is in the list."""
    has_mail(home)
    person = on_duty(home)
    message = unconfirmed(home)
    turn()
    turn(4)
    assert [sent.to for sent in mail.outbox] == [["leena@example.org"]]
    assert "Tablets" not in desk.get("/messages/").text
    turn(6)
    assert [sent.to for sent in mail.outbox] == [["leena@example.org"], [person.email]]
    assert "Tablets" in mail.outbox[1].body
    turn(12)
    assert notified_keys() == [f"contact-{home.contact.pk}", f"rota-{person.pk}", ladder.DESK]
    page = desk.get("/messages/").text
    assert "Tablets" in page
    assert f"{person.name}: sent" in page
    desk.post(f"/messages/{message.pk}/settle/")
    assert "Tablets" not in desk.get("/messages/").text


def test_recipients_are_notified_that_it_is_settled(home: Home) -> None:
    """Once, and only those who were notified; the escalation ends."""
    has_mail(home)
    on_duty(home)
    message = unconfirmed(home)
    turn()
    confirms(home, message)
    turn(6)
    turn(12)
    assert [sent.to for sent in mail.outbox] == [["leena@example.org"]] * 2
    assert "answered on the screen by now: Tablets" in mail.outbox[1].body


def test_a_confirmation_stops_what_has_not_gone_out(home: Home, settings: Any) -> None:
    """The mail server is down: nobody is notified of a reminder that was confirmed meanwhile."""
    has_mail(home)
    settings.EMAIL_BACKEND = "cloud.desk.mail.EmailBackend"
    message = unconfirmed(home)
    turn()
    assert Delivery.objects.get(about="reminder-unconfirmed").state == "waiting"
    confirms(home, message)
    turn()
    assert Delivery.objects.get(about="reminder-unconfirmed").state == "cancelled"


def test_a_number_for_text_messages_comes_first(home: Home, gateway: SmsServer) -> None:
    """The relative's own order of addresses holds, as for every notification."""
    has_mail(home)
    row = Recipient.objects.create(
        organisation=home.organisation, contact=home.contact, name="Leena", language="sv"
    )
    row.addresses.create(kind="phone", value="+358401234567")
    unconfirmed(home)
    turn()
    found = Delivery.objects.get(about="reminder-unconfirmed")
    assert (found.channel, found.address) == ("sms-gateway", "+358401234567")
    assert "Tablets" in found.body


def test_the_next_one_is_notified_at_once_where_a_message_fails(home: Home) -> None:
    """Without any way, or where the other side refuses it for good."""
    has_mail(home)
    person = on_duty(home)
    unconfirmed(home)
    turn()
    Delivery.objects.filter(about="reminder-unconfirmed").update(state="failed")
    turn(1)
    assert notified_keys() == [f"contact-{home.contact.pk}", f"rota-{person.pk}"]


def test_where_nobody_can_be_notified_the_desk_has_it_at_once(home: Home) -> None:
    """Without a relative who has an address, and nobody on duty."""
    unconfirmed(home)
    turn()
    assert notified_keys() == [ladder.DESK]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_watchers_tell_each_relative_once(home: Home) -> None:
    """The first one records it."""
    has_mail(home)
    unconfirmed(home)
    threads = [threading.Thread(target=_turn_alone) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notified_keys() == [f"contact-{home.contact.pk}"]
    assert Delivery.objects.filter(about="reminder-unconfirmed").count() == 1


def _turn_alone() -> None:
    from django.db import connection

    try:
        MessageWatch().turn()
    finally:
        connection.close()


@given(st.lists(st.booleans(), max_size=6), st.integers(0, 5))
def test_the_ladder_notifies_each_once_and_ends_at_the_desk(failures: list[bool], relatives: int) -> None:
    """Whichever notifications fail, each contact is notified once, and the desk last."""
    people = [f"contact-{number}" for number in range(relatives)]
    now = began = datetime(2026, 11, 28, 8, tzinfo=UTC)
    steps: list[ladder.Notified] = []
    while step := ladder.next_step(began, people, steps, now):
        assert step.due_at <= now + ladder.WAIT
        now = max(now, step.due_at)
        has_failed = failures[len(steps)] if len(steps) < len(failures) else False
        steps.append(ladder.Notified(step.key, now, has_failed))
    assert [each.key for each in steps] == [*people, ladder.DESK]
