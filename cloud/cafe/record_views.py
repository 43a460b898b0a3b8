"""The desk's pages of who sat at which table, from when to when (V28)."""

import csv
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.csv_cell import cell
from cloud.base.lists import page_of
from cloud.cafe.forms import RecordForm
from cloud.cafe.models import Seat
from cloud.organisations.request import DeskRequest

ROWS = 50


@require_GET
def record(request: DeskRequest) -> HttpResponse:
    """Show the visits to tables of the user's organisations, the newest first."""
    form, seats = _seats(request)
    page, asked = page_of(request, seats, ROWS)
    rows = [(seat, _ending(seat)) for seat in page]
    context = {"section": "meetings", "form": form, "page": page, "rows": rows, "asked": asked}
    return render(request, "cafe/record.html", context)


@require_GET
def record_csv(request: DeskRequest) -> HttpResponse:
    """Export the same visits as CSV."""
    headers = {"Content-Disposition": f'attachment; filename="tables-{localdate().isoformat()}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(
        [_("Name"), _("Host"), _("Where"), _("Organisation"), _("From"), _("Until"), _("Minutes"), _("How")]
    )
    for seat in _seats(request)[1].iterator():
        writer.writerow([cell(value) for value in _line(seat)])
    return response


def _seats(request: DeskRequest) -> tuple[RecordForm, QuerySet[Seat]]:
    form = RecordForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    seats = Seat.objects.visible_to(request.user).exclude(entered_at=None)
    if asked.get("since"):
        seats = seats.filter(entered_at__date__gte=asked["since"])
    if asked.get("until"):
        seats = seats.filter(entered_at__date__lte=asked["until"])
    return form, seats.select_related("resident", "contact", "user", "meeting", "organisation")


def _line(seat: Seat) -> list[Any]:
    begins, ends = seat.entered_at, seat.left_at
    moments = [localtime(at).isoformat(" ", "seconds") if at else "" for at in (begins, ends)]
    minutes = round((ends - begins).total_seconds() / 60) if begins and ends else ""
    where = seat.meeting or _("Café")
    host = _("yes") if seat.is_host else ""
    return [seat.who, host, where, seat.organisation, *moments, minutes, _ending(seat)]


def _ending(seat: Seat) -> str:
    """How a visit ended, for those who work at the desk."""
    said = {
        "left": _("left"),
        "line_lost": _("connection lost"),
        "no_answer": _("did not answer"),
        "shown_out": _("shown out"),
        "host_left": _("ended with the host"),
        "ended_for_all": _("ended for everybody"),
        "closed": _("ended at its hour"),
        "elsewhere": _("went on at another device"),
    }
    return said.get(seat.why, seat.why)
