"""Pages of a resident's calendar."""

import logging
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.forms import saved
from cloud.calendar import ical, repeats
from cloud.calendar.agenda import ahead
from cloud.calendar.expansion import next_start
from cloud.calendar.forms import AppointmentForm, ImportForm
from cloud.calendar.models import Appointment
from cloud.calendar.wording import reason, reason_of
from cloud.devices.documents import refresh_resident
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident
from cloud.people.views import visible_resident
from cloud.screens.zone import zone_of

log = logging.getLogger(__name__)


class Row(NamedTuple):
    """An appointment in the list, with the wall time of its next occurrence, empty once it is over."""

    appointment: Appointment
    next: str
    repeats: str
    problem: str


@require_GET
def appointments(request: DeskRequest, pk: int) -> HttpResponse:
    """List a resident's appointments, the next first."""
    resident = visible_resident(request.user, pk)
    context = _page(resident) | _rows(request.user, resident) | {"import_form": ImportForm()}
    return render(request, "calendar/appointments.html", context)


def _page(resident: Resident) -> dict[str, object]:
    return {"section": "people", "tab": "calendar", "resident": resident}


def _rows(user: User, resident: Resident) -> dict[str, object]:
    zone, now = zone_of(resident), timezone.now()
    rows = [_row(each, zone, now) for each in Appointment.objects.visible_to(user).filter(resident=resident)]
    coming = sorted((row for row in rows if row.next or row.problem), key=lambda row: row.next)
    return {"ahead": coming, "over": [row for row in reversed(rows) if not row.next and not row.problem]}


def _row(appointment: Appointment, zone: ZoneInfo, now: datetime) -> Row:
    """Return a list row for any stored appointment: an invalid one is marked and can be removed."""
    try:
        ahead(appointment)
        upcoming = next_start(appointment, zone, now)
        datetime.fromisoformat(upcoming or appointment.starts)
        return Row(appointment, upcoming, repeats.in_words(appointment.rule), reason_of(appointment))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        log.exception("Appointment %s cannot be drawn", appointment.pk)
        return Row(appointment, "", "", reason("unreadable"))


def new_appointment(request: DeskRequest, pk: int) -> HttpResponse:
    """Add an appointment by form, unless the calendar is full."""
    resident = visible_resident(request.user, pk)
    if resident.appointments.count() >= ical.MOST_APPOINTMENTS:
        messages.error(request, _("The calendar is full. Remove what is over."))
        return redirect("calendar:appointments", pk)
    return _edit(request, Appointment(resident=resident))


def appointment(request: DeskRequest, pk: int, appointment: int) -> HttpResponse:
    """Edit an appointment of one resident; the screen follows at once."""
    return _edit(request, _visible(request.user, pk, appointment))


def _edit(request: DeskRequest, appointment: Appointment) -> HttpResponse:
    resident = visible_resident(request.user, appointment.resident_id)
    form = AppointmentForm(request.POST or None, instance=appointment)
    if request.method == "POST" and saved(form, form.save, lambda: refresh_resident(resident)):
        messages.success(request, _("Saved."))
        return redirect("calendar:appointments", resident.pk)
    context = _page(resident) | {"form": form, "appointment": appointment}
    return render(request, "calendar/appointment.html", context)


@require_POST
@transaction.atomic
def remove(request: DeskRequest, pk: int, appointment: int) -> HttpResponse:
    """Delete an appointment, on the resident's screen too."""
    found = _visible(request.user, pk, appointment)
    found.delete()
    refresh_resident(found.resident)
    return redirect("calendar:appointments", pk)


@require_POST
def import_file(request: DeskRequest, pk: int) -> HttpResponse:
    """Import a calendar file, and report the result of each of its events."""
    resident = visible_resident(request.user, pk)
    form = ImportForm(request.POST, request.FILES)
    results: list[ical.Result] = []
    prepared = _prepared(form, resident)
    if prepared:
        saved(form, lambda: results.append(prepared.store()), lambda: refresh_resident(resident))
    result = results[0] if results and not form.errors else None
    context = _page(resident) | _rows(request.user, resident) | {"import_form": form, "result": result}
    return render(request, "calendar/appointments.html", context)


def _prepared(form: ImportForm, resident: Resident) -> ical.Import | None:
    if not form.is_valid():
        return None
    try:
        return ical.prepare(form.cleaned_data["file"], resident)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _visible(user: User, pk: int, appointment: int) -> Appointment:
    rows = Appointment.objects.visible_to(user).select_related("resident")
    return get_object_or_404(rows, pk=appointment, resident=pk)
