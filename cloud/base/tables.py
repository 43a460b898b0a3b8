"""Tables of spreadsheet programs: reads and writes CSV and XLSX. Pure (S2, S3).

CSV is written for Excel in the Nordic countries: UTF-8 with a byte order mark, and semicolons. Formulas are
escaped when written, and for the reader to refuse when read.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from cloud.base.csv_cell import cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000
MOST_BYTES = 10_000_000
# The maximum unpacked size of an XLSX file.
MOST_UNPACKED = 200_000_000
LONGEST_CELL = 500
MOST_COLUMNS = 30
NOT_A_TABLE, TOO_LARGE, WRONG_COLUMNS = "not-a-table", "too-large", "wrong-columns"
_FORMULA = re.compile(r"^[=@\t\r]|^[+-](?![\d ()+-]*$)")


class Unreadable(ValueError):
    """The file is not the expected table; ``reason`` is one of those above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(
    data: bytes, needed: Iterable[str], most_rows: int = MOST_ROWS
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and cells of each row, by the names in the first row. Raises ``Unreadable``."""
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    lines = _xlsx(data) if data.startswith(b"PK") else _csv(data)
    return _rows(lines, set(needed), most_rows)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet program would compute this cell."""
    return bool(_FORMULA.match(text))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the table as XLSX, every cell as text."""
    # It brings NumPy with it, and few of the desk's processes ever need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    for row in (columns, *rows):
        cells = []
        for value in row:
            made = WriteOnlyCell(page, value=str(value))
            made.data_type = "s"
            cells.append(made)
        page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel's "CSV" without "UTF-8".
        text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(NOT_A_TABLE) from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        _check_unpacked_size(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for values in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield ["" if value is None else str(value) for value in values]
    except Unreadable:
        raise
    except Exception as error:
        # openpyxl raises any exception of its parsers for a broken file.
        raise Unreadable(NOT_A_TABLE) from error


def _check_unpacked_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
            raise Unreadable(TOO_LARGE)


def _rows(
    lines: Iterable[list[str]], needed: set[str], most_rows: int
) -> Iterator[tuple[int, dict[str, str]]]:
    places: dict[str, int] = {}
    count = 0
    for line, values in enumerate(lines, start=1):
        if not places:
            places = {name.strip().casefold(): place for place, name in enumerate(values) if name.strip()}
            if not needed <= places.keys():
                raise Unreadable(WRONG_COLUMNS)
            continue
        if not any(value.strip() for value in values):
            continue
        count += 1
        if count > most_rows:
            raise Unreadable(TOO_LARGE)
        yield line, {name: _value(values, place) for name, place in places.items()}


def _value(values: list[str], place: int) -> str:
    text = values[place] if place < len(values) else ""
    text = text.replace("\0", "").strip()[:LONGEST_CELL]
    # The apostrophe that marks text in a spreadsheet.
    return text.removeprefix("'")
