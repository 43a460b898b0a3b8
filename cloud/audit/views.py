"""Pages of the audit log, for auditors (K20)."""

import csv
from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.audit.forms import ChangesForm
from cloud.audit.models import Change
from cloud.audit.reading import Entry, entries
from cloud.base.csv_cell import cell
from cloud.base.lists import page_of
from cloud.organisations.request import DeskRequest

ROWS = 50
BATCH = 500


@require_GET
def changes(request: DeskRequest) -> HttpResponse:
    """Show the changes that match the filter, newest first."""
    form = ChangesForm(request.GET or None, user=request.user)
    page, asked = page_of(request, form.changes(), ROWS)
    context = {"section": "audit", "form": form, "page": page, "asked": asked}
    return render(request, "audit/changes.html", {**context, "entries": entries(page.object_list)})


@require_GET
def changes_csv(request: DeskRequest) -> HttpResponse:
    """Export the changes as CSV (RFC 4180), one line for each field."""
    day = localdate().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="changes-{day}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(
        [
            _("When"), _("Who"), _("Organisation"), _("Resident"), _("What"), _("Name"), _("Number"),
            _("How"), _("Field"), _("Before"), _("After"),
        ]
    )  # fmt: skip
    rows = ChangesForm(request.GET or None, user=request.user).changes()
    for batch in _batches(rows.iterator(chunk_size=BATCH)):
        for entry in entries(batch):
            writer.writerows(list(map(cell, line)) for line in _lines(entry))
    return response


def _batches(rows: Iterator[Change]) -> Iterator[list[Change]]:
    batch: list[Change] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _lines(entry: Entry) -> Iterator[list[object]]:
    change = entry.change
    start = [
        localtime(change.at).isoformat(timespec="seconds"),
        entry.who,
        change.organisation or "",
        change.resident or "",
        entry.kind,
        entry.name,
        change.row,
        change.get_act_display(),
    ]
    for line in entry.lines:
        yield [*start, line.field, line.before, line.after]
    if not entry.lines:
        yield [*start, "", "", ""]
