"""A message to somebody goes to their phone first, and what no phone takes goes by another way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Letter
from cloud.delivery.worker import ChannelWorker
from cloud.notices.recipients import of_contact
from cloud.push.channel import CHANNEL, UNHEARD, UNHEARD_AFTER
from cloud.push.models import Phone, PushSettings
from tests.cloud.calls.callers import Caller
from tests.cloud.homes import Home
from tests.cloud.mail_channel import post_mail
from tests.cloud.push_service import PushService

pytestmark = [pytest.mark.requirement("K15", "N5"), pytest.mark.django_db]


@pytest.fixture
def say(home: Home, leena: Caller) -> Callable[..., Delivery]:
    """A message to Leena, who has a phone and an e-mail address; the channel of phones takes its turn."""
    home.contact.email = "leena@example.org"
    home.contact.save()

    def put(body: str = "The tablets were not confirmed.") -> Delivery:
        addresses = of_contact(home.contact).addresses
        row = outbox.put(home.organisation, Letter("k", "test", "Leena", "Please call", body, addresses))
        turn()
        row.refresh_from_db()
        return row

    return put


def turn() -> None:
    """What is due, and what phones have said."""
    worker = ChannelWorker(CHANNEL)
    worker.turn()
    worker.close()


def test_a_phone_that_has_it_says_so(say: Callable[..., Delivery], service: PushService) -> None:
    """The words stand on the phone; nothing else is sent."""
    row = say()
    assert (row.channel, row.state) == ("push", "sent")
    (message,) = service.messages
    assert (message["title"], message["body"]) == ("Please call", "The tablets were not confirmed.")
    heard = Client().post("/call/phone/heard/", {"token": message["token"]}, content_type="application/json")
    assert heard.status_code == 204
    turn()
    row.refresh_from_db()
    assert row.state == "delivered"
    post_mail()
    assert not mail.outbox


def test_a_phone_that_is_off_is_followed_by_mail(say: Callable[..., Delivery]) -> None:
    """After two minutes; the history has the reason."""
    row = say()
    Delivery.objects.filter(pk=row.pk).update(sent_at=timezone.now() - UNHEARD_AFTER - timedelta(seconds=1))
    turn()
    row.refresh_from_db()
    assert (row.channel, row.state, row.reason) == ("email", "waiting", UNHEARD)
    post_mail()
    assert [each.to for each in mail.outbox] == [["leena@example.org"]]


@pytest.mark.parametrize("status", [410, 404])
def test_a_phone_that_is_gone_is_followed_by_mail_at_once(
    say: Callable[..., Delivery], service: PushService, status: int
) -> None:
    """It is not tried again, and never once more."""
    service.statuses.append(status)
    assert say().channel == "email"
    assert not Phone.objects.exists()


def test_what_is_too_long_for_a_phone_goes_by_mail(
    say: Callable[..., Delivery], service: PushService
) -> None:
    """Nobody gets half a message."""
    assert say("ä" * 1500).channel == "email"
    assert not service.messages


def test_where_phones_may_show_no_names_they_show_no_messages(home: Home, leena: Caller) -> None:
    """The organisation has said so: a locked phone lies on a table."""
    assert [each.kind for each in of_contact(home.contact).addresses] == ["push"]
    PushSettings.objects.create(organisation=home.organisation, names_shown=False)
    assert not of_contact(home.contact).addresses
