"""Pages of residents: the list, one's particulars, archive and return."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cloud.base import page_parts
from cloud.base.forms import posted, saved
from cloud.base.lists import page_of, words_of
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest
from cloud.people import finding
from cloud.people.forms import HomeForm, ResidentForm
from cloud.people.models import CareSettings, Resident, ResidentHome
from cloud.people.signals import resident_added, resident_changed, resident_moved

ROWS = 50


@require_GET
def residents(request: DeskRequest) -> HttpResponse:
    """List residents of the user's organisations whose name or home contains the search words."""
    is_archive = request.GET.get("archived") == "1"
    found = Resident.objects.visible_to(request.user)
    found = found.exclude(archived_at=None).filter(anonymised_at=None) if is_archive else found.present()
    found = found.select_related("organisation", "device", "home")
    rows = found.annotate(escalation_contact_count=Count("escalation_contacts"))
    words = words_of(request)
    rows = rows.filter(finding.named(words))
    # A query that counts has no order by itself.
    page, asked = page_of(request, rows.order_by("last_name", "first_name", "pk"), ROWS)
    context = {"section": "people", "page": page, "asked": asked, "words": words, "is_archive": is_archive}
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
    return show(request, visible_resident(request.user, pk) if form.errors else found, form=form)


def show(
    request: DeskRequest,
    stored: Resident,
    *,
    form: ResidentForm | None = None,
    home_form: HomeForm | None = None,
) -> HttpResponse:
    """Show the page of a resident's own data."""
    home = ResidentHome.of(stored)
    context = {
        "section": "people",
        "tab": "person",
        "resident": stored,
        "form": form or ResidentForm(instance=stored, user=request.user),
        "home_form": home_form or HomeForm(instance=home, time_zone=zone_name(stored)),
    }
    context |= page_parts.of("people:resident", stored)
    return render(request, "people/resident.html", context)


def visible_resident(user: User, pk: int) -> Resident:
    """Return a resident that this user may see, or 404."""
    rows = Resident.objects.visible_to(user).select_related("organisation", "device", "view", "home")
    return get_object_or_404(rows, pk=pk)


def zone_name(resident: Resident) -> str:
    """Return the name of the resident's time zone."""
    view = getattr(resident, "view", None)
    return view.time_zone if view else "Europe/Helsinki"
