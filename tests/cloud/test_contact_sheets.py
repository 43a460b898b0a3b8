"""Contacts as spreadsheets: what goes out comes back the same, and what is wrong changes nothing."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cloud.audit.models import Change
from cloud.base import tables
from cloud.messages.models import ResidentPhone
from cloud.partner import contact_import, sheet, sheet_work
from cloud.partner.models import ContactSheet
from cloud.people.models import EscalationContact, Resident, ResidentHome
from tests.cloud.homes import Home

pytestmark = [pytest.mark.requirement("S2"), pytest.mark.requirement("S8")]

HEAD = "resident;resident name;contact;office phone;other phone;email\r\n"
PAGE = "/partner/contacts/"


def give(desk: Client, data: bytes | str, name: str = "contacts.csv") -> str:
    """The preview of this table."""
    content = data.encode() if isinstance(data, str) else data
    return desk.post(PAGE, {"file": SimpleUploadedFile(name, content)}).content.decode()


def confirm(desk: Client, preview: str) -> None:
    """Presses the button of the preview."""
    address = preview.partition('action="/partner/contacts/')[2].partition('"')[0]
    digest = preview.partition('name="digest" value="')[2].partition('"')[0]
    desk.post(f"{PAGE}{address}", {"digest": digest})


def names() -> list[str]:
    """Return the escalation contacts, in order."""
    return list(EscalationContact.objects.order_by("resident", "order").values_list("name", flat=True))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_back_the_same(desk: Client, home: Home, ending: str) -> None:
    """The table that is fetched and given back changes nothing."""
    data = desk.get(f"{PAGE}{ending}/").content
    assert "0 residents change" in give(desk, data, f"contacts.{ending}")


@pytest.mark.requirement("S3")
def test_a_table_is_previewed_and_then_done(desk: Client, home: Home) -> None:
    """Nothing changes before the button is pressed; then all of it at once."""
    number = home.resident.pk
    table = (
        f"\ufeff{HEAD}{number};;Åsa Öman;040 123 4567;;asa@example.org\r\n{number};;Bo;'+46701234567;;\r\n"
    )
    preview = give(desk, table)
    assert "Åsa Öman" in preview
    assert names() == ["Lehmus neighbour"]
    confirm(desk, preview)
    assert names() == ["Åsa Öman", "Bo"]
    assert EscalationContact.objects.get(name="Bo").office_phone == "+46701234567"


def test_a_row_of_the_resident_and_roles(desk: Client, home: Home) -> None:
    """Own number and address in the same table; without such a row they stay as they are."""
    number = home.resident.pk
    head = "resident;role;contact;office phone;other phone;email\r\n"
    table = f"{head}{number};User;;040 123 4567;;aino@x.fi\r\n{number};Administrator;Åsa;040 123 4568;;\r\n"
    preview = give(desk, table)
    assert "+358401234567 · aino@x.fi · the resident" in preview
    confirm(desk, preview)
    assert ResidentPhone.objects.get(resident=home.resident).number == "+358401234567"
    assert ResidentHome.objects.get(resident=home.resident).email == "aino@x.fi"
    assert EscalationContact.objects.get().role == "administrator"
    confirm(desk, give(desk, f"{HEAD}{number};;Bo;040 123 4569;;\r\n"))
    assert EscalationContact.objects.get().role == "responder"
    assert ResidentPhone.objects.exists()
    confirm(desk, give(desk, f"{head}{number};user;;;;\r\n"))
    assert not ResidentPhone.objects.exists()
    assert names() == []


@pytest.mark.parametrize("trouble", [SystemExit, OperationalError])
def test_a_large_table_is_completed_after_a_death_or_a_busy_database(
    desk: Client, home: Home, monkeypatch: pytest.MonkeyPatch, trouble: type[BaseException]
) -> None:
    """In batches, between which help is written; what is left of it is done later in the user's name."""
    residents = Resident.objects.bulk_create(
        Resident(organisation=home.organisation, first_name="Aino", last_name=f"No{number}")
        for number in range(contact_import.BATCH + 1)
    )
    preview = give(desk, HEAD + "".join(f"{each.pk};;Bo;040 123 4567;;\r\n" for each in residents))
    apply_batch = contact_import.apply_batch

    def apply_first(changes: list[contact_import.Change]) -> None:
        if len(changes) < contact_import.BATCH:
            raise trouble
        apply_batch(changes)

    monkeypatch.setattr(contact_import, "apply_batch", apply_first)
    if trouble is SystemExit:
        with pytest.raises(SystemExit):
            confirm(desk, preview)
    else:
        confirm(desk, preview)
        assert "is saved within a few minutes" in desk.get(PAGE).content.decode()
    monkeypatch.undo()
    sheet_work.finish_all()
    assert names().count("Bo") == contact_import.BATCH
    ContactSheet.objects.update(worked_at=timezone.now() - sheet_work.LEFT_AFTER)
    sheet_work.finish_all()
    assert names().count("Bo") == contact_import.BATCH + 1
    added = Change.objects.filter(kind="people.escalationcontact", act="added", by=home.user)
    assert added.count() == contact_import.BATCH + 1
    assert not ContactSheet.objects.exclude(worked_at=None).exists()


