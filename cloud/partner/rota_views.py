"""Pages of an organisation's rota: people, shifts, and a diagram of two weeks (S5)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest
from cloud.partner import on_duty, rota, rota_calendar
from cloud.partner.forms import RotaCalendarForm, RotaForm, RotaPersonForm, RotaShiftForm
from cloud.partner.models import Rota, RotaCalendar, RotaPerson, RotaShift, RotaSpan

MOST_COMING = 8


def show(request: DeskRequest, organisation: int) -> HttpResponse:
    """Show the plan, its people, its gaps, and two weeks of it."""
    owner = _owner(request.user, organisation)
    rows = Rota.objects.visible_to(request.user).select_related("calendar")
    own = rows.filter(organisation=owner).first()
    form = RotaForm(request.POST or None, instance=own or Rota(organisation=owner))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("partner:rota", organisation)
    return _page(request, owner, own, form, RotaCalendarForm())


@require_POST
def import_calendar(request: DeskRequest, organisation: int) -> HttpResponse:
    """A calendar file takes the place of the one before; one that cannot be used changes nothing."""
    own = _own(request.user, organisation)
    form = RotaCalendarForm(request.POST, request.FILES)
    if form.is_valid():
        name, content = form.cleaned_data["file"]
        try:
            rota_calendar.store(own, rota_calendar.read(own, content), name, request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The calendar file is in use."))
            return redirect("partner:rota", organisation)
    return _page(request, own.organisation, own, RotaForm(instance=own), form)


@require_POST
def remove_calendar(request: DeskRequest, organisation: int) -> HttpResponse:
    """Remove the calendar file and its duties from the rota."""
    own = _own(request.user, organisation)
    RotaCalendar.objects.visible_to(request.user).filter(rota=own).delete()
    return redirect("partner:rota", organisation)


def new_person(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a person to the rota."""
    own = _own(request.user, organisation)
    form = RotaPersonForm(request.POST or None, instance=RotaPerson(rota=own))
    if request.method == "POST" and form.is_valid():
        form.save()
        rota_calendar.renew_of(own)
        return redirect("partner:rota", organisation)
    return _form(request, own, form, _("New person on the rota"))


def new_shift(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a weekly shift of one person of this rota (S5)."""
    own = _own(request.user, organisation)
    people = RotaPerson.objects.visible_to(request.user).filter(rota=own)
    form = RotaShiftForm(request.POST or None, instance=RotaShift(), people=people)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("partner:rota", organisation)
    return _form(request, own, form, _("New shift"))


@require_POST
def remove_shift(request: DeskRequest, organisation: int, shift: int) -> HttpResponse:
    """Remove a weekly shift; the board warns where that leaves a hole (S5)."""
    own = _own(request.user, organisation)
    rows = RotaShift.objects.visible_to(request.user).filter(person__rota=own)
    get_object_or_404(rows, pk=shift).delete()
    return redirect("partner:rota", organisation)


@require_POST
def remove_person(request: DeskRequest, organisation: int, person: int) -> HttpResponse:
    """Remove a person with all their shifts."""
    own = _own(request.user, organisation)
    get_object_or_404(RotaPerson.objects.visible_to(request.user).filter(rota=own), pk=person).delete()
    return redirect("partner:rota", organisation)


def _page(
    request: DeskRequest,
    owner: Organisation,
    own: Rota | None,
    form: RotaForm,
    calendar_form: RotaCalendarForm,
) -> HttpResponse:
    context: dict[str, object] = {"section": "help", "organisation": owner, "own": own, "form": form}
    if own:
        zone, now = ZoneInfo(own.time_zone), timezone.now()
        shifts = on_duty.shifts_of(own, now - timedelta(days=1), now + timedelta(days=rota.PICTURE_DAYS))
        calendar = getattr(own, "calendar", None)
        spans = RotaSpan.objects.visible_to(request.user).filter(calendar__rota=own, ends_at__gt=now)
        context |= {
            "people": RotaPerson.objects.visible_to(request.user).filter(rota=own).prefetch_related("shifts"),
            "now": on_duty.people_at(own, now, shifts),
            "holes": on_duty.holes_ahead(own, now, shifts)[:5],
            "days": list(rota.picture(shifts, zone, localdate(timezone=zone))),
            "calendar": calendar,
            "calendar_problems": rota_calendar.problem_words(calendar.problems) if calendar else [],
            "calendar_spans": spans.select_related("person")[:MOST_COMING],
            "calendar_form": calendar_form,
            "zone": own.time_zone,
        }
    return render(request, "partner/rota.html", context)


def _form(request: DeskRequest, own: Rota, form: object, title: str) -> HttpResponse:
    context = {"section": "help", "organisation": own.organisation, "form": form, "title": title}
    return render(request, "partner/rota_form.html", context)


def _owner(user: User, organisation: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(user), pk=organisation)


def _own(user: User, organisation: int) -> Rota:
    rows = Rota.objects.visible_to(user).select_related("organisation")
    return get_object_or_404(rows, organisation=organisation)
