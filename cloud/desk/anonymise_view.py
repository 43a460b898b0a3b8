"""Pages that anonymise residents, users, and people without an account (V17)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.desk import erasing, former_users
from cloud.desk.anonymising import anonymise
from cloud.notices.models import Recipient
from cloud.organisations import accounts
from cloud.organisations.request import DeskRequest
from cloud.partner import rota_calendar
from cloud.partner.models import RotaPerson
from cloud.people.models import EscalationContact, Resident
from cloud.people.signals import resident_changed
from cloud.pki.authority import desk_authority


@require_POST
def anonymise_resident(request: DeskRequest, pk: int) -> HttpResponse:
    """Erase the name permanently; records of calls and help stay without it."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk, anonymised_at=None)
    if request.POST.get("sure") != "1":
        return redirect("people:resident", pk)
    anonymise(found, desk_authority(), request.user)
    messages.success(request, _("The resident was anonymised; their screen wipes itself."))
    return redirect("people:residents")


@require_POST
@transaction.atomic
def anonymise_escalation_contact(request: DeskRequest, pk: int, escalation: int) -> HttpResponse:
    """Remove the contact, and erase name, numbers and address from the records too."""
    rows = EscalationContact.objects.visible_to(request.user).select_related("resident__organisation")
    found = get_object_or_404(rows, pk=escalation, resident=pk)
    details = (found.office_phone, found.other_phone, found.email)
    found.delete()
    resident_changed.send(Resident, resident=found.resident)
    erasing.erase(found.resident.organisation, found.name, details)
    messages.success(request, _("The contact was removed, and erased from the records."))
    return redirect("people:care", pk)


@require_POST
@transaction.atomic
def anonymise_rota_person(request: DeskRequest, organisation: int, person: int) -> HttpResponse:
    """Remove the person from the rota, and erase name, number and address from the records too."""
    rows = RotaPerson.objects.visible_to(request.user).select_related("rota__organisation")
    found = get_object_or_404(rows, pk=person, rota__organisation=organisation)
    found.delete()
    erasing.erase(found.rota.organisation, found.name, (found.phone, found.email))
    rota_calendar.renew_of(found.rota)
    messages.success(request, _("The person was removed, and erased from the records."))
    return redirect("partner:rota", organisation)


@require_POST
@transaction.atomic
def anonymise_recipient(request: DeskRequest, recipient: int) -> HttpResponse:
    """Remove the recipient, and erase name and addresses from the records; a contact stays a contact."""
    rows = Recipient.objects.visible_to(request.user).select_related("organisation")
    found = get_object_or_404(rows, pk=recipient, contact=None)
    details = list(found.addresses.values_list("value", flat=True))
    found.delete()
    erasing.erase(found.organisation, found.name, details)
    messages.success(request, _("The person was removed, and erased from the records."))
    return redirect("notices:recipients")


@require_POST
def anonymise_user(request: DeskRequest, pk: int) -> HttpResponse:
    """Erase a former user's name and address once a second person has confirmed; records stay."""
    found = get_object_or_404(accounts.visible_accounts(request.user), pk=pk)
    if not accounts.manages(request.user, found):
        return HttpResponse(status=403)
    try:
        former_users.propose(found, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.warning(request, _("The account is anonymised when somebody else confirms it."))
    return redirect("organisations:user", pk)
