"""Pages for a contact's personal links, and for anonymising them (V10, V17)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cloud.calls import anonymising, ending, links, own
from cloud.calls.forms import LinkForm
from cloud.calls.models import PersonalLink
from cloud.calls.presence import announce
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.people.models import Contact, Relation


def show(request: DeskRequest, relation: int) -> HttpResponse:
    """List the links; a new one is shown only once."""
    found = _visible(request.user, relation)
    form = LinkForm(request.POST or None)
    made = ""
    is_staff = own.is_staff(found.contact)
    if request.method == "POST" and is_staff:
        messages.error(request, own.NO_LINK)
        return redirect("calls:links", relation)
    if request.method == "POST" and form.is_valid():
        _link, secret = links.make(found.contact, by=request.user, lifetime=form.lifetime)
        made = request.build_absolute_uri(links.address(secret))
        announce(found.contact)
    rows = (
        PersonalLink.objects.visible_to(request.user)
        .filter(contact=found.contact, user=None)
        .select_related("made_by")
    )
    context = {"section": "people", "tab": "people", "resident": found.resident, "relation": found}
    state = {"rows": rows, "form": form, "made": made, "now": timezone.now(), "is_staff": is_staff}
    return render(request, "calls/links.html", {**context, **state})


@require_POST
@transaction.atomic
def revoke(request: DeskRequest, relation: int, link: int) -> HttpResponse:
    """Revoke a link, and end its calls."""
    found = _visible(request.user, relation)
    row = get_object_or_404(
        PersonalLink.objects.visible_to(request.user).select_related("contact"),
        pk=link,
        contact=found.contact,
    )
    if not row.revoked_at:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        ending.withdraw_link(row)
        announce(found.contact)
    return redirect("calls:links", relation)


@require_POST
def anonymise(request: DeskRequest, relation: int) -> HttpResponse:
    """Erase name and address once a second person has confirmed; call records stay."""
    found = _visible(request.user, relation)
    anonymising.propose(found.contact, request.user)
    messages.warning(request, _("The account is anonymised when somebody else confirms it."))
    return redirect("people:contacts", found.resident_id)


def _visible(user: User, relation: int) -> Relation:
    """Return a relation to a contact that this user may edit, or 404."""
    rows = Relation.objects.visible_to(user).select_related(
        "contact__photo", "resident__organisation", "resident__device"
    )
    found = get_object_or_404(rows.defer("contact__photo__data"), pk=relation)
    get_object_or_404(Contact.objects.visible_to(user), pk=found.contact_id)
    return found
