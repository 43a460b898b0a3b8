"""Messages to people: put once, carried by the first way that works, never dropped without a word."""

import smtplib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cloud.delivery import outbox
from cloud.delivery.channel import channel_of
from cloud.delivery.models import Attempt, ChannelSettings, Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.delivery.retry import PAUSES, Progress, after_failure
from cloud.delivery.worker import UNSERVED, UNSURE, ChannelWorker, move_unserved
from tests.cloud.delivery.sms_server import SECRET, SmsServer, answering
from tests.cloud.homes import Home

NOW = datetime(2030, 5, 1, 9, tzinfo=UTC)
PHONE, MAIL = Address("phone", "+358401234567"), Address("email", "leena@example.org")


def letter(key: str = "k", *addresses: Address, body: str = "Hei") -> Letter:
    return Letter(key, "test", "Leena", "Subject", body, addresses or (PHONE, MAIL))


def made() -> Delivery:
    """The one message that was put."""
    return Delivery.objects.exclude(key__startswith="old-").get()


def turn(channel: str, later: timedelta = timedelta()) -> None:
    """A worker of this channel looks once, so much later."""
    found = channel_of(channel)
    assert found
    worker = ChannelWorker(found, lambda: timezone.now() + later)
    worker.turn()
    worker.close()


@given(st.integers(1, 5), st.lists(st.booleans(), max_size=40))
def test_every_way_is_tried_and_the_end_is_said(ways: int, refusals: list[bool]) -> None:
    """Each way gets at least one try before the end; no try comes after what the message is good for."""
    progress, now, tried = Progress(0, 0, ways), NOW, {0}
    until = NOW + timedelta(hours=24)
    for permanent in [*refusals, *[True] * 5]:
        then = after_failure(progress, now, until, permanent=permanent)
        if then.at is None:
            assert tried == set(range(ways))
            return
        assert now <= then.at < until
        assert then.way in (progress.way, progress.way + 1)
        progress, now = Progress(then.way, then.tries, ways), then.at
        tried.add(then.way)
    raise AssertionError("it goes on for ever")


def test_the_same_message_is_put_once(home: Home, gateway: SmsServer) -> None:
    """However often somebody puts it; and it goes out once."""
    for _ in range(3):
        outbox.put(home.organisation, letter())
    turn("sms-gateway")
    turn("sms-gateway")
    row = made()
    assert row.state == "sent"
    assert list(gateway.asked.values()) == [1]
    assert gateway.unsigned == 0
    assert not mail.outbox


@pytest.mark.requirement("M13")
def test_what_it_costs_is_counted_by_part(home: Home, gateway: SmsServer, desk: Client) -> None:
    """Three parts of an accented text; the page and the table say so for the organisation and month."""
    outbox.put(home.organisation, letter("long", PHONE, body="ž" * 150))
    turn("sms-gateway")
    assert Attempt.objects.get().cents == Decimal("22.5")
    assert "Text messages by an HTTP gateway" in desk.get("/deliveries/costs/").content.decode()
    table = desk.get("/deliveries/costs.csv").content.decode()
    assert f"{timezone.localtime():%Y-%m};Lehmus home;sms-gateway;1;3;0.2" in table


@pytest.mark.parametrize("status", [503, 429, 401])
def test_what_may_pass_is_tried_again_and_then_by_the_next_way(
    home: Home, gateway: SmsServer, status: int
) -> None:
    """After each pause once; then by e-mail, and every try is in the history."""
    outbox.put(home.organisation, letter())
    gateway.instead += [answering(status, b"")] * (len(PAUSES) + 1)
    later = timedelta()
    for pause in [timedelta(), *PAUSES]:
        later += pause + timedelta(seconds=1)
        turn("sms-gateway", later)
    turn("email", later)
    assert [each.to for each in mail.outbox] == [["leena@example.org"]]
    assert [row.reason for row in Attempt.objects.all()] == [f"HTTP {status}"] * 5 + [""]
    assert made().state == "sent"


