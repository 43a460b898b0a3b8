"""Pages of the directory, with changes to many contacts at once (V15)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.calls import anonymising, links, own
from cloud.calls.presence import announce
from cloud.family import directory
from cloud.family.application_views import qr_code
from cloud.family.deciding import LINK_LIFETIME
from cloud.family.forms import checked, residents_like
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest
from cloud.people.models import Contact, Relation, Resident

ROWS = 50
MOST_LIKE = 20
ONLY = ("", "no-list", "no-link", "locked")


@require_GET
def contacts(request: DeskRequest) -> HttpResponse:
    """List all contacts, page by page."""
    words = request.GET.get("q", "")[:150]
    only = request.GET.get("only", "")
    only = only if only in ONLY else ""
    page = Paginator(directory.matching(request.user, words, only), ROWS).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "section": "family",
        "tab": "contacts",
        "page": page,
        "rows": directory.rows_of(request.user, list(page)),
        "words": words,
        "only": only,
        "asked": asked.urlencode(),
    }
    return render(request, "family/contacts.html", context)


@require_GET
def contact(request: DeskRequest, contact: int) -> HttpResponse:
    """Show one contact: lists, link, and anonymisation."""
    return _show(request, _visible(request.user, contact))


def _show(request: DeskRequest, found: Contact, made: str = "") -> HttpResponse:
    words = request.GET.get("q", "")[:150]
    relations = Relation.objects.visible_to(request.user).filter(contact=found).select_related("resident")
    on_list = {relation.resident_id for relation in relations}
    (row,) = directory.rows_of(request.user, [found])
    context = {
        "section": "family",
        "tab": "contacts",
        "row": row,
        "contact": found,
        "relations": relations,
        "words": words,
        "others": [each for each in residents_like(request.user, words, MOST_LIKE) if each.pk not in on_list],
        "is_staff": own.is_staff(found),
        "made": made,
        "code": qr_code(made) if made else "",
    }
    return render(request, "family/contact.html", context)


@require_POST
def put_on(request: DeskRequest, contact: int) -> HttpResponse:
    """Add the contact to the selected residents' lists."""
    found = _visible(request.user, contact)
    residents = (
        Resident.objects.visible_to(request.user).present().filter(pk__in=checked(request.POST, "resident"))
    )
    _change(request, lambda: directory.put_on([(resident, found) for resident in residents], request.user))
    return redirect("family:contact", contact)


@require_POST
def take_off(request: DeskRequest, contact: int) -> HttpResponse:
    """Remove the contact from the selected lists."""
    found = _visible(request.user, contact)
    rows = Relation.objects.visible_to(request.user).filter(contact=found)
    rows = rows.filter(pk__in=checked(request.POST, "relation")).select_related("resident", "contact")
    _change(request, lambda: directory.take_off(list(rows)))
    return redirect("family:contact", contact)


@require_POST
def lock(request: DeskRequest, contact: int) -> HttpResponse:
    """Lock the account, or unlock it (V8)."""
    found = _visible(request.user, contact)
    _change(request, lambda: directory.set_locked(found, is_locked=not found.locked))
    return redirect("family:contact", contact)


@require_POST
def anonymise(request: DeskRequest, contact: int) -> HttpResponse:
    """Anonymise permanently after a second person's confirmation; call records stay (V17)."""
    anonymising.propose(_visible(request.user, contact), request.user)
    messages.warning(request, _("The account is anonymised when somebody else confirms it."))
    return redirect("family:contacts")


@require_POST
def send_link(request: DeskRequest, contact: int) -> HttpResponse:
    """Send the link by e-mail or text message."""
    found = _visible(request.user, contact)
    if own.is_staff(found):
        messages.error(request, own.NO_LINK)
    elif not (found.email or found.phone):
        messages.error(request, _("There is neither an e-mail address nor a number to send it to."))
    elif directory.send_link(found, request.user).ways:
        messages.success(request, _("The link is on its way."))
    else:
        messages.error(request, _("The desk has no way to send it there."))
    return redirect("family:contact", contact)


@require_POST
def show_link(request: DeskRequest, contact: int) -> HttpResponse:
    """Show a new link once, as text and QR code."""
    found = _visible(request.user, contact)
    if own.is_staff(found):
        messages.error(request, own.NO_LINK)
        return redirect("family:contact", contact)
    _link, secret = links.make(found, by=request.user, lifetime=LINK_LIFETIME)
    announce(found)
    return _show(request, found, request.build_absolute_uri(links.address(secret)))


@require_GET
def around(request: DeskRequest, resident: int) -> HttpResponse:
    """Show the contacts of one resident, to add or remove several."""
    found = _resident(request.user, resident)
    words = request.GET.get("q", "")[:150]
    rows = Relation.objects.visible_to(request.user).filter(resident=found).select_related("contact")
    others = directory.matching(request.user, words, "").exclude(relations__resident=found)
    context = {
        "section": "people",
        "tab": "people",
        "resident": found,
        "relations": rows,
        "others": others[:MOST_LIKE],
        "words": words,
    }
    return render(request, "family/around.html", context)


@require_POST
def put_around(request: DeskRequest, resident: int) -> HttpResponse:
    """Add the selected contacts to the list."""
    found = _resident(request.user, resident)
    people = Contact.objects.visible_to(request.user).filter(anonymised_at=None)
    people = people.filter(pk__in=checked(request.POST, "contact"))
    _change(request, lambda: directory.put_on([(found, contact) for contact in people], request.user))
    return redirect("family:around", resident)


@require_POST
def take_around(request: DeskRequest, resident: int) -> HttpResponse:
    """Remove the selected contacts from the list."""
    found = _resident(request.user, resident)
    rows = Relation.objects.visible_to(request.user).filter(resident=found)
    rows = rows.filter(pk__in=checked(request.POST, "relation")).select_related("resident", "contact")
    _change(request, lambda: directory.take_off(list(rows)))
    return redirect("family:around", resident)


def _change(request: DeskRequest, change: Callable[[], None]) -> None:
    """Apply the change completely or not at all; show the error of an invalid document."""
    try:
        with transaction.atomic():
            change()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))


def _visible(user: User, pk: int) -> Contact:
    rows = Contact.objects.visible_to(user).select_related("organisation", "photo").defer("photo__data")
    return get_object_or_404(rows.filter(anonymised_at=None), pk=pk)


def _resident(user: User, pk: int) -> Resident:
    rows = Resident.objects.visible_to(user).select_related("organisation", "device", "view")
    return get_object_or_404(rows, pk=pk)
