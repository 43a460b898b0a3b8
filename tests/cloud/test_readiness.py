"""The go-live gate: what is missing is said on board and device; a test is a press of the whole way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cloud.devices import documents
from cloud.devices.documents import compose
from cloud.devices.incoming import handle_event
from cloud.devices.models import DesiredDocument
from cloud.devices.readiness import gaps_of
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.help.situation import situation_of
from cloud.partner import readiness
from cloud.partner.go_live import PROMISE, Facts, PastTest
from cloud.partner.models import Readiness, Registration
from cloud.people.models import CareSettings, EscalationContact
from device.contract.documents import Policy
from device.contract.events import HelpRaised, WireEvent
from tests.cloud.homes import Home, make_device, make_help, make_resident

pytestmark = pytest.mark.requirement("K10")

WAITS = st.none() | st.timedeltas(timedelta(), timedelta(minutes=10))
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def alarm_of(home: Home) -> dict[str, Any]:
    """What the home's device was sent."""
    row = DesiredDocument.objects.filter(device=home.device, name="policy").first()
    return dict(row.body["alarm"]) if row else {}


def press(home: Home, id_: str) -> HelpRequest:
    """The resident presses, as the link hands it in."""
    event = WireEvent(
        sequence=1,
        boot_id="boot",
        monotonic_s=1.0,
        happened_at=timezone.now(),
        clock_trusted=True,
        what=HelpRaised(help_id=id_, source="button"),
    )
    handle_event(home.device, event)
    return HelpRequest.objects.get(help_id=id_)


def complete(home: Home) -> None:
    """Two contacts; no request is open."""
    HelpRequest.objects.all().delete()
    EscalationContact.objects.create(
        resident=home.resident, name="Second", office_phone="+358401234568", order=1
    )


def pass_test(home: Home, ago: timedelta) -> None:
    """A test was passed so long ago."""
    at = timezone.now() - ago
    request = make_help(home.device, f"test-{ago}", outcome="test")
    HelpRequest.objects.filter(pk=request.pk).update(received_at=at, taken_at=at, closed_at=at)


@given(WAITS, WAITS, st.booleans())
def test_a_test_counts_only_within_the_promise(
    taken: timedelta | None, confirmed: timedelta | None, by_partner: bool
) -> None:
    """Where the partner has to confirm, a nurse who is quicker proves nothing about the partner."""
    at = [NOW + wait if wait is not None else None for wait in (taken, confirmed)]
    is_in_time = [wait is not None and wait <= PROMISE for wait in (taken, confirmed)]
    expected = is_in_time[1] if by_partner else any(is_in_time)
    assert PastTest(NOW, *at).is_passed(by_partner=by_partner) == expected


def test_what_does_not_apply_is_not_asked_for() -> None:
    """Consent is for forced calls, partner and registration for those who are monitored."""
    assert Facts(contacts=2).missing == ["test"]
    assert Facts(allows_forced_calls=True, is_monitored=True, has_rota=True).missing == [
        "consent",
        "partner",
        "registration",
        "test",
    ]


def test_board_and_device_say_what_is_missing_until_all_is_there(desk: Client, home: Home) -> None:
    """From blank to ready: every step is seen on both, without anybody saving the device."""
    assert "may not be relied on" not in desk.get("/help/warnings/").content.decode()
    readiness.look_at_all()
    assert alarm_of(home) == {"state": "not-ready", "missing": ["contacts", "test"]}
    board = desk.get("/help/warnings/").content.decode()
    assert "Alarms that may not be relied on yet (1)" in board
    assert str(home.resident) in board
    assert "Two escalation contacts" in desk.get("/partner/readiness/").content.decode()
    complete(home)
    pass_test(home, timedelta(days=1))
    readiness.look_at_all()
    assert alarm_of(home) == {"state": "ready", "missing": []}
    assert "may not be relied on" not in desk.get("/help/warnings/").content.decode()


def test_the_installers_wizard_says_what_is_missing(home: Home) -> None:
    """By the desk's rows of this moment, before the device was ever looked at; one line for the contacts."""
    care = home.resident.care
    care.monitored = care.forced_by_relatives = True
    care.save()
    documents.refresh(home.device)
    alarm = ["consent", "registration", "test"]
    assert [gap for gap in gaps_of(home.device) if gap not in ("view", "contacts")] == [
        "second-contact",
        *alarm,
    ]
    EscalationContact.objects.all().delete()
    documents.refresh(home.device)
    assert [gap for gap in gaps_of(home.device) if gap not in ("view", "contacts")] == ["escalation", *alarm]
    in_stock = make_device(make_resident(home.organisation))
    in_stock.resident = None
    assert gaps_of(in_stock) == ["resident"]


