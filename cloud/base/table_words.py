"""What the desk says of a table that it cannot use, and how it gives one out."""

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cloud.base import tables

REASONS = {
    tables.NOT_A_TABLE: _("This file is no table: CSV and XLSX are read."),
    tables.TOO_LARGE: _("This table is too large: at most 50,000 rows and 10 MB."),
    tables.WRONG_COLUMNS: _("The first row has to name the columns, as in the table that you fetch here."),
}


def download(name: str, content: str | bytes) -> HttpResponse:
    """Return a CSV or XLSX file with the day in its name."""
    is_text = isinstance(content, str)
    ending, content_type = ("csv", "text/csv; charset=utf-8") if is_text else ("xlsx", tables.XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{localdate().isoformat()}.{ending}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
