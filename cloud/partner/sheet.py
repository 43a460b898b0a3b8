"""Spreadsheets of residents' own numbers and escalation contacts. Pure (S2, S3)."""

from collections.abc import Iterable
from typing import NamedTuple

from cloud.base import tables

COLUMNS = ("resident", "resident name", "role", "contact", "office phone", "other phone", "email")
OPTIONAL = {"resident name", "role"}
# The role of a row about the resident; all others are about an escalation contact.
RESIDENT = "user"


class Row(NamedTuple):
    """One contact of one resident, or the resident; ``line`` is the row in the spreadsheet."""

    line: int
    resident: str
    role: str
    name: str
    office_phone: str
    other_phone: str
    email: str


def read(data: bytes) -> list[Row]:
    """Return the rows of a CSV or XLSX file. Raises ``Unreadable``."""
    needed = [name for name in COLUMNS if name not in OPTIONAL]
    names = [name for name in COLUMNS if name != "resident name"]
    return [Row(line, *(cells.get(name, "") for name in names)) for line, cells in tables.read(data, needed)]


def as_csv(rows: Iterable[tuple[object, ...]]) -> str:
    """Return the table as CSV."""
    return tables.as_csv(COLUMNS, rows)


def as_xlsx(rows: Iterable[tuple[object, ...]]) -> bytes:
    """Return the table as XLSX, every cell as text."""
    return tables.as_xlsx("contacts", COLUMNS, rows)
