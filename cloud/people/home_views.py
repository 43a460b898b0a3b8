"""Pages of a resident's home: where it is, how to get in, and moving away and coming back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.base.forms import saved
from cloud.organisations.request import DeskRequest
from cloud.people.forms import DoorForm, HomeForm
from cloud.people.models import DoorLook, Resident, ResidentHome
from cloud.people.signals import resident_archived, resident_changed
from cloud.people.views import show, visible_resident, zone_name

MOST_LOOKS = 10


@require_POST
def save_home(request: DeskRequest, pk: int) -> HttpResponse:
    """Save where the resident lives."""
    found = visible_resident(request.user, pk)
    form = HomeForm(request.POST, instance=ResidentHome.of(found), time_zone=zone_name(found))
    if saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("people:resident", pk)
    return show(request, visible_resident(request.user, pk), home_form=form)


def door(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first; then show how to get in, record who was shown it, and save what is changed."""
    found = visible_resident(request.user, pk)
    form = None
    if request.method == "POST":
        is_save = "save" in request.POST
        form = DoorForm(request.POST if is_save else None, instance=ResidentHome.of(found))
        if is_save and saved(form, form.save, lambda: None):
            messages.success(request, _("Saved."))
            return redirect("people:door", pk)
        if not is_save:
            DoorLook(resident=found, by=request.user).save()
    looks = DoorLook.objects.visible_to(request.user).filter(resident=found).select_related("by")
    context = {"section": "people", "tab": "person", "resident": found, "form": form}
    return render(request, "people/door.html", {**context, "looks": looks[:MOST_LOOKS]})


@require_POST
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    """The resident has moved away: off every list and without a device, but nothing is lost."""
    found = visible_resident(request.user, pk)
    if found.archived_at is None and found.anonymised_at is None:
        try:
            with transaction.atomic():
                _set_archived(found, archived=True)
                resident_archived.send(Resident, resident=found)
                resident_changed.send(Resident, resident=found)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = _("%(resident)s is in the archive; the device is in stock.")
            messages.success(request, words % {"resident": found})
    return redirect("people:resident", pk)


@require_POST
def bring_back(request: DeskRequest, pk: int) -> HttpResponse:
    """The resident lives there again, with everything as it was but the device."""
    found = visible_resident(request.user, pk)
    if found.archived_at is not None and found.anonymised_at is None:
        with transaction.atomic():
            _set_archived(found, archived=False)
            resident_changed.send(Resident, resident=found)
        words = _("%(resident)s is back. Give them a device on its page.")
        messages.success(request, words % {"resident": found})
    return redirect("people:resident", pk)


def _set_archived(resident: Resident, *, archived: bool) -> None:
    resident.archived_at = timezone.now() if archived else None
    resident.save(update_fields=["archived_at"])
