"""Spreadsheets of escalation contacts. Pure (S2, S3)."""

from collections.abc import Iterable
from typing import NamedTuple

from cloud.base import tables

COLUMNS = ("resident", "resident name", "contact", "office phone", "other phone", "email")


class Row(NamedTuple):
    """One contact of one resident; ``line`` is the row in the spreadsheet."""

    line: int
    resident: str
    name: str
    office_phone: str
    other_phone: str
    email: str


def read(data: bytes) -> list[Row]:
    """Return the rows of a CSV or XLSX file. Raises ``Unreadable``."""
    names = [name for name in COLUMNS if name != "resident name"]
    return [Row(line, *(cells[name] for name in names)) for line, cells in tables.read(data, names)]


def as_csv(rows: Iterable[tuple[object, ...]]) -> str:
    """Return the table as CSV."""
    return tables.as_csv(COLUMNS, rows)


def as_xlsx(rows: Iterable[tuple[object, ...]]) -> bytes:
    """Return the table as XLSX, every cell as text."""
    return tables.as_xlsx("contacts", COLUMNS, rows)
