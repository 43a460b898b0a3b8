"""Pages of residents' contracts: who is served under one, and who its contact persons are (N4)."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.lists import containing, page_of, words_of
from cloud.notices.forms import ContractContactForm, ContractForm, ContractResidentForm
from cloud.notices.models import Contract, ContractContact, ContractResident
from cloud.organisations.request import DeskRequest

ROWS = 50
SECTION = {"section": "notices"}


@require_GET
def contracts(request: DeskRequest) -> HttpResponse:
    """List contracts by number; search in number and payer."""
    words = words_of(request)
    found = Contract.objects.visible_to(request.user).filter(containing(words, "number", "payer"))
    found = found.select_related("organisation")
    rows = found.annotate(residents=Count("covered")).order_by("number", "pk")
    page, asked = page_of(request, rows, ROWS)
    today = timezone.localdate()
    context = {
        "page": page,
        "asked": asked,
        "words": words,
        "rows": [(row, row.holds_on(today)) for row in page],
    }
    return render(request, "notices/contracts.html", SECTION | context)


def new(request: DeskRequest) -> HttpResponse:
    """Add a contract; its organisation stays the same from then on."""
    return _edit(request, Contract(begins=timezone.localdate()))


def contract(request: DeskRequest, contract: int) -> HttpResponse:
    """Edit a contract; a change holds at once."""
    return _edit(request, _visible(request, contract))


@require_POST
def remove(request: DeskRequest, contract: int) -> HttpResponse:
    """Remove a contract; its residents and contact persons stay."""
    _visible(request, contract).delete()
    return redirect("notices:contracts")


@require_POST
def add_contact(request: DeskRequest, contract: int) -> HttpResponse:
    """Add a contact person."""
    edited = _visible(request, contract)
    form = ContractContactForm(request.POST, instance=ContractContact(contract=edited))
    if form.is_valid():
        form.save()
        return redirect("notices:contract", contract)
    return _page(request, edited, contact_form=form)


@require_POST
def remove_contact(request: DeskRequest, contract: int, contact_person: int) -> HttpResponse:
    """Remove a contact person from the contract; they stay a recipient."""
    rows = ContractContact.objects.visible_to(request.user).filter(contract=contract)
    get_object_or_404(rows, pk=contact_person).delete()
    return redirect("notices:contract", contract)


@require_POST
def add_resident(request: DeskRequest, contract: int) -> HttpResponse:
    """Serve a resident under this contract."""
    edited = _visible(request, contract)
    form = ContractResidentForm(request.POST, contract=edited, user=request.user, search=request.GET)
    if form.is_valid():
        edited.covered.get_or_create(resident=form.cleaned_data["resident"])
        return redirect("notices:contract", contract)
    return _page(request, edited, resident_form=form)


@require_POST
def remove_resident(request: DeskRequest, contract: int, covered: int) -> HttpResponse:
    """End the contract for one resident."""
    rows = ContractResident.objects.visible_to(request.user).filter(contract=contract)
    get_object_or_404(rows, pk=covered).delete()
    return redirect("notices:contract", contract)


def _visible(request: DeskRequest, contract: int) -> Contract:
    rows = Contract.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, pk=contract)


def _edit(request: DeskRequest, edited: Contract) -> HttpResponse:
    form = ContractForm(request.POST or None, instance=edited, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("notices:contract", edited.pk)
    return _page(request, edited, form=form)


def _page(request: DeskRequest, edited: Contract, **forms: object) -> HttpResponse:
    context: dict[str, object] = {"edited": edited, "form": ContractForm(instance=edited, user=request.user)}
    if edited.pk:
        context |= {
            "contacts": edited.contacts.select_related("recipient").prefetch_related("recipient__addresses"),
            "covered": edited.covered.select_related("resident"),
            "contact_form": ContractContactForm(instance=ContractContact(contract=edited)),
            "resident_form": ContractResidentForm(contract=edited, user=request.user, search=request.GET),
        }
    return render(request, "notices/contract.html", SECTION | context | forms)