def test_a_contact_removed_is_said_at_once(desk: Client, home: Home) -> None:
    """The gate closes in the very request that takes the contact away."""
    complete(home)
    pass_test(home, timedelta(days=1))
    readiness.look_at_all()
    desk.post(f"/residents/{home.resident.pk}/care/escalation/{home.escalation_contact.pk}/remove/")
    assert alarm_of(home) == {"state": "not-ready", "missing": ["contacts"]}


def test_a_test_at_the_device_goes_to_the_partner_at_once(desk: Client, home: Home) -> None:
    """The screen asks for it, one press is the test, the next one is a call for help like any other."""
    complete(home)
    partner = Partner.objects.get(organisation=home.organisation)
    assert partner.after_s == 180
    desk.post(f"/partner/readiness/{home.resident.pk}/test/")
    assert alarm_of(home)["state"] == "test"
    request = press(home, "the-test")
    assert readiness.is_test(request)
    assert situation_of(request).partner.after == timedelta()
    assert alarm_of(home)["state"] == "not-ready"
    assert "a test was expected" in desk.get("/help/").content.decode()
    assert "a test was expected" in desk.get("/partner/alarms/").content.decode()
    desk.post(f"/help/{request.pk}/take/")
    desk.post(f"/help/{request.pk}/close/", {"outcome": "test"})
    readiness.look_at_all()
    assert alarm_of(home)["state"] == "ready"
    later = press(home, "for-real")
    assert not readiness.is_test(later)
    assert situation_of(later).partner.after == timedelta(seconds=180)


def test_who_is_monitored_needs_the_partners_own_word(desk: Client, home: Home) -> None:
    """A nurse who took the test proves nothing about the way to the alarm centre."""
    complete(home)
    CareSettings.objects.filter(resident=home.resident).update(monitored=True)
    Partner.objects.update(webhook_url="https://turva.example/", webhook_secret="sixteen letters!")
    Registration.objects.create(resident=home.resident, number="77", confirmed_at=timezone.now())
    pass_test(home, timedelta(days=1))
    readiness.look_at_all()
    assert alarm_of(home)["missing"] == ["test"]
    test = HelpRequest.objects.get(outcome="test")
    HelpStep.objects.create(
        request=test, key="0/partner/webhook/1", kind="partner", at=test.received_at, outcome="delivered"
    )
    readiness.look_at_all()
    assert alarm_of(home)["state"] == "ready"


def test_an_old_test_and_a_test_that_nobody_pressed_run_out(desk: Client, home: Home) -> None:
    """After a month the gate is closed again; a window that was opened for nothing closes by itself."""
    complete(home)
    pass_test(home, timedelta(days=32))
    readiness.look_at_all()
    assert alarm_of(home)["missing"] == ["test"]
    desk.post(f"/partner/readiness/{home.resident.pk}/test/")
    Readiness.objects.update(test_until=timezone.now() - timedelta(seconds=1))
    readiness.look_at_all()
    assert alarm_of(home)["state"] == "not-ready"


@pytest.mark.parametrize(
    ("hour", "day", "days_ago", "asks"),
    [(8, 1, 25, True), (6, 1, 25, False), (8, 6, 25, False), (8, 1, 20, False), (10, 1, 25, False)],
)
def test_the_plan_asks_on_a_working_morning(
    home: Home, hour: int, day: int, days_ago: int, asks: bool
) -> None:
    """A week before the month is over, between 10 and 12 by the resident's clock, only where it is set."""
    now = datetime(2026, 6, day, hour, tzinfo=UTC)
    row = Readiness.objects.create(resident=home.resident, invites=True)
    assert readiness.is_due_by_plan(row, now - timedelta(days=days_ago), now) == asks
    row.test_began_at = now - timedelta(hours=1)
    assert not readiness.is_due_by_plan(row, now - timedelta(days=days_ago), now)
    row.invites, row.test_began_at = False, None
    assert not readiness.is_due_by_plan(row, now - timedelta(days=days_ago), now)


def test_a_device_that_is_not_looked_at_yet_says_nothing(home: Home) -> None:
    """No warning is shown before the first check."""
    policy = compose(home.device)["policy"]
    assert isinstance(policy, Policy)
    assert policy.alarm.state == "unknown"


def test_another_home_begins_no_test_here(desk: Client, foreign: Home) -> None:
    """It is as if the resident did not exist."""
    assert desk.post(f"/partner/readiness/{foreign.resident.pk}/test/").status_code == 404
    assert desk.post(f"/partner/readiness/{foreign.resident.pk}/plan/").status_code == 404
    assert str(foreign.resident) not in desk.get("/partner/readiness/").content.decode()
