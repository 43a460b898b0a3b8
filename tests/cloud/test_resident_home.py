"""Where a resident lives and how to get in: shown where somebody helps, and who was shown it (V16, K20)."""

import pytest
from django.db import connection
from django.test import Client

from cloud.audit.models import Change
from cloud.devices.models import Device
from cloud.help import board
from cloud.help.models import HelpRequest, HelpStep
from cloud.organisations.roles import Role
from cloud.people.models import DoorLook, ResidentHome
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.requirement("V16")]

PLACE = {"room": "B 12", "address": "Koivukatu 3", "phone": "040 123 4567", "notes": "A friendly dog"}
DOOR = {"door_code": "4711#", "key_place": "In the key box at the lift"}


@pytest.fixture
def lived_in(desk: Client, home: Home) -> ResidentHome:
    """Entered on the page of the resident, as a nurse does it."""
    page = f"/residents/{home.resident.pk}/"
    assert desk.post(f"{page}home/", PLACE).status_code == 302
    assert desk.post(f"{page}door/", {**DOOR, "save": "1"}).status_code == 302
    return ResidentHome.objects.get(resident=home.resident)


def helped(home: Home) -> None:
    """Somebody has gone, and it is over."""
    board.take(home.help.pk, home.user)
    board.close(home.help.pk, home.user, HelpRequest.Outcome.HELPED)


def test_the_board_says_where_to_go(lived_in: ResidentHome, desk: Client, home: Home) -> None:
    """Room, address, number and what to know stand at the request; the code does not."""
    page = " ".join(desk.get("/help/").content.decode().split())
    assert "B 12, Koivukatu 3" in page
    assert 'href="tel:+358401234567"' in page
    assert "A friendly dog" in page
    assert "4711#" not in page
    assert "Show door code and key" in page


def test_who_is_shown_the_code_is_recorded(lived_in: ResidentHome, desk: Client, home: Home) -> None:
    """In the log of the request once, at the resident each time, and among the changes."""
    for _time in range(2):
        shown = desk.post(f"/help/{home.help.pk}/door/").content.decode()
        assert "4711#" in shown
        assert "In the key box" in shown
    steps = HelpStep.objects.filter(request=home.help, kind="door")
    assert [step.who for step in steps] == [str(home.user)]
    assert DoorLook.objects.filter(resident=home.resident, by=home.user).count() == 2
    assert "was shown the door code" in desk.get("/help/").content.decode()
    assert Change.objects.filter(kind="people.doorlook", by=home.user).count() == 2
    with pytest.raises(TypeError):
        DoorLook.objects.all()[0].save()


def test_after_the_help_the_code_is_closed_again(lived_in: ResidentHome, desk: Client, home: Home) -> None:
    """The page of the resident shows it, to those who may edit residents; and there too it is recorded."""
    helped(home)
    assert desk.post(f"/help/{home.help.pk}/door/").status_code == 404
    page = f"/residents/{home.resident.pk}/door/"
    assert "4711#" not in desk.get(page).content.decode()
    assert not DoorLook.objects.exists()
    assert "4711#" in desk.post(page).content.decode()
    assert str(home.user) in desk.get(page).content.decode()
    assert DoorLook.objects.count() == 1


def test_neither_database_nor_record_holds_the_code(lived_in: ResidentHome, home: Home) -> None:
    """The columns are sealed, and the record of changes says only that they changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_code, key_place FROM people_residenthome")
        (stored,) = cursor.fetchall()
    assert not any("4711" in column or "key box" in column for column in stored)
    said = str(list(Change.objects.filter(kind="people.residenthome").values_list("changes", flat=True)))
    assert "B 12" in said
    assert "4711" not in said


def test_nobody_else_is_shown_it(lived_in: ResidentHome, home: Home, foreign: Home) -> None:
    """Nor somebody of another home, nor an auditor of this one."""
    for somebody in (foreign.user, make_user(home.organisation, "Olli", roles=[Role.AUDITOR])):
        visitor = Client()
        visitor.force_login(somebody)
        for path in (f"/help/{home.help.pk}/door/", f"/residents/{home.resident.pk}/door/"):
            assert visitor.post(path).status_code in {403, 404}


def test_residents_are_found_by_where_they_live(lived_in: ResidentHome, desk: Client) -> None:
    """By room and by street."""
    for words in ("B 12", "koivukatu"):
        assert "Lehmus Virtanen" in desk.get("/residents/", {"q": words}).content.decode()
    assert "Lehmus Virtanen" not in desk.get("/residents/", {"q": "Mäntykatu"}).content.decode()


def test_somebody_moves_away_and_comes_back(lived_in: ResidentHome, desk: Client, home: Home) -> None:
    """Off every list, the device in stock and without their documents; all else as it was afterwards."""
    page = f"/residents/{home.resident.pk}/"
    refused = desk.post(f"{page}archive/", follow=True).content.decode()
    assert "Help is open for this resident" in refused
    helped(home)
    assert "the device is in stock" in desk.post(f"{page}archive/", follow=True).content.decode()
    device = Device.objects.get(pk=home.device.pk)
    assert (device.resident, device.use) == (None, "in-stock")
    listed = f'href="{page}"'
    assert listed not in desk.get("/residents/").content.decode()
    assert listed in desk.get("/residents/", {"archived": "1"}).content.decode()
    for path in (f"/messages/home/?home={home.organisation.pk}", "/residents/forced-calls/"):
        assert "Lehmus Virtanen" not in desk.get(path).content.decode(), path
    assert "is back" in desk.post(f"{page}bring-back/", follow=True).content.decode()
    assert listed in desk.get("/residents/").content.decode()
    assert home.resident.relations.count() == 1
    assert ResidentView.objects.filter(resident=home.resident).exists()
    assert "B 12" in desk.get(page).content.decode()
