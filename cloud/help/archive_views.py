"""The archive of closed requests, for as long as they are kept."""

import csv
from collections.abc import Iterator
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.csv_cell import cell
from cloud.base.lists import page_of, words_of
from cloud.help import board
from cloud.help.models import HelpRequest
from cloud.organisations.request import DeskRequest

ROWS = 50


@require_GET
def archive(request: DeskRequest) -> HttpResponse:
    """Show closed requests that match the search."""
    words = words_of(request)
    page, asked = page_of(request, board.archive(request.user, words), ROWS)
    context = {"section": "help", "page": page, "words": words, "asked": asked}
    return render(request, "help/archive.html", context)


@require_GET
def archive_csv(request: DeskRequest) -> HttpResponse:
    """Export the archive as CSV (RFC 4180)."""
    day = localdate().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="help-{day}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Kind"), _("Resident"), _("Pressed"), _("Received"), _("Taken"), _("Taken by"), _("There"),
            _("There was"), _("Closed"), _("Closed by"), _("How it ended"), _("In words"), _("Organisation"),
        ]
    )  # fmt: skip
    for entry in board.archive(request.user, words_of(request)).iterator(chunk_size=500):
        writer.writerow(list(map(cell, _line(entry))))
    return response


def _line(entry: HelpRequest) -> Iterator[object]:
    yield entry.get_kind_display()
    yield entry.resident or ""
    yield _moment(entry.waits_since)
    yield _moment(entry.received_at)
    yield _moment(entry.taken_at)
    yield entry.taker if entry.taken_at else ""
    yield _moment(entry.arrived_at)
    yield entry.attendant if entry.arrived_at else ""
    yield _moment(entry.closed_at)
    yield entry.closed_by or ""
    yield entry.get_outcome_display()
    yield entry.outcome_words
    yield entry.organisation


def _moment(at: datetime | None) -> str:
    return localtime(at).isoformat(timespec="seconds") if at else ""
