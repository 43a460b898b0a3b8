"""Care settings of a resident, and the escalation contacts."""

from typing import Literal

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.base import page_parts
from cloud.base.forms import saved
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.people import forced_calls, order
from cloud.people.forms import CareForm, EscalationForm
from cloud.people.models import CareSettings, EscalationContact, Resident
from cloud.people.phone import for_people, takes_text_messages
from cloud.people.signals import resident_changed
from cloud.people.views import visible_resident, zone_name

# The contract's maximum.
MOST_ESCALATION_CONTACTS = 10


def care(request: DeskRequest, pk: int) -> HttpResponse:
    """Edit permissions, office hours, and escalation contacts; fewer than two give a warning (S3)."""
    resident = visible_resident(request.user, pk)
    settings = CareSettings.objects.visible_to(request.user).filter(resident=resident).first()
    form = CareForm(request.POST or None, instance=settings or CareSettings(resident=resident))
    held: dict[str, list[str]] = {}

    def save() -> None:
        held.update(forced_calls.hold_back(form.instance))
        form.save()
        if held:
            forced_calls.propose_settings(resident, held, request.user)

    if request.method == "POST" and saved(form, save, lambda: _changed(resident)):
        if held:
            messages.warning(
                request, _("Saved. What you have set about forced calls waits for a second person.")
            )
        else:
            messages.success(request, _("Saved."))
        return redirect("people:care", pk)
    rows = EscalationContact.objects.visible_to(request.user).filter(resident=resident)
    context = {
        "section": "people",
        "tab": "care",
        "resident": resident,
        "form": form,
        "escalation_contacts": rows,
    }
    parts = page_parts.of("people:care", resident) | {"waiting": forced_calls.waiting(resident)}
    return render(request, "people/care.html", {**context, "most": MOST_ESCALATION_CONTACTS, **parts})


def new_escalation_contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Add an escalation contact at the end of the list."""
    resident = visible_resident(request.user, pk)
    count = EscalationContact.objects.visible_to(request.user).filter(resident=resident).count()
    if count >= MOST_ESCALATION_CONTACTS:
        messages.error(request, _("There can be at most ten escalation contacts."))
        return redirect("people:care", pk)
    return _edit(request, EscalationContact(resident=resident, order=count))


def escalation_contact(request: DeskRequest, pk: int, escalation: int) -> HttpResponse:
    """Edit who is notified when nobody answers; the device follows at once."""
    return _edit(request, _visible(request.user, pk, escalation))


def _edit(request: DeskRequest, contact: EscalationContact) -> HttpResponse:
    resident = visible_resident(request.user, contact.resident_id)
    form = EscalationForm(request.POST or None, instance=contact, time_zone=zone_name(resident))
    if request.method == "POST" and saved(form, form.save, lambda: _changed(resident)):
        messages.success(request, _("Saved."))
        for number in {contact.office_phone, contact.other_phone} - {""}:
            if not takes_text_messages(number):
                words = _("%(number)s is no mobile number: the screen's text messages do not reach it.")
                messages.warning(request, words % {"number": for_people(number)})
        return redirect("people:care", resident.pk)
    context = {
        "section": "people",
        "tab": "care",
        "resident": resident,
        "form": form,
        "escalation_contact": contact,
    }
    return render(request, "people/escalation_contact.html", context)


@require_POST
@transaction.atomic
def remove_escalation_contact(request: DeskRequest, pk: int, escalation: int) -> HttpResponse:
    """Remove an escalation contact, from the device's own list too."""
    found = _visible(request.user, pk, escalation)
    found.delete()
    _changed(found.resident)
    return redirect("people:care", pk)


@require_POST
@transaction.atomic
def move_escalation_contact(
    request: DeskRequest, pk: int, escalation: int, step: Literal["up", "down"]
) -> HttpResponse:
    """Move an escalation contact up or down."""
    found = _visible(request.user, pk, escalation)
    rows = EscalationContact.objects.visible_to(request.user).filter(resident=found.resident)
    order.move(rows, found.pk, step)
    _changed(found.resident)
    return redirect("people:care", pk)


def _changed(resident: Resident) -> None:
    resident_changed.send(Resident, resident=resident)


def _visible(user: User, pk: int, escalation: int) -> EscalationContact:
    rows = EscalationContact.objects.visible_to(user).select_related("resident")
    return get_object_or_404(rows, pk=escalation, resident=pk)
