"""Desk and partner compare the alarms of a day: what one side only has is shown, raised and settled (S4)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from cloud.help.models import HelpStep, Partner
from cloud.partner import comparison, comparison_watch, notices
from cloud.partner.comparison import Alarm, compare
from cloud.partner.models import Comparison, ComparisonPlan, Registration
from tests.cloud.homes import Home
from tests.cloud.https_server import answered, trusted_authority
from tests.cloud.partner_server import PartnerServer, partner_server

pytestmark = [pytest.mark.requirement("S4"), pytest.mark.postgresql]

NUMBERS = st.sets(st.sampled_from("abcdefgh"), max_size=3)


@given(st.lists(NUMBERS.filter(bool), max_size=6), NUMBERS)
def test_an_alarm_is_on_both_sides_by_any_of_its_numbers(named: list[set[str]], there: set[str]) -> None:
    """Whatever stands on one side only is named, and nothing else."""
    now = timezone.now()
    alarms = [Alarm(pk, f"h{pk}", now, frozenset(numbers)) for pk, numbers in enumerate(named)]
    found = compare(alarms, there)
    for alarm in alarms:
        assert (alarm.request in found.unknown_there) != bool(alarm.numbers & there)
    assert set(found.unknown_here) == there - {number for numbers in named for number in numbers}


@pytest.fixture
def yesterday(home: Home) -> date:
    """The day on which the home's request was passed on to the partner."""
    Comparison.objects.all().delete()
    day = localdate() - timedelta(days=1)
    at = comparison.bounds(day)[0] + timedelta(hours=10)
    HelpStep.objects.create(
        request=home.help, key="partner/0", kind="partner", way="webhook", outcome="delivered", at=at
    )
    return day


@pytest.fixture
def server(home: Home, tmp_path: Path, settings: Any) -> Iterator[PartnerServer]:
    """A partner that is asked each day, whose certificate the desk trusts."""
    authority = trusted_authority(tmp_path, settings)
    settings.PARTNER_AUTHORITY = str(authority.certificate_file)
    settings.PARTNER_MAY_BE_LOCAL = True
    with partner_server(authority) as running:
        partner = Partner.objects.get(organisation=home.organisation)
        partner.webhook_url, partner.webhook_secret = running.url, "a secret"
        partner.save()
        ComparisonPlan.objects.create(partner=partner, is_daily=True)
        yield running


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is late enough to ask."""
    monkeypatch.setattr(comparison_watch, "FROM_HOUR", 0)


def answer_with(server: PartnerServer, said: object, status: int = 200) -> None:
    """What the partner says next time."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        answered(handler, status, json.dumps(said).encode() if not isinstance(said, bytes) else said)

    server.instead.append(answer)


def later() -> None:
    """So much later that the partner is asked again."""
    tried_at = timezone.now() - comparison_watch.BETWEEN - timedelta(seconds=1)
    Comparison.objects.update(tried_at=tried_at)


def test_a_partner_that_has_the_same_is_asked_once(
    home: Home, yesterday: date, server: PartnerServer, desk: Client
) -> None:
    """Signed, with every alarm of the day and the residents it should know; the board stays quiet."""
    number = Registration.of(home.resident).number
    home.resident.care.monitored = True
    home.resident.care.save()
    answer_with(server, {"alarms": [home.help.help_id], "registered": [number]})
    comparison_watch.ask_all()
    comparison_watch.ask_all()
    ((headers, body),) = server.alarms
    asked = json.loads(body)
    assert headers["Kotiruutu-Signature"].startswith("t=")
    assert (asked["type"], asked["day"], asked["registered"]) == (
        "daily-comparison",
        yesterday.isoformat(),
        [number],
    )
    assert [alarm["request"] for alarm in asked["alarms"]] == [home.help.help_id]
    assert Comparison.objects.get().state == "same"
    assert Registration.objects.get(number=number).confirmed_at
    assert "Alarms compared with" not in desk.get("/help/warnings/").content.decode()


def test_what_differs_is_shown_raised_and_settled(
    home: Home, yesterday: date, server: PartnerServer, desk: Client
) -> None:
    """The alarm that the partner lacks, the one that only it has, and residents on one side."""
    answer_with(server, {"alarms": ["of-nobody"], "registered": ["777"]})
    comparison_watch.ask_all()
    page = f"/partner/comparisons/{home.organisation.pk}/"
    shown = desk.get(page).content.decode()
    assert "The partner does not have the alarm" in shown
    assert f"/partner/alarms/{home.help.pk}/" in shown
    assert "Only the partner has the alarm of-nobody" in shown
    assert "777 is known to the partner, and not monitored here" in shown
    assert "Alarms compared with Lehmus partner" in desk.get("/help/warnings/").content.decode()
    assert [each.event for each in notices.happened(timezone.now())].count("comparison-differs") == 1
    desk.post(f"{page}{yesterday.isoformat()}/settle/")
    assert Comparison.objects.get().settled_by == home.user
    assert "Alarms compared with" not in desk.get("/help/warnings/").content.decode()
    assert "comparison-differs" not in [each.event for each in notices.happened(timezone.now())]


def test_a_partner_without_an_answer_is_asked_again_and_then_raised(
    home: Home, yesterday: date, server: PartnerServer, desk: Client
) -> None:
    """Errors and nonsense change nothing that was confirmed; after five attempts people are notified."""
    number = Registration.of(home.resident).number
    Registration.objects.update(confirmed_at=timezone.now())
    says: list[tuple[object, int]] = [
        (b"", 500),
        (b"OK", 200),
        ({"alarms": "all"}, 200),
        ({"alarms": ["x" * 65]}, 200),
        ([], 200),
    ]
    for said, status in says:
        answer_with(server, said, status)
        comparison_watch.ask_all()
        comparison_watch.ask_all()
        later()
    comparison_watch.ask_all()
    assert len(server.alarms) == len(says) == comparison_watch.MOST_ATTEMPTS
    row = Comparison.objects.get()
    assert (row.state, row.attempts) == ("failed", 5)
    assert Registration.objects.get(number=number).confirmed_at
    assert "the partner gave no answer" in desk.get("/help/warnings/").content.decode()
    assert "comparison-differs" in [each.event for each in notices.happened(timezone.now())]


def test_a_partner_without_a_webhook_is_compared_by_hand(home: Home, yesterday: date, desk: Client) -> None:
    """A list by number; one that is none is refused by its line; the next comparison holds."""
    page = f"/partner/comparisons/{home.organisation.pk}/"
    day = yesterday.isoformat()
    assert "Line 2 is no number" in desk.post(page, {"day": day, "numbers": "a1\n=cmd()"}).content.decode()
    assert not Comparison.objects.exists()
    desk.post(page, {"day": day, "numbers": ""})
    assert Comparison.objects.get().unknown_there == [home.help.pk]
    desk.post(page, {"day": day, "numbers": f"\ufeff{home.help.help_id};Aino\r\n"})
    assert Comparison.objects.get().state == "same"
    assert "last four weeks" in desk.post(page, {"day": "2020-01-01", "numbers": ""}).content.decode()


def test_an_alarm_about_midnight_is_no_difference(home: Home, yesterday: date) -> None:
    """The partner counts it to the day before, the desk to the day after."""
    partner = Partner.objects.get(organisation=home.organisation)
    row = comparison.keep(partner, yesterday + timedelta(days=1), {home.help.help_id})
    assert (row.state, row.unknown_here) == ("same", [])
