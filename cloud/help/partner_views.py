"""Pages for an organisation's monitoring partner (S1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.help import partner_secrets
from cloud.help.forms import PartnerForm
from cloud.help.models import Partner
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident


@require_GET
def partners(request: DeskRequest) -> HttpResponse:
    """List organisations with the partner that answers their alarms."""
    organisations = Organisation.objects.visible_to(request.user).order_by("path")
    serving = Partner.serving_each(organisations)
    rows = [(each, serving.get(each.pk)) for each in organisations]
    return render(request, "help/partners.html", {"section": "help", "rows": rows})


def partner(request: DeskRequest, organisation: int) -> HttpResponse:
    """Edit the partner of one organisation."""
    owner, own = _own(request, organisation)
    form = PartnerForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        if partner_secrets.is_new(form.instance):
            partner_secrets.propose(form.instance, request.user)
            words = _(
                "A secret needs two people: nothing of this is saved until a second person confirms it."
            )
            messages.warning(request, words)
        else:
            form.save()
            messages.success(request, _("Saved."))
        return redirect("help:partners")
    context = {"section": "help", "organisation": owner, "own": own, "form": form}
    return render(request, "help/partner.html", context)


@require_POST
def remove(request: DeskRequest, organisation: int) -> HttpResponse:
    """Remove an organisation's own partner."""
    _owner, own = _own(request, organisation)
    if own.pk:
        own.delete()
    return redirect("help:partners")


def _own(request: DeskRequest, organisation: int) -> tuple[Organisation, Partner]:
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    own = Partner.objects.visible_to(request.user).filter(organisation=owner).first()
    return owner, own or Partner(organisation=owner)


def serving(resident: Resident) -> dict[str, object]:
    """Return the context of a resident's care page: ``partner``."""
    return {"partner": Partner.serving(resident.organisation)}
