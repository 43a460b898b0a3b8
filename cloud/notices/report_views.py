"""The report of sent notifications and their delivery (N8)."""

import csv
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.csv_cell import cell
from cloud.delivery.models import Delivery
from cloud.notices.events import type_of, types
from cloud.notices.models import NoticeSent
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest

MOST_SHOWN = 200
MOST_ROWS = 50_000
DAYS = (1, 7, 30, 90)


@require_GET
def report(request: DeskRequest) -> HttpResponse:
    """Show notifications by type, state and days, each with its template version (N2)."""
    rows, chosen = _filtered(request)
    days = (
        rows.annotate(day=TruncDate("notice__at")).values("day").annotate(count=Count("pk")).order_by("-day")
    )
    chart = list(days[: max(DAYS)])
    context = {
        "section": "notices",
        "rows": [(row, type_of(row.notice.event)) for row in rows[:MOST_SHOWN]],
        "events": types(),
        "states": Delivery.State.choices,
        "periods": DAYS,
        "chosen": chosen,
        "chart": chart,
        "most": max((each["count"] for each in chart), default=1),
    }
    return render(request, "notices/report.html", context)


@require_GET
def report_csv(request: DeskRequest) -> HttpResponse:
    """Export the same rows as CSV."""
    rows, _chosen = _filtered(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="notifications.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(
        [
            _("Happened"), _("Event"), _("Resident"), _("To"), _("Address"), _("Template"), _("Version"),
            _("State"), _("Sent"), _("Delivered"), _("Read"), _("Reason"),
        ]
    )  # fmt: skip
    for row in rows[:MOST_ROWS].iterator(chunk_size=500):
        sent = row.delivery
        event = type_of(row.notice.event)
        moments = [
            localtime(at).isoformat(timespec="seconds") if at else ""
            for at in (row.notice.at, sent.sent_at, sent.delivered_at, sent.read_at)
        ]
        line = [
            moments[0], event.label if event else row.notice.event, row.notice.resident or "", sent.who,
            sent.shown_address, row.template_name, row.version, sent.get_state_display(), *moments[1:],
            sent.reason,
        ]  # fmt: skip
        writer.writerow(list(map(cell, line)))
    return answer


def _filtered(request: DeskRequest) -> tuple[QuerySet[NoticeSent], dict[str, object]]:
    event, state, days = (request.GET.get(name, "") for name in ("event", "state", "days"))
    chosen_days = int(days) if days.isdecimal() and int(days) in DAYS else 7
    rows = _rows(request.user).filter(notice__at__gte=timezone.now() - timedelta(days=chosen_days))
    if type_of(event):
        rows = rows.filter(notice__event=event)
    if state in Delivery.State.values:
        rows = rows.filter(delivery__state=state)
    return rows, {"event": event, "state": state, "days": chosen_days}


def _rows(user: User) -> QuerySet[NoticeSent]:
    rows = NoticeSent.objects.visible_to(user).select_related("notice__resident", "delivery")
    return rows.order_by("-notice__at", "-pk")
