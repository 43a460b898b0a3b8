"""Contacts of a resident: their data, and what the resident sees of them."""

from typing import Any, Literal

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base import page_parts
from cloud.base.forms import posted, saved
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.people import forced_calls, former, order
from cloud.people.forms import ContactForm, KnownContactForm, RelationForm
from cloud.people.models import Contact, Relation, Resident
from cloud.people.signals import contact_changed, resident_changed
from cloud.people.views import visible_resident, zone_name


@require_GET
def contacts(request: DeskRequest, pk: int) -> HttpResponse:
    """List all contacts of this resident, in the order of the screen."""
    resident = visible_resident(request.user, pk)
    return render(request, "people/contacts.html", _page(request, resident))


def _page(request: DeskRequest, resident: Resident) -> dict[str, object]:
    user = request.user
    rows = Relation.objects.visible_to(user).filter(resident=resident)
    rows = rows.select_related("contact", "contact__photo").defer("contact__photo__data")
    known = KnownContactForm(user=user, resident=resident, search=request.GET)
    reach: Any = page_parts.of("people:contacts", [relation.contact for relation in rows]).get("reach", {})
    shown = [(relation, reach.get(relation.contact_id)) for relation in rows]
    return {"section": "people", "tab": "people", "resident": resident, "rows": shown, "known": known}


def new_contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Add a new contact, last in the resident's order."""
    resident = visible_resident(request.user, pk)
    contact = Contact(organisation=resident.organisation)
    return _edit(request, Relation(resident=resident, contact=contact, order=_last(resident)))


def contact(request: DeskRequest, pk: int, relation: int) -> HttpResponse:
    """Edit a contact, and what the resident sees of them."""
    return _edit(request, _visible(request.user, pk, relation))


def _edit(request: DeskRequest, relation: Relation) -> HttpResponse:
    sent = posted(request)
    zone = zone_name(relation.resident)
    form = ContactForm(*sent, instance=relation.contact, time_zone=zone)
    relation_form = RelationForm(sent[0], instance=relation)
    # A contact of an organisation that this user does not see: only the relation may be edited.
    is_own = _may_edit(request.user, relation.contact)
    wants_right = False

    def save() -> None:
        nonlocal wants_right
        if is_own:
            relation.contact = form.save()
        wants_right = forced_calls.hold_back_right(relation)
        relation_form.save()
        if wants_right:
            forced_calls.propose_right(relation, request.user)

    def push() -> None:
        _contact_changed(relation.contact)
        _resident_changed(relation.resident)

    is_right = request.method == "POST" and (not is_own or form.is_valid())
    if is_right and saved(relation_form, save, push):
        if wants_right:
            messages.warning(request, _("The right to forced calls waits for a second person."))
        messages.success(request, _("Saved."))
        return redirect("people:contacts", relation.resident_id)
    resident = visible_resident(request.user, relation.resident_id)
    context = {"section": "people", "tab": "people", "resident": resident, "relation": relation}
    forms = {"form": form if is_own else None, "relation_form": relation_form}
    return render(request, "people/contact.html", {**context, **forms})


def _last(resident: Resident) -> int:
    return resident.relations.count()


def _may_edit(user: User, contact: Contact) -> bool:
    return not contact.pk or Contact.objects.visible_to(user).filter(pk=contact.pk).exists()


@require_POST
def add_known(request: DeskRequest, pk: int) -> HttpResponse:
    """Add a contact that another resident already has (V15)."""
    resident = visible_resident(request.user, pk)
    form = KnownContactForm(request.POST, user=request.user, resident=resident, search=request.GET)

    def save() -> None:
        former.put_on(resident, form.cleaned_data["contact"], request.user)

    if saved(form, save, lambda: _resident_changed(resident)):
        live_updates.call_changed(form.cleaned_data["contact"].pk)
        return redirect("people:contacts", pk)
    return render(request, "people/contacts.html", {**_page(request, resident), "known": form})


@require_POST
@transaction.atomic
def lock(request: DeskRequest, pk: int, relation: int) -> HttpResponse:
    """Lock an account, which removes it from every screen at once, or unlock it (V8)."""
    found = _visible(request.user, pk, relation)
    person = get_object_or_404(Contact.objects.visible_to(request.user), pk=found.contact_id)
    person.locked = not person.locked
    person.save(update_fields=["locked"])
    _contact_changed(person)
    return redirect("people:contacts", pk)


@require_POST
@transaction.atomic
def unlink(request: DeskRequest, pk: int, relation: int) -> HttpResponse:
    """Remove a contact from this resident's list; the account stays, for others and for the records."""
    found = _visible(request.user, pk, relation)
    former.take_off(found)
    _resident_changed(found.resident)
    _contact_changed(found.contact)
    return redirect("people:contacts", pk)


@require_POST
@transaction.atomic
def move(request: DeskRequest, pk: int, relation: int, step: Literal["up", "down"]) -> HttpResponse:
    """Move a contact up or down on the resident's list."""
    found = _visible(request.user, pk, relation)
    rows = Relation.objects.visible_to(request.user).filter(resident=found.resident)
    order.move(rows.filter(favourite=found.favourite), found.pk, step)
    _resident_changed(found.resident)
    return redirect("people:contacts", pk)


def _visible(user: User, pk: int, relation: int) -> Relation:
    rows = Relation.objects.visible_to(user).select_related("contact__photo", "resident__view")
    return get_object_or_404(rows.defer("contact__photo__data"), pk=relation, resident=pk)


def _contact_changed(contact: Contact) -> None:
    contact_changed.send(Contact, contact=contact)


def _resident_changed(resident: Resident) -> None:
    resident_changed.send(Resident, resident=resident)
