"""All settings of an organisation on one page: what holds, where it comes from, who changed it (V21, K20)."""

import re
from html import unescape

import pytest
from django.test import Client

from cloud.cafe.models import CafeSettings
from cloud.calls.models import CallSettings
from cloud.help.models import Partner
from cloud.organisations.roles import Role
from tests.cloud.homes import Home, make_home, make_user

pytestmark = [pytest.mark.requirement("V21", "K20"), pytest.mark.django_db, pytest.mark.postgresql]


def line(client: Client, home: Home, label: str) -> str:
    """What the page says of one setting."""
    page = unescape(client.get(f"/changes/settings/{home.organisation.pk}/").content.decode())
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<li>(.*?)</li>", page, re.DOTALL)]
    found = [" ".join(row.split()) for row in rows if label in row]
    assert len(found) == 1, found
    return found[0]


def test_a_setting_says_where_it_comes_from(desk: Client, home: Home) -> None:
    """Nobody's, of the organisation above, or set here: the nearest holds."""
    below = make_home("Alla", parent=home.organisation)
    label = "Ask whether somebody is still there after (minutes)"
    assert f"{label} 60 as usual" in line(desk, below, label)
    CafeSettings.objects.create(organisation=home.organisation, asks_after_min=45)
    assert line(desk, below, label) == f"{label} 45 from Lehmus home"
    CafeSettings.objects.create(organisation=below.organisation, asks_after_min=20)
    assert line(desk, below, label) == f"{label} 20 set here"


def test_an_empty_duty_officer_is_that_of_the_organisation_above(desk: Client, home: Home) -> None:
    """Other fields of the nearest row hold all the same."""
    below = make_home("Alla", parent=home.organisation)
    CallSettings.objects.create(organisation=home.organisation, duty_officer=home.contact, limit_min=10)
    CallSettings.objects.create(organisation=below.organisation, limit_min=25)
    assert "Lehmus Relative from Lehmus home" in line(desk, below, "Duty officer")
    assert "25 set here" in line(desk, below, "Calls end by themselves")


def test_a_setting_says_who_changed_it_last(desk: Client, home: Home) -> None:
    """By name and time, each setting by itself."""
    changer = Client()
    changer.force_login(make_user(home.organisation, "Changer", roles=[Role.TEAM_LEAD]))
    changer.post(f"/events/rules/{home.organisation.pk}/", {"asks_after_min": "30"})
    other = {"asks_after_min": "30", "relatives_may_join": "on"}
    desk.post(f"/events/rules/{home.organisation.pk}/", other)
    assert "by Changer" in line(desk, home, "Ask whether somebody is still there")
    assert f"by {home.user}" in line(desk, home, "Relatives may join")


def test_the_partners_secret_is_not_there(desk: Client, home: Home) -> None:
    """Its name and its times are."""
    Partner.objects.filter(organisation=home.organisation).update(webhook_secret="very secret words")
    page = desk.get(f"/changes/settings/{home.organisation.pk}/").content.decode()
    assert "Lehmus partner" in page
    assert "very secret" not in page


def test_who_may_not_change_a_setting_gets_no_link_to_it(home: Home) -> None:
    """An administrator sees care settings of calls; a foreign organisation is not there."""
    admin = Client()
    admin.force_login(make_user(home.organisation, roles=[Role.ADMINISTRATOR]))
    page = admin.get("/changes/settings/").content.decode()
    assert f"/calls/duty/{home.organisation.pk}/" in page
    assert "Customer service" not in page or "/queue/" not in page
    nurse = Client()
    nurse.force_login(make_user(home.organisation, roles=[Role.NURSE]))
    assert nurse.get("/changes/settings/").status_code == 403
