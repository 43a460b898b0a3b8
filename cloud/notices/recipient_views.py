"""Pages of those who get notifications, with or without an account (N3, N5)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.notices.forms import RecipientForm
from cloud.notices.models import Recipient
from cloud.notices.numbers import MOST_LISTED, copy_numbers
from cloud.notices.recipients import same_address
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest


@require_GET
def recipients(request: DeskRequest) -> HttpResponse:
    """List organisations with their recipients."""
    rows = Recipient.objects.visible_to(request.user).select_related("contact").prefetch_related("addresses")
    by_organisation = [
        (organisation, [row for row in rows if row.organisation_id == organisation.pk])
        for organisation in Organisation.objects.visible_to(request.user).order_by("path")
    ]
    return render(request, "notices/recipients.html", {"section": "notices", "rows": by_organisation})


def new(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a recipient; an existing one is shown instead of a duplicate (N5)."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    return _edit(request, Recipient(organisation=owner))


def recipient(request: DeskRequest, recipient: int) -> HttpResponse:
    """Edit a recipient's addresses, language, roles and quiet hours."""
    return _edit(request, get_object_or_404(Recipient.objects.visible_to(request.user), pk=recipient))


@require_POST
def remove(request: DeskRequest, recipient: int) -> HttpResponse:
    """Remove a recipient; what went out to them stays in the report."""
    get_object_or_404(Recipient.objects.visible_to(request.user), pk=recipient).delete()
    return redirect("notices:recipients")


@require_POST
def copy(request: DeskRequest, organisation: int) -> HttpResponse:
    """Copy contacts' numbers, and list the failures (M10)."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    with transaction.atomic():
        copied = copy_numbers(owner)
    messages.success(request, _("Copied numbers: %(count)d") % {"count": copied.count})
    context = {"section": "notices", "owner": owner, "refused": copied.refused[:MOST_LISTED]}
    return render(request, "notices/copied.html", context)


def _edit(request: DeskRequest, edited: Recipient) -> HttpResponse:
    form = RecipientForm(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        other = same_address(edited, form.addresses)
        if other is None:
            _save(form)
            messages.success(request, _("Saved."))
            return redirect("notices:recipients")
        form.add_error(None, _("%(name)s has this address already.") % {"name": other})
    return render(request, "notices/recipient.html", {"section": "notices", "edited": edited, "form": form})


@transaction.atomic
def _save(form: RecipientForm) -> None:
    saved = form.save()
    wanted = {(each.kind, each.value): place for place, each in enumerate(form.addresses)}
    for address in saved.addresses.all():
        if (address.kind, address.value) not in wanted:
            address.delete()
    for (kind, value), place in wanted.items():
        saved.addresses.update_or_create(kind=kind, value=value, defaults={"place": place})
