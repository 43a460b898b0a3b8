"""An organisation's own closed days."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cloud.base.forms import saved
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.people.forms import ClosedDayForm
from cloud.people.models import ClosedDay
from cloud.people.signals import closed_days_changed


def closed_days(request: DeskRequest, organisation: int) -> HttpResponse:
    """List coming closed days, and add one."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    form = ClosedDayForm(request.POST or None, organisation=owner)
    if request.method == "POST" and saved(form, form.save, lambda: _changed(owner)):
        return redirect("people:closed-days", organisation)
    days = ClosedDay.objects.visible_to(request.user).filter(organisation=owner, day__gte=localdate())
    context = {"section": "people", "organisation": owner, "form": form, "days": days}
    return render(request, "people/closed_days.html", context)


@require_POST
@transaction.atomic
def open_on(request: DeskRequest, organisation: int, closed_day: int) -> HttpResponse:
    """Remove a closed day: the opening hours of its weekday hold again."""
    days = ClosedDay.objects.visible_to(request.user).filter(organisation=organisation)
    found = get_object_or_404(days, pk=closed_day)
    owner = found.organisation
    found.delete()
    _changed(owner)
    return redirect("people:closed-days", organisation)


def _changed(organisation: Organisation) -> None:
    closed_days_changed.send(Organisation, organisation=organisation)
