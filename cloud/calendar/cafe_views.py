"""Pages of the café's opening hours and closed days."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.forms import saved
from cloud.calendar.forms import CafeForm, ClosedDayForm
from cloud.calendar.models import Cafe
from cloud.devices.documents import refresh_organisation
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest


@require_GET
def cafes(request: DeskRequest) -> HttpResponse:
    """List organisations with the café that their residents use."""
    organisations = Organisation.objects.visible_to(request.user).order_by("path")
    serving = Cafe.serving_each(organisations)
    rows = [(each, serving.get(each.pk)) for each in organisations]
    return render(request, "calendar/cafes.html", {"section": "cafe", "rows": rows})


def cafe(request: DeskRequest, organisation: int) -> HttpResponse:
    """Edit the weekly hours of one organisation's café."""
    owner, own = _own(request, organisation)
    form = CafeForm(request.POST or None, instance=own)
    if request.method == "POST" and saved(form, form.save, lambda: refresh_organisation(owner)):
        messages.success(request, _("Saved."))
        return redirect("calendar:cafe", organisation)
    return _show(request, owner, own, form, ClosedDayForm(cafe=own))


@require_POST
def close_on(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a day on which the café is closed whatever its hours say."""
    owner, own = _own(request, organisation)
    form = ClosedDayForm(request.POST, cafe=own)

    def save() -> None:
        own.closed_on = sorted({*own.closed_on, form.cleaned_data["day"]})
        own.save(update_fields=["closed_on"])

    if own.pk and saved(form, save, lambda: refresh_organisation(owner)):
        return redirect("calendar:cafe", organisation)
    return _show(request, owner, own, CafeForm(instance=own), form)


@require_POST
@transaction.atomic
def open_on(request: DeskRequest, organisation: int, day: str) -> HttpResponse:
    """Remove a closed day: the weekly hours apply again."""
    owner, own = _own(request, organisation)
    if own.pk:
        own.closed_on = [each for each in own.closed_on if each != day]
        own.save(update_fields=["closed_on"])
        refresh_organisation(owner)
    return redirect("calendar:cafe", organisation)


def _own(request: DeskRequest, organisation: int) -> tuple[Organisation, Cafe]:
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = Cafe.objects.visible_to(request.user).filter(organisation=owner).first()
    return owner, own or Cafe(organisation=owner)


def _show(
    request: DeskRequest, owner: Organisation, own: Cafe, form: CafeForm, closed: ClosedDayForm
) -> HttpResponse:
    context = {"section": "cafe", "organisation": owner, "cafe": own, "form": form, "closed": closed}
    return render(request, "calendar/cafe.html", context)
