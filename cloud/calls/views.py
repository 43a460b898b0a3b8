"""The desk's call pages: log, forced calls, report, duty officers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.forms import saved
from cloud.base.lists import page_of
from cloud.calls import duty, history, log_checks
from cloud.calls.forms import CallSettingsForm, LogForm, ReportForm
from cloud.calls.models import Call, CallSettings, DeviceLogEntry
from cloud.devices.documents import refresh_organisation
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest

ROWS = 50


@require_GET
def log(request: DeskRequest) -> HttpResponse:
    """Show the calls of the user's organisations that match the filter."""
    form = LogForm(request.GET or None, user=request.user, search=request.GET)
    calls = form.calls()
    page, asked = page_of(request, calls.prefetch_related("invitees__contact"), ROWS)
    context = {"section": "calls", "tab": "log", "form": form, "page": page, "asked": asked}
    return render(request, "calls/log.html", {**context, "counts": history.counts(calls)})


@require_GET
def log_csv(request: DeskRequest) -> HttpResponse:
    """Export the same calls as CSV."""
    calls = LogForm(request.GET or None, user=request.user, search=request.GET).calls()
    return _csv("calls", lambda out: history.write(calls.iterator(), out))


@require_GET
def report(request: DeskRequest) -> HttpResponse:
    """Show calls, forced calls and missed ones by period (V28)."""
    form, rows = _report(request)
    context = {"section": "calls", "tab": "report", "form": form, "rows": rows}
    return render(request, "calls/report.html", {**context, "asked": request.GET.urlencode()})


@require_GET
def report_csv(request: DeskRequest) -> HttpResponse:
    """Export the report as CSV."""
    _form, rows = _report(request)
    return _csv("report", lambda out: history.write_periods(rows, out))


def _report(request: DeskRequest) -> tuple[ReportForm, list[dict[str, Any]]]:
    form = ReportForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    calls: history.Calls = Call.objects.visible_to(request.user)
    calls = history.between(calls, asked.get("since"), asked.get("until"))
    return form, history.periods(calls, asked.get("step") or "month")


@require_GET
def forced(request: DeskRequest) -> HttpResponse:
    """Show forced calls with caller, reason and outcome, and whether both logs hold together (V13, K5)."""
    calls = Call.objects.visible_to(request.user).filter(kind=Call.Kind.FORCED)
    logs = DeviceLogEntry.objects.visible_to(request.user)
    page, _asked = page_of(request, calls.select_related("resident", "contact", "organisation"), ROWS)
    shown = [call.pk for call in page]
    groups = calls.filter(group__in={call.group for call in page}).order_by()
    together = dict(groups.values_list("group").annotate(Count("pk")))
    by_device = {entry.call_id: entry for entry in logs.filter(call_id__in=shown)}
    context = {
        "section": "calls",
        "tab": "forced",
        "page": page,
        "rows": [(call, together[call.group], by_device.get(call.pk)) for call in page],
        "verdict": log_checks.verdict(request.user),
        "counts": history.counts(calls),
    }
    return render(request, "calls/forced.html", context)


@require_GET
def officers(request: DeskRequest) -> HttpResponse:
    """Show the duty officer of each organisation."""
    context = {"section": "calls", "tab": "duty", "rows": duty.duties(request.user)}
    return render(request, "calls/officers.html", context)


def officer(request: DeskRequest, organisation: int) -> HttpResponse:
    """Set an organisation's duty officer and the maximum length of its calls."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = CallSettings.objects.visible_to(request.user).filter(organisation=owner).first()
    own = own or CallSettings(organisation=owner)
    before = own.duty_officer_id
    form = CallSettingsForm(request.POST or None, instance=own, user=request.user)

    def save() -> None:
        if own.duty_officer_id != before:
            own.on_duty_since = timezone.now() if own.duty_officer_id else None
        form.save()

    if request.method == "POST" and saved(form, save, lambda: refresh_organisation(owner)):
        messages.success(request, _("Saved."))
        return redirect("calls:officers")
    context = {"section": "calls", "tab": "duty", "organisation": owner, "form": form}
    return render(request, "calls/officer.html", context)


def _csv(name: str, write: Callable[[Any], None]) -> HttpResponse:
    day = localdate().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    write(response)
    return response
