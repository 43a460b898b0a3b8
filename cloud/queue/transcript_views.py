"""Past conversations, for as long as the queue keeps them, and their CSV export."""

import csv
from collections.abc import Iterator
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.csv_cell import cell
from cloud.organisations.request import DeskRequest
from cloud.queue.models import Message, Visit

ROWS = 50


@require_GET
def transcripts(request: DeskRequest) -> HttpResponse:
    """List past visits, the newest first."""
    rows = Visit.objects.visible_to(request.user).filter(stage="ended").order_by("-ended_at", "-number")
    page = Paginator(rows.select_related("queue", "resident", "contact", "agent"), ROWS).get_page(
        request.GET.get("page")
    )
    return render(request, "queue/transcripts.html", {"section": "queue", "page": page})


@require_GET
def transcripts_csv(request: DeskRequest) -> HttpResponse:
    """Export every message of these visits as CSV (RFC 4180)."""
    headers = {"Content-Disposition": f'attachment; filename="service-{localdate().isoformat()}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Queue"), _("Customer"), _("Joined"), _("Service began"), _("Ended"), _("How it ended"),
            _("Rating"), _("Written"), _("By"), _("Text"),
        ]
    )  # fmt: skip
    rows = Message.objects.visible_to(request.user).filter(visit__stage="ended")
    for message in rows.select_related("visit__queue", "visit__resident", "visit__contact").iterator(
        chunk_size=500
    ):
        writer.writerow(list(map(cell, _line(message))))
    return response


def _line(message: Message) -> Iterator[object]:
    visit: Visit = message.visit
    yield visit.queue
    yield visit.customer
    yield _instant(visit.joined_at)
    yield _instant(visit.first_served_at)
    yield _instant(visit.ended_at)
    yield visit.end
    yield visit.rating
    yield _instant(message.at)
    yield message.name
    yield message.text


def _instant(at: datetime | None) -> str:
    return localtime(at).isoformat(timespec="seconds") if at else ""