def test_somebody_elses_change_in_between_is_not_overwritten(desk: Client, home: Home) -> None:
    """The preview is outdated: it is shown again."""
    preview = give(desk, f"{HEAD}{home.resident.pk};;Åsa;040 123 4567;;\r\n")
    EscalationContact.objects.update(name="Changed")
    confirm(desk, preview)
    assert names() == ["Changed"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{n};;;040 123 4567;;", "a name is needed"),
        ("{n};;Åsa;soon;;", "not a telephone number"),
        ("{n};;Åsa;;;", "not a telephone number"),
        ("{n};;Åsa;040 123 4567;;nobody", "valid email"),
        ('{n};;"=HYPERLINK(""http://x"")";040 123 4567;;', "a formula is not taken"),
        ("{n};;@SUM(A1);040 123 4567;;", "a formula is not taken"),
        ("999999;;Åsa;040 123 4567;;", "no resident with this number"),
    ],
)
def test_a_wrong_row_changes_nothing_and_is_named(desk: Client, home: Home, row: str, words: str) -> None:
    """One wrong row among good ones: nothing is done, and the row is said."""
    number = home.resident.pk
    good = f"{number};;Bo;040 123 4568;;\r\n"
    shown = give(desk, HEAD + good + row.format(n=number) + "\r\n")
    assert "Row 3" in shown
    assert words in shown
    assert "Change them" not in shown
    assert names() == ["Lehmus neighbour"]


@pytest.mark.requirement("V27")
def test_a_foreign_resident_is_nobody(desk: Client, home: Home, foreign: Home) -> None:
    """The number of another organisation's resident does not exist here."""
    shown = give(desk, f"{HEAD}{foreign.resident.pk};;Åsa;040 123 4567;;\r\n")
    assert "no resident with this number" in shown
    assert foreign.mark not in desk.get(f"{PAGE}csv/").content.decode()


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04rubbish", b"a;b;c\r\n1;2;3\r\n", b"\x00\xff\xfe", ("x;" * 10_000).encode()]
)
def test_what_is_no_table_is_said_in_words(desk: Client, home: Home, data: bytes) -> None:
    """A clear sentence, and no change."""
    shown = give(desk, data, "contacts.xlsx")
    assert any(words in shown for words in ("file is no table", "first row has to", "file is empty"))
    assert names() == ["Lehmus neighbour"]


def test_formulas_leave_as_text(desk: Client, home: Home) -> None:
    """A name that a spreadsheet would compute is written so that it does not."""
    EscalationContact.objects.update(name="=1+1", office_phone="+358401234567")
    table = desk.get(f"{PAGE}csv/").content.decode()
    assert ";'=1+1;'+358401234567;" in table
    unpacked = zipfile.ZipFile(io.BytesIO(desk.get(f"{PAGE}xlsx/").content))
    assert b"<f>" not in unpacked.read("xl/worksheets/sheet1.xml")


def test_a_formula_in_an_xlsx_is_not_computed(desk: Client, home: Home) -> None:
    """It is read as what it is, and refused."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(sheet.COLUMNS))
    page.append([home.resident.pk, "", "", '=CONCAT("A","B")', "0401234567", "", ""])
    out = io.BytesIO()
    book.save(out)
    assert "a formula is not taken" in give(desk, out.getvalue(), "contacts.xlsx")


def test_fifty_thousand_rows_are_bounded() -> None:
    """One row more is refused; the rows that are taken are all there."""
    row = "1;;Åsa;0401234567;;\r\n"
    assert len(sheet.read((HEAD + row * tables.MOST_ROWS).encode())) == tables.MOST_ROWS
    with pytest.raises(tables.Unreadable, match=tables.TOO_LARGE):
        sheet.read((HEAD + row * (tables.MOST_ROWS + 1)).encode())


def test_an_xlsx_that_unpacks_into_too_much_is_refused() -> None:
    """A quarter of a gigabyte of nothing in a file of a few hundred kilobytes is not unpacked."""
    data = _workbook(lambda _sheet: b"\0" * (tables.MOST_UNPACKED + 1))
    assert len(data) < tables.MOST_BYTES
    with pytest.raises(tables.Unreadable, match=tables.TOO_LARGE):
        sheet.read(data)


@pytest.mark.parametrize(
    "entities",
    [
        "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)) + '<!ENTITY e0 "0">',
        '<!ENTITY e9 SYSTEM "file:///etc/passwd">',
    ],
)
def test_an_xlsx_with_entities_is_no_table(entities: str) -> None:
    """Neither a bomb nor a way to the desk's own files."""
    head = f"<!DOCTYPE worksheet [{entities}]>".encode()
    bomb = _workbook(lambda page: head + page.replace(b"Aino", b"&e9;"))
    with pytest.raises(tables.Unreadable, match=tables.NOT_A_TABLE):
        sheet.read(bomb)
    assert [row.name for row in sheet.read(_workbook(lambda page: page))] == ["Aino"]


def _workbook(changed: Callable[[bytes], bytes]) -> bytes:
    """A table of one contact whose page was changed after it was packed."""
    rows = [("1", "", "", "Aino", "0401234567", "", "")]
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet.as_xlsx(rows))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            content = good.read(name)
            is_page = name.endswith("sheet1.xml")
            bad.writestr(name, changed(content) if is_page else content)
    return out.getvalue()


@given(st.binary(max_size=2_000) | st.text(max_size=500).map(lambda text: (HEAD + text).encode()))
def test_garbage_ends_in_one_error(data: bytes) -> None:
    """Whatever the bytes: rows, or the one error."""
    with suppress(tables.Unreadable):
        sheet.read(data)
