"""What a copy of the database, or a right to write in it, gives away: no secret, no clean log."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cloud.calls import audit_chain
from cloud.calls.models import Call, ForcedCallEntry
from cloud.delivery.models import ChannelSettings
from cloud.help import delivery
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpStep, Partner
from cloud.help.situation import situation_of
from tests.cloud.homes import Home

pytestmark = pytest.mark.requirement("K7")

SECRET = "sixteen letters!"


@pytest.fixture(autouse=True)
def key(settings: Any, tmp_path: Path) -> Path:
    """A key of this test."""
    settings.SECRETS_KEY_FILE = str(tmp_path / "keys" / "secrets.key")
    return Path(settings.SECRETS_KEY_FILE)


@pytest.fixture
def partner(home: Home) -> Partner:
    """A partner with a webhook, as the next request reads it."""
    Partner.objects.update(webhook_url="https://turva.example/", webhook_secret=SECRET)
    return Partner.objects.get(organisation=home.organisation)


def test_a_stolen_database_does_not_hold_the_webhooks_secret(partner: Partner, key: Path) -> None:
    """The column is sealed; with the key the desk reads it; with another key it reads nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select webhook_secret from help_partner")
        (stored,) = cursor.fetchone()
    assert stored
    assert SECRET not in stored
    assert partner.webhook_secret == SECRET
    assert key.stat().st_mode & 0o077 == 0
    key.unlink()
    assert Partner.objects.get().webhook_secret == ""


def test_nor_what_a_channel_of_messages_signs_in_with(home: Home, key: Path) -> None:
    """The gateway's token is the organisation's money."""
    ChannelSettings.objects.create(organisation=home.organisation, channel="sms", values={"token": SECRET})
    with connection.cursor() as cursor:
        cursor.execute('select "values" from delivery_channelsettings')
        (stored,) = cursor.fetchone()
    assert SECRET not in stored
    assert ChannelSettings.objects.get().values == {"token": SECRET}
    key.unlink()
    assert ChannelSettings.objects.get().values == {}


def test_nothing_is_posted_with_a_signature_that_anybody_could_make(
    home: Home, partner: Partner, key: Path
) -> None:
    """Without its secret the alarm goes the next way instead of being signed with nothing."""
    key.unlink()
    step = HelpStep(request=home.help, kind="partner", way="webhook", key="0/partner/webhook/1")
    with pytest.raises(Undeliverable, match="enter it once more"):
        delivery.deliver(situation_of(home.help).message(step))


def test_a_colleague_who_saves_too_late_is_not_shown_the_secret(
    desk: Client, home: Home, partner: Partner
) -> None:
    """The page says that somebody else has changed something, and neither the secret nor its digest."""
    page = f"/help/partner/{home.organisation.pk}/"
    shown = desk.get(page).content.decode()
    assert "webhook_secret&quot;:" not in shown
    Partner.objects.update(name="Changed", webhook_secret="another secret of it")
    seen = shown.split('name="seen_partner" value="')[1].split('"')[0].replace("&quot;", '"')
    answer = desk.post(page, {"seen_partner": seen, "name": "Mine", "webhook_secret": "x" * 20}).content
    assert b"another secret of it" not in answer


def test_a_forced_call_cannot_be_taken_out_of_the_log_with_all_digests_made_anew(home: Home) -> None:
    """Who writes in the database can make a chain of plain digests whole again, but has not the key."""
    call = Call(
        id="call",
        kind=Call.Kind.FORCED,
        organisation=home.organisation,
        resident=home.resident,
        contact=home.contact,
        reason="alarm",
        reason_text="fell",
    )
    for what in (ForcedCallEntry.What.ASKED, ForcedCallEntry.What.ENDED):
        audit_chain.note(call, what)
    assert _broken() == []
    forged = ForcedCallEntry.objects.order_by("number").last()
    assert forged
    forged.reason_text = "agreed"
    guess = hashlib.sha256(repr(forged).encode()).hexdigest()
    ForcedCallEntry.objects.filter(pk=forged.pk).update(reason_text="agreed", sha256=guess)
    assert _broken() == ["changed"]


def _broken() -> list[str]:
    entries = audit_chain.linked(ForcedCallEntry.objects.all())
    return [each.why for each in audit_chain.verify(entries, Call.objects.all())]
