"""Care settings, and the escalation contacts."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cloud.people.models import EscalationContact
from tests.cloud.homes import Home


def care(home: Home) -> str:
    """The address of the care settings."""
    return f"/residents/{home.resident.pk}/care/"


HOURS = {
    "office_from": "08:00",
    "office_until": "16:00",
    "forced_from": "08:00",
    "forced_until": "20:00",
    "forced_most_per_day": "4",
    "forced_countdown_s": "10",
    "press_screen": "at-once",
    "press_button": "at-once",
    "press_pendant": "at-once",
    "sms_wait_s": "60",
}


def test_a_proposal_that_another_key_sealed_keeps_nobody_from_the_page(
    desk: Client, home: Home, settings: Any, tmp_path: Path
) -> None:
    """A desk that was restored with another key shows the care page all the same."""
    settings.SECRETS_KEY_FILE = str(tmp_path / "another.key")
    assert desk.get(care(home)).status_code == 200


def test_permissions_reach_the_policy(desk: Client, home: Home) -> None:
    """What is allowed here is what the device goes by."""
    desk.post(care(home), {**HOURS, "monitored": "on", "remote_view_allowed": "on", "office_until": "17:30"})
    policy = home.device.documents.get(name="policy").body
    assert policy["monitored"]
    assert policy["remote_view"] == {"allowed": True, "may_touch": False}
    assert policy["help"]["office_until"] == "17:30"


@pytest.mark.requirement("K3")
def test_each_way_to_press_has_its_own_policy(desk: Client, home: Home) -> None:
    """Screen, button and pendant differ, and so does the time to answer a text message."""
    presses = {"press_screen": "cancellable", "press_button": "hold", "press_pendant": "at-once"}
    desk.post(care(home), {**HOURS, **presses, "sms_wait_s": "90"})
    policy = home.device.documents.get(name="policy").body["help"]
    assert [policy[name] for name in ("screen", "button", "pendant")] == ["cancellable", "hold", "at-once"]
    assert policy["sms_wait_s"] == 90


@pytest.mark.parametrize("seconds", ["29", "601", "", "x"])
def test_patience_has_the_bounds_of_the_contract(desk: Client, home: Home, seconds: str) -> None:
    """What the device would refuse is not saved."""
    desk.post(care(home), {**HOURS, "sms_wait_s": seconds})
    home.resident.care.refresh_from_db()
    assert home.resident.care.sms_wait_s == 60


def test_a_pendant_is_not_offered_what_it_cannot_do(desk: Client, home: Home) -> None:
    """A pendant does not report how long it is held."""
    desk.post(care(home), {**HOURS, "press_pendant": "hold"})
    home.resident.care.refresh_from_db()
    assert home.resident.care.press_pendant == "at-once"


def test_nobody_touches_what_they_may_not_see(desk: Client, home: Home) -> None:
    """Touching without looking is refused."""
    page = desk.post(care(home), {**HOURS, "remote_view_may_touch": "on"}).content.decode()
    assert "allow both, or neither" in page


@pytest.mark.requirement("S3")
def test_fewer_than_two_escalation_contacts_are_a_warning(desk: Client, home: Home) -> None:
    """One is not enough, and the page says so until there are two."""
    assert "The alarm is not ready" in desk.get(care(home)).content.decode()
    desk.post(f"{care(home)}escalation/new/", {"name": "Mikko", "office_phone": "050 123 4567"})
    assert "The alarm is not ready" not in desk.get(care(home)).content.decode()
    contacts = home.device.documents.get(name="policy").body["help"]["contacts"]
    assert [each["office_phone"] for each in contacts] == ["+358401234567", "+358501234567"]


@pytest.mark.parametrize("number", ["", "12", "not a number", "+999 1"])
def test_numbers_that_cannot_be_dialled_are_refused(desk: Client, home: Home, number: str) -> None:
    """The modem gets only what it can dial."""
    desk.post(f"{care(home)}escalation/new/", {"name": "Mikko", "office_phone": number})
    assert EscalationContact.objects.count() == 1


@pytest.mark.requirement("K3")
def test_a_land_line_is_taken_with_a_warning(desk: Client, home: Home) -> None:
    """Somebody may be called there by the nurse; the screen's text messages do not reach it."""
    page = f"{care(home)}escalation/new/"
    fields = {"name": "Office", "office_phone": "09 310 1691", "email": ""}
    shown = desk.post(page, fields, follow=True).content.decode()
    assert "is no mobile number: the screen&#x27;s text messages do not reach it." in shown
    assert EscalationContact.objects.filter(office_phone="+35893101691").exists()
    mobile = desk.post(page, {**fields, "office_phone": "040 123 4567"}, follow=True).content.decode()
    assert "is no mobile number" not in mobile


def test_numbers_are_those_of_the_residents_country(desk: Client, home: Home) -> None:
    """A number without a country belongs to the resident's: 070 in Stockholm is Swedish."""
    home.resident.view.time_zone = "Europe/Stockholm"
    home.resident.view.save()
    desk.post(f"{care(home)}escalation/new/", {"name": "Sven", "office_phone": "070-123 45 67"})
    assert EscalationContact.objects.get(name="Sven").office_phone == "+46701234567"


def test_order_is_who_is_notified_first(desk: Client, home: Home) -> None:
    """The list moves, is edited, and loses people."""
    desk.post(f"{care(home)}escalation/new/", {"name": "Mikko", "office_phone": "050 123 4567"})
    mikko = EscalationContact.objects.get(name="Mikko")
    desk.post(f"{care(home)}escalation/{mikko.pk}/up/")
    desk.post(f"{care(home)}escalation/{mikko.pk}/", {"name": "Mikko V.", "office_phone": "050 123 4567"})
    assert [each.name for each in home.resident.escalation_contacts.all()] == ["Mikko V.", "Lehmus neighbour"]
    desk.post(f"{care(home)}escalation/{mikko.pk}/remove/")
    assert [each.name for each in home.resident.escalation_contacts.all()] == ["Lehmus neighbour"]


def test_there_are_at_most_ten(desk: Client, home: Home) -> None:
    """As many as the contract carries."""
    rows = [
        EscalationContact(resident=home.resident, name="N", office_phone="+358401234567") for _ in range(9)
    ]
    EscalationContact.objects.bulk_create(rows)
    page = desk.get(f"{care(home)}escalation/new/", follow=True).content.decode()
    assert "at most ten escalation contacts" in page
