"""Pages of relatives' applications, and of registration links (V18-V20)."""

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.addresses import absolute
from cloud.base.forms import saved
from cloud.base.fragments import fragment
from cloud.family import applying, deciding
from cloud.family.deciding import Admission
from cloud.family.forms import (
    ApproveForm,
    RefuseForm,
    RegistrationLinkForm,
    RelativesSettingsForm,
    checked,
    residents_like,
)
from cloud.family.models import Application, RegistrationLink, RelativesSettings
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident

ROWS = 50
MOST_LIKE = 12
MOST_CHOSEN = 20
SHOWN = (Application.State.WAITING, Application.State.APPROVED, Application.State.REFUSED)


@require_GET
def applications(request: DeskRequest) -> HttpResponse:
    """List waiting applications, the oldest first, or decided ones, the newest first."""
    is_decided = request.GET.get("decided") == "1"
    rows = Application.objects.visible_to(request.user).select_related("organisation", "decided_by")
    waiting = rows.filter(state=Application.State.WAITING)
    decided = rows.filter(state__in=SHOWN[1:]).order_by("-decided_at")
    page = Paginator(decided if is_decided else waiting, ROWS).get_page(request.GET.get("page"))
    context = {"section": "family", "tab": "applications", "page": page, "is_decided": is_decided}
    return render(request, "family/applications.html", context)


@require_GET
def count(request: DeskRequest) -> HttpResponse:
    """Return the number of waiting applications for the menu."""
    waiting = deciding.waiting(request.user).count()
    return fragment(request, "family/count.html", {"waiting_applications": waiting})


@require_GET
def application(request: DeskRequest, application: int) -> HttpResponse:
    """Show one application, with possible residents."""
    found = _visible(request.user, application)
    return _show(request, found, ApproveForm(user=request.user, application=found), RefuseForm())


def _show(
    request: DeskRequest, found: Application, approve_form: ApproveForm, refuse_form: RefuseForm
) -> HttpResponse:
    words = request.GET.get("q", found.resident_name)[:150]
    context = {
        "section": "family",
        "tab": "applications",
        "application": found,
        "words": words,
        "residents": residents_like(request.user, words, MOST_LIKE),
        "chosen": request.POST.getlist("resident"),
        "approve_form": approve_form,
        "refuse_form": refuse_form,
    }
    return render(request, "family/application.html", context)


@require_POST
def approve(request: DeskRequest, application: int) -> HttpResponse:
    """Approve: add the relative to these residents' lists, and e-mail the link."""
    found = _visible(request.user, application)
    form = ApproveForm(request.POST, user=request.user, application=found)
    ids = checked(request.POST, "resident", MOST_CHOSEN)
    chosen = list(Resident.objects.visible_to(request.user).present().filter(pk__in=ids))
    if not form.is_valid():
        return _show(request, found, form, RefuseForm())
    if not chosen:
        form.add_error(None, _("Choose at least one resident."))
        return _show(request, found, form, RefuseForm())
    data = form.cleaned_data
    admission = Admission(chosen, data["view"], data["words"], data.get("contact"))
    try:
        is_saved = saved(form, lambda: deciding.approve(found, admission, request.user), lambda: None)
    except deciding.TooLate:
        return _too_late(request)
    if not is_saved:
        return _show(request, found, form, RefuseForm())
    messages.success(
        request, _("Approved. The link is on its way to %(address)s.") % {"address": found.email}
    )
    return redirect("family:applications")


@require_POST
def refuse(request: DeskRequest, application: int) -> HttpResponse:
    """Refuse, and e-mail the reason."""
    found = _visible(request.user, application)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _show(request, found, ApproveForm(user=request.user, application=found), form)
    try:
        deciding.refuse(found, form.cleaned_data["reason"], request.user)
    except deciding.TooLate:
        return _too_late(request)
    messages.success(
        request, _("Refused. The reason is on its way to %(address)s.") % {"address": found.email}
    )
    return redirect("family:applications")


@require_GET
def registration(request: DeskRequest) -> HttpResponse:
    """List the registration links of the organisations."""
    links = RegistrationLink.objects.visible_to(request.user).filter(revoked_at=None)
    open_ = {link.organisation_id: link for link in links.order_by("made_at", "pk") if link.is_open}
    organisations = Organisation.objects.visible_to(request.user).order_by("path")
    rows = [(each, open_.get(each.pk)) for each in organisations]
    context = {"section": "family", "tab": "registration", "rows": rows}
    return render(request, "family/registration.html", context)


def registration_of(request: DeskRequest, organisation: int) -> HttpResponse:
    """Show one organisation's link as text and QR code, edit its settings, or renew it."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = RelativesSettings.objects.visible_to(request.user).filter(organisation=owner).first()
    form = RelativesSettingsForm(request.POST or None, instance=own or RelativesSettings(organisation=owner))
    if request.method == "POST" and saved(form, form.save, lambda: None):
        messages.success(request, _("Saved."))
        return redirect("family:registration-of", organisation)
    link = RegistrationLink.objects.visible_to(request.user).filter(organisation=owner).first()
    address = absolute(reverse("join:apply", args=[link.token])) if link and link.is_open else ""
    context = {
        "section": "family",
        "tab": "registration",
        "organisation": owner,
        "link": link,
        "address": address,
        "code": qr_code(address) if address else "",
        "form": form,
        "link_form": RegistrationLinkForm(),
    }
    return render(request, "family/registration_of.html", context)


@require_POST
def renew(request: DeskRequest, organisation: int) -> HttpResponse:
    """Create a new link, which replaces the previous one."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    form = RegistrationLinkForm(request.POST)
    if form.is_valid():
        applying.make_link(owner, form.lifetime, request.user)
    return redirect("family:registration-of", organisation)


def qr_code(address: str) -> str:
    """Return the URL as a QR code: a ``data:`` URL of an SVG."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=5))


def _visible(user: User, pk: int) -> Application:
    rows = Application.objects.visible_to(user).select_related("organisation")
    return get_object_or_404(rows.filter(state__in=SHOWN), pk=pk)


def _too_late(request: DeskRequest) -> HttpResponse:
    messages.error(request, _("Somebody else has decided this meanwhile."))
    return redirect("family:applications")