def test_what_is_wrong_for_good_goes_by_the_next_way_at_once(home: Home, gateway: SmsServer) -> None:
    """A number that the gateway does not know."""
    outbox.put(home.organisation, letter())
    gateway.instead.append(answering(422, b""))
    turn("sms-gateway")
    turn("email")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "answer", [b"<html>Sign in to the network</html>", b'{"id": 7}', b"", b"\xff" * 99_999]
)
def test_a_gateway_that_answers_nonsense_has_taken_nothing(
    home: Home, gateway: SmsServer, answer: bytes
) -> None:
    """Whatever says 200 to everything is no gateway."""
    outbox.put(home.organisation, letter("k", PHONE))
    gateway.instead.append(answering(200, answer))
    turn("sms-gateway")
    row = made()
    assert (row.state, row.reason) == ("waiting", "the answer is not a gateway's")


def test_a_gateway_that_never_answers_is_asked_again(home: Home, gateway: SmsServer) -> None:
    """With the same id, by which it knows that it is the same message."""
    outbox.put(home.organisation, letter("k", PHONE))
    gateway.instead.append(lambda _handler: None)
    turn("sms-gateway")
    assert made().state == "waiting"
    assert made().reason
    turn("sms-gateway", PAUSES[0] + timedelta(seconds=1))
    assert made().state == "sent"
    assert len(gateway.taken) == 1


def test_nothing_is_dropped_without_a_word(home: Home, desk: Client) -> None:
    """Without any way it has failed at once; the desk sees it until somebody has seen to it."""
    row = outbox.put(home.organisation, letter("k", PHONE))
    assert row.state == "failed"
    assert "Leena" in desk.get("/deliveries/failed/").content.decode()
    desk.post(f"/deliveries/failed/{row.pk}/settle/")
    assert "Leena" not in desk.get("/deliveries/failed/").content.decode()
    row.refresh_from_db()
    assert row.settled_by == home.user


