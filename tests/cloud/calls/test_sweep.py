"""When nobody does anything: rings end, limits hold, dead browsers are noticed, e-mails go out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cloud.calls import holding, presence
from cloud.calls.anonymising import anonymise
from cloud.calls.models import Call
from cloud.calls.sweep import sweep, why_over
from cloud.delivery.models import Delivery
from cloud.devices.models import DeviceCommand
from cloud.people.models import CareSettings, Contact
from device.contract.events import CallAnswered, CallConnected, CallMissed, CallPlaced
from tests.cloud.calls.callers import ANSWER, Caller, command_bodies, newest, says
from tests.cloud.homes import Home
from tests.cloud.mail_channel import post_mail


def later(seconds: float) -> datetime:
    """So many seconds after the newest call was offered."""
    return newest().offered_at + timedelta(seconds=seconds)


def beating(at: datetime) -> None:
    """Simulate browser heartbeats until then, with an invitation that the device has received."""
    Call.objects.update(heard_at=at)
    DeviceCommand.objects.update(stage="done")


@pytest.mark.parametrize(
    ("seconds", "why"), [(7, None), (9, "not-reachable"), (49, "not-reachable"), (51, "no-answer")]
)
def test_a_device_that_does_not_even_take_the_invitation(
    caller: Caller, home: Home, seconds: int, why: str | None
) -> None:
    """The broker believes it is there; after 8 s nobody else does."""
    caller.call(home)
    Call.objects.update(heard_at=later(seconds))
    assert why_over(newest(), later(seconds)) == why


@pytest.mark.parametrize(("seconds", "why"), [(44, None), (49, None), (51, "no-answer")])
def test_it_does_not_ring_for_ever(caller: Caller, home: Home, seconds: int, why: str | None) -> None:
    """The device ends its 45 s first; a dead one is not waited for."""
    caller.call(home)
    beating(later(seconds))
    assert why_over(newest(), later(seconds)) == why


@pytest.mark.parametrize(("seconds", "why"), [(7, None), (9, "gone")])
def test_a_browser_that_says_nothing_more_is_dead(
    caller: Caller, home: Home, seconds: int, why: str | None
) -> None:
    """Within 10 s, whatever state the call is in."""
    caller.call(home)
    DeviceCommand.objects.update(stage="done")
    says(home.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    says(home.device, CallConnected(call_id=newest().pk))
    assert why_over(newest(), later(seconds)) == why
    holding.renew(caller.link, caller.page, [newest().pk])
    assert why_over(newest(), timezone.now()) is None


@pytest.mark.requirement("V21")
def test_no_call_outlives_its_limit(caller: Caller, home: Home) -> None:
    """Device and browser have both forgotten it: the desk ends it and commands the device to."""
    CareSettings.objects.update(call_limit_min=1)
    caller.call(home)
    says(home.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    says(home.device, CallConnected(call_id=newest().pk))
    began = newest().connected_at
    assert began
    for seconds, is_over in ((64, False), (66, True)):
        at = began + timedelta(seconds=seconds)
        Call.objects.update(heard_at=at)
        sweep(at)
        assert (newest().state == "ended") == is_over
    assert newest().why == "limit"
    assert [body["why"] for body in command_bodies(home.device, "end-call")] == ["limit"]


def test_a_call_that_never_comes_about(caller: Caller, home: Home) -> None:
    """Answered, and no sound: after half a minute it is over."""
    caller.call(home)
    says(home.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    answered_at = newest().answered_at
    assert answered_at
    for seconds, why in ((29, None), (31, "failed")):
        at = answered_at + timedelta(seconds=seconds)
        Call.objects.update(heard_at=at)
        assert why_over(newest(), at) == why


@pytest.mark.requirement("V26")
def test_a_page_that_has_closed_is_away_after_a_moment(caller: Caller, home: Home) -> None:
    """A reload is nobody's absence; two seconds are."""

    def shown() -> str:
        return presence.presences([home.contact])[home.contact.pk]

    home.contact.refresh_from_db()
    assert shown() == "available"
    presence.closed(caller.page, home.contact)
    sweep(timezone.now() + timedelta(seconds=1))
    assert shown() == "available"
    sweep(timezone.now() + timedelta(seconds=3))
    assert shown() == "away"


@pytest.mark.requirement("V26")
def test_a_stream_that_has_died_is_away_too(caller: Caller, home: Home) -> None:
    """Nothing was said; the lease is over."""
    home.contact.refresh_from_db()
    sweep(timezone.now() + timedelta(seconds=14))
    assert presence.is_here(home.contact)
    sweep(timezone.now() + timedelta(seconds=16))
    assert not presence.is_here(home.contact)


