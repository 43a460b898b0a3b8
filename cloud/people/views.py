"""Pages of residents: the list, one's particulars, archive and return."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base.forms import posted, saved
from cloud.base.lists import page_of, words_of
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest
from cloud.people.forms import ResidentForm
from cloud.people.models import CareSettings, Resident
from cloud.people.signals import resident_added, resident_changed, resident_moved

ROWS = 50


@require_GET
def residents(request: DeskRequest) -> HttpResponse:
    """List residents of the user's organisations whose name contains the search words."""
    found = Resident.objects.visible_to(request.user).filter(anonymised_at=None)
    found = found.select_related("organisation", "device")
    rows = found.annotate(escalation_contact_count=Count("escalation_contacts"))
    words = words_of(request)
    for word in words.split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    # A query that counts has no order by itself.
    page, asked = page_of(request, rows.order_by("last_name", "first_name", "pk"), ROWS)
    context = {"section": "people", "page": page, "asked": asked, "words": words}
    return render(request, "people/residents.html", context)


def new_resident(request: DeskRequest) -> HttpResponse:
    """Add a resident with a view of the organisation's defaults."""
    form = ResidentForm(*posted(request), user=request.user)
    if request.method == "POST" and saved(form, form.save, lambda: _set_up(form.instance)):
        messages.success(request, _("Saved."))
        return redirect("people:contacts", form.instance.pk)
    return render(request, "people/new_resident.html", {"section": "people", "form": form})


def _set_up(resident: Resident) -> None:
    """Create care settings, and what other apps add for a new resident."""
    CareSettings(resident=resident).save()
    resident_added.send(Resident, resident=resident)


def _moved(resident: Resident, before: Organisation) -> None:
    if resident.organisation != before:
        resident_moved.send(Resident, resident=resident, before=before)
    resident_changed.send(Resident, resident=resident)


def resident(request: DeskRequest, pk: int) -> HttpResponse:
    """Edit a resident's own data."""
    found = visible_resident(request.user, pk)
    form = ResidentForm(*posted(request), instance=found, user=request.user)
    before = found.organisation
    if request.method == "POST" and saved(form, form.save, lambda: _moved(found, before)):
        messages.success(request, _("Saved."))
        return redirect("people:resident", pk)
    # An invalid form has changed the instance: the page's heading shows the stored one.
    stored = visible_resident(request.user, pk)
    context = {"section": "people", "tab": "person", "resident": stored, "form": form}
    return render(request, "people/resident.html", context)


def visible_resident(user: User, pk: int) -> Resident:
    """Return a resident that this user may see, or 404."""
    rows = Resident.objects.visible_to(user).select_related("organisation", "device", "view")
    return get_object_or_404(rows, pk=pk)


def zone_name(resident: Resident) -> str:
    """Return the name of the resident's time zone."""
    view = getattr(resident, "view", None)
    return view.time_zone if view else "Europe/Helsinki"