def test_a_mail_server_that_refuses_an_address_is_not_asked_again(home: Home, monkeypatch: Any) -> None:
    """550 is for good, 450 may pass."""
    refusal = {"code": 450}

    def refuse(*_arguments: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"leena@example.org": (refusal["code"], b"no")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    outbox.put(home.organisation, letter("k", MAIL))
    turn("email")
    assert made().state == "waiting"
    refusal["code"] = 550
    turn("email", timedelta(minutes=1))
    row = made()
    assert (row.state, row.reason) == ("failed", "550 no")


def test_what_comes_too_late_is_expired(home: Home, gateway: SmsServer) -> None:
    """Nothing goes out after what it is good for."""
    outbox.put(home.organisation, letter(), until=timezone.now() + timedelta(minutes=5))
    turn("sms-gateway", timedelta(minutes=6))
    assert made().state == "expired"
    assert not gateway.asked


def test_a_clock_that_is_set_back_holds_up_nothing_and_sends_nothing_early(
    home: Home, gateway: SmsServer
) -> None:
    """What was put, failed or claimed by tomorrow's clock goes out today; what is planned waits."""
    tomorrow = timezone.now() + timedelta(days=1)
    put, failed, claimed, planned = (
        outbox.put(home.organisation, letter(key, PHONE)) for key in ("put", "failed", "claimed", "planned")
    )
    by_then = {"created_at": tomorrow, "due_at": tomorrow, "until": tomorrow + timedelta(days=1)}
    Delivery.objects.filter(pk=put.pk).update(**by_then)
    Delivery.objects.filter(pk=failed.pk).update(tries=2, due_at=tomorrow + PAUSES[1])
    Delivery.objects.filter(pk=claimed.pk).update(claimed_by="dead", claimed_until=tomorrow)
    Delivery.objects.filter(pk=planned.pk).update(due_at=tomorrow)
    turn("sms-gateway")
    turn("sms-gateway")
    states = dict(Delivery.objects.exclude(key__startswith="old-").values_list("key", "state"))
    assert states == {"put": "sent", "failed": "sent", "claimed": "sent", "planned": "waiting"}
    assert sorted(gateway.asked.values()) == [1, 1, 1]


def test_what_a_dead_worker_was_handing_over_goes_by_another_way(home: Home, gateway: SmsServer) -> None:
    """Nobody knows the same e-mail again: it may have gone out, or not, so the next way says it."""
    row = outbox.put(home.organisation, letter("k", MAIL, PHONE))
    Delivery.objects.filter(pk=row.pk).update(
        state="handing", claimed_by="dead", claimed_until=timezone.now()
    )
    turn("email")
    turn("sms-gateway")
    row.refresh_from_db()
    assert (row.state, row.channel) == ("sent", "sms-gateway")
    assert Attempt.objects.filter(reason=UNSURE).count() == 1


def test_a_way_that_nobody_serves_is_left(home: Home, gateway: SmsServer) -> None:
    """A modem that is plugged in nowhere holds up nothing; without another way the desk reads why."""
    outbox.put(home.organisation, letter("two"))
    outbox.put(home.organisation, letter("one", PHONE))
    move_unserved(timezone.now() + timedelta(minutes=6))
    two, one = Delivery.objects.get(key="two"), Delivery.objects.get(key="one")
    assert two.channel == "email"
    assert (one.state, one.reason) == ("waiting", UNSERVED)


def report(client: Client, home: Home, body: bytes, secret: str = SECRET, at: float | None = None) -> int:
    """Send a report as the gateway."""
    from cloud.base.signed_post import sign

    at = timezone.now().timestamp() if at is None else at
    where = f"/deliveries/reports/sms-gateway/{home.organisation.pk}/"
    signed = {"Kotiruutu-Signature": sign(secret, body, int(at))}
    return client.post(where, body, content_type="application/json", headers=signed).status_code


def test_a_gateway_reports_what_became_of_it(home: Home, gateway: SmsServer, client: Client) -> None:
    """Delivered, twice, read; nothing takes it back, and a failure sends it by the next way."""
    first, second = (outbox.put(home.organisation, letter(key)) for key in ("a", "b"))
    turn("sms-gateway")
    for state in ("delivered", "delivered", "read", "failed"):
        assert (
            report(client, home, b'{"id": "%s", "state": "%s"}' % (str(first.pk).encode(), state.encode()))
            == 202
        )
    first.refresh_from_db()
    assert first.state == "read"
    assert (
        report(client, home, b'{"id": "%s", "state": "failed", "reason": "absent"}' % str(second.pk).encode())
        == 202
    )
    turn("email")
    assert len(mail.outbox) == 1


def test_reports_that_are_nobodys_change_nothing(
    home: Home, foreign: Home, gateway: SmsServer, client: Client
) -> None:
    """Unsigned, old, foreign, unknown or unreadable."""
    row = outbox.put(home.organisation, letter())
    turn("sms-gateway")
    delivered = b'{"id": "%s", "state": "delivered"}' % str(row.pk).encode()
    assert report(client, home, delivered, secret="another secret") == 403
    assert report(client, home, delivered, at=timezone.now().timestamp() - 400) == 403
    ChannelSettings.objects.create(
        organisation=foreign.organisation, channel="sms-gateway", values={"secret": SECRET}
    )
    assert report(client, foreign, delivered) == 202
    assert report(client, home, b'{"id": "7", "state": "delivered"}') == 202
    assert report(client, home, b'{"id": 7}') == 400
    assert report(client, home, b"x" * 9000) == 403
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_channel_is_set_up_at_the_desk(home: Home, desk: Client) -> None:
    """What is wrong is said; what an organisation has not set up holds from the one above it."""
    where = f"/deliveries/channels/sms-gateway/{home.organisation.pk}/"
    wrong = {
        "url": "http://gateway.example",
        "secret": "short",
        "sender": "+0",
        "place": 1,
        "cents_per_part": 8,
    }
    assert desk.post(where, wrong).status_code == 200
    assert not ChannelSettings.objects.exists()
    right = {"url": "https://gateway.example/", "secret": SECRET, "sender": "Koti", "is_on": "on"}
    assert desk.post(where, {**wrong, **right}).status_code == 302
    assert outbox.ways_to(home.organisation, [PHONE]) == [["sms-gateway", PHONE.value]]
    desk.post(where, {**wrong, **right, "is_on": ""})
    assert outbox.ways_to(home.organisation, [PHONE]) == []