@pytest.mark.requirement("V26")
def test_presence_in_a_call_is_busy(caller: Caller, home: Home) -> None:
    """From the first ring to the end; and what was chosen by hand comes back."""

    def shown() -> str:
        home.contact.refresh_from_db()
        return presence.presences([home.contact])[home.contact.pk]

    caller.call(home)
    assert shown() == "busy"
    caller.hangs_up(newest())
    assert shown() == "available"
    caller.post("presence", presence="away")
    assert shown() == "away"
    assert caller.post("presence", presence="sleeping").status_code == 400


@pytest.mark.requirement("V26")
def test_without_a_link_presence_is_what_the_desk_has_written(home: Home) -> None:
    """Somebody who is only telephoned has no page that could be open."""
    Contact.objects.update(presence="available")
    home.contact.refresh_from_db()
    assert presence.presences([home.contact])[home.contact.pk] == "available"


@pytest.mark.requirement("V22")
def test_a_missed_call_is_reported_to_the_relative(caller: Caller, home: Home) -> None:
    """If it is switched on: in the resident's language and time, once; it goes with the relative."""
    Contact.objects.update(email="leena@example.org", mail_missed_calls=True)
    home.resident.view.language = "sv"
    home.resident.view.save()
    says(home.device, CallPlaced(call_id="r1", contact_ids=[str(home.contact.pk)]))
    sweep(later(51))
    sweep(later(52))
    post_mail()
    post_mail()
    (sent,) = mail.outbox
    assert sent.to == ["leena@example.org"]
    assert "Lehmus Virtanen" in sent.subject
    assert "har ringt" in sent.subject
    row = Delivery.objects.get(about="call-missed")
    assert (row.state, row.resident) == ("sent", home.resident)
    anonymise(home.contact)
    assert not Delivery.objects.filter(pk=row.pk).exists()


@pytest.mark.requirement("V22")
@pytest.mark.parametrize("switch", [{"mail_missed_calls": False}, {"email": ""}])
def test_nobody_who_has_not_asked_gets_mail(caller: Caller, home: Home, switch: Any) -> None:
    """Both are needed: the switch and an address."""
    Contact.objects.update(**{"email": "leena@example.org", "mail_missed_calls": True} | switch)
    says(home.device, CallPlaced(call_id="r1", contact_ids=[str(home.contact.pk)]))
    sweep(later(51))
    post_mail()
    assert mail.outbox == []


@pytest.mark.requirement("V22")
def test_a_call_that_the_resident_missed_is_reported_too(caller: Caller, home: Home) -> None:
    """To the address in the care settings, with who it was."""
    CareSettings.objects.update(missed_calls_email="ward@example.org")
    caller.call(home)
    says(home.device, CallMissed(call_id=newest().pk))
    sweep(timezone.now())
    post_mail()
    (sent,) = mail.outbox
    assert sent.to == ["ward@example.org"]
    assert "Lehmus Relative has called Lehmus Virtanen" in sent.body


@pytest.mark.requirement("V22")
def test_an_answered_call_is_no_missed_one(caller: Caller, home: Home) -> None:
    """Nor is one that the resident refused."""
    CareSettings.objects.update(missed_calls_email="ward@example.org")
    caller.call(home)
    says(home.device, CallAnswered(call_id=newest().pk, answer=ANSWER))
    caller.hangs_up(newest())
    sweep(timezone.now())
    post_mail()
    assert mail.outbox == []


@pytest.mark.requirement("V22")
def test_a_mail_server_that_is_away_is_written_down(caller: Caller, home: Home, settings: Any) -> None:
    """It is tried again, and holds nothing else up."""
    settings.EMAIL_BACKEND = "cloud.desk.mail.EmailBackend"
    CareSettings.objects.update(missed_calls_email="ward@example.org")
    caller.call(home)
    says(home.device, CallMissed(call_id=newest().pk))
    post_mail()
    row = Delivery.objects.get(about="call-missed")
    assert (row.state, row.tries) == ("waiting", 1)
    assert "no mail server" in row.reason


def test_the_desk_shows_what_the_care_settings_say(desk: Client, home: Home) -> None:
    """The limit of the resident stands before that of the organisation."""
    from tests.cloud.test_care import HOURS

    desk.post(f"/residents/{home.resident.pk}/care/", {**HOURS, "call_limit_min": "12"})
    assert home.device.documents.get(name="policy").body["call_limit_min"] == 12
    wrong = desk.post(f"/residents/{home.resident.pk}/care/", {**HOURS, "call_limit_min": "0"})
    assert "error" in wrong.content.decode()
