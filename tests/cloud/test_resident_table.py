"""Many residents as a table: fetched, given back, looked through first, and done all or not at all."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from cloud.organisations.models import Organisation
from cloud.organisations.roles import Role
from cloud.people import resident_table
from cloud.people.models import CareSettings, Resident, ResidentHome
from cloud.screens.models import ResidentView
from tests.cloud.homes import Home, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.requirement("V16")]

HEAD = ";".join(resident_table.COLUMNS)


def give(desk: Client, *rows: str, head: str = HEAD) -> str:
    """What the page says to a table of these rows."""
    return give_file(desk, "\n".join((head, *rows)).encode())


def give_file(desk: Client, data: bytes) -> str:
    answer = desk.post("/residents/table/", {"file": SimpleUploadedFile("residents.csv", data)})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def do(desk: Client, page: str) -> Any:
    """Press the button of the preview."""
    fields = {name: _field(page, name) for name in ("token", "digest")}
    return desk.post("/residents/table/apply/", fields, follow=True)


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def test_residents_are_added_and_changed_after_a_look(desk: Client, home: Home) -> None:
    """Nothing before the button; then a new one with view and care settings, and what differs of another."""
    page = give(
        desk,
        ";Äinö;O'Brien;Lehmus home;A 1;Kuja 2;040 123 4567;Hears badly",
        f"{home.resident.pk};Lehmus;Virtanen;Lehmus home;C 3;Koivukatu 3;;",
    )
    assert "1 new resident, 1 changed" in page
    assert "Äinö O&#x27;Brien" in page
    assert "room: Lehmus room → C 3" in page
    assert Resident.objects.filter(organisation=home.organisation).count() == 1
    assert "Äinö" in do(desk, page).content.decode()
    new = Resident.objects.get(first_name="Äinö")
    assert (new.home.room, new.home.phone, new.home.notes) == ("A 1", "+358401234567", "Hears badly")
    assert CareSettings.objects.filter(resident=new).exists()
    assert ResidentView.objects.filter(resident=new).exists()
    home.resident.refresh_from_db()
    assert (home.resident.home.room, home.resident.home.door_code) == ("C 3", "4711")


def test_the_table_that_was_fetched_changes_nothing(desk: Client, home: Home) -> None:
    """As CSV and as XLSX; the door code is in neither."""
    for ending in ("csv", "xlsx"):
        data = desk.get(f"/residents/table/residents.{ending}").content
        assert b"4711" not in data
        assert "0 new residents, 0 changed" in give_file(desk, data)
    book = load_workbook(io.BytesIO(desk.get("/residents/table/residents.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][2]][1:4] == ["Lehmus", "Virtanen", "Lehmus home"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";;Virtanen;Lehmus home", "both names are needed"),
        (f";{'ä' * 300};Virtanen;Lehmus home", "both names are needed"),
        (";Aino;Virtanen;Vieras home", "no organisation of this name"),
        ("999999;Aino;Virtanen;Lehmus home", "no resident with this number"),
        (";Aino;Virtanen;Lehmus home;;;not a number", "is not a telephone number"),
        (";=1+1;Virtanen;Lehmus home", "a formula is not taken"),
        (";Lehmus;Virtanen;Lehmus home", "somebody of this name lives there"),
        (f";Aino;Virtanen;Lehmus home;{'1' * 60}", "room: at most 50 characters"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_done(
    desk: Client, home: Home, foreign: Home, row: str, words: str
) -> None:
    """With its number in the file; the right row beside it is not done either."""
    page = give(desk, ";Right;Row;Lehmus home", row)
    assert "Nothing was changed" in page
    assert "Row 3:" in page
    assert words in page.replace("&#x27;", "'")
    assert 'name="token"' not in page


def test_what_somebody_changed_meanwhile_is_looked_at_again(desk: Client, home: Home) -> None:
    """The preview is shown once more, and the next press does it."""
    page = give(desk, f"{home.resident.pk};Lehmus;Virtanen;Lehmus home;C 3")
    ResidentHome.objects.filter(resident=home.resident).update(room="D 4")
    again = do(desk, page).content.decode()
    assert "Somebody has changed residents meanwhile" in again
    assert "room: D 4 → C 3" in " ".join(again.split())
    do(desk, again)
    assert ResidentHome.objects.get(resident=home.resident).room == "C 3"


def test_a_resident_moves_by_the_table_with_device_and_help(desk: Client, home: Home) -> None:
    """As by the page: nothing stays behind."""
    floor = Organisation(name="Second floor", parent=home.organisation)
    floor.save()
    do(desk, give(desk, f"{home.resident.pk};Lehmus;Virtanen;Lehmus home / Second floor"))
    for row in (home.resident, home.device, home.help):
        row.refresh_from_db()
        assert row.organisation == floor


def test_nobody_of_others_is_reached(desk: Client, home: Home, foreign: Home) -> None:
    """Neither by a number nor by a token of one's own making; and a nurse has no such page."""
    assert "no resident with this number" in give(desk, f"{foreign.resident.pk};A;B;Lehmus home")
    assert (
        "look at the preview once more"
        in desk.post(
            "/residents/table/apply/", {"token": "made:up", "digest": "x"}, follow=True
        ).content.decode()
    )
    nurse = Client()
    nurse.force_login(make_user(home.organisation, roles=[Role.NURSE]))
    assert nurse.get("/residents/table/").status_code == 403


def test_too_many_rows_and_other_files_are_refused(desk: Client) -> None:
    """In words."""
    rows = [f";A{number};B;Lehmus home" for number in range(resident_table.MOST_ROWS + 1)]
    assert "At most 2,000 residents" in give(desk, *rows)
    assert "has to name the columns" in give(desk, "a;b", head="x;y")
    assert "no table" in give_file(desk, b"PK\3\4 garbage")
    book = Workbook()
    book.worksheets[0].append(["first name", "last name", "organisation"])
    out = io.BytesIO()
    book.save(out)
    assert "0 new residents" in give_file(desk, out.getvalue())
