"""The page of an organisation's settings."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cloud.audit.organisation_settings import sections
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest


@require_GET
def own_settings(request: DeskRequest) -> HttpResponse:
    """Show the settings of the reader's own organisation, or of the first one that they may see."""
    ours = Organisation.objects.visible_to(request.user).order_by("path")
    found = ours.filter(pk=request.user.organisation_id).first() or ours.first()
    if found is None:
        raise Http404
    return _show(request, found)


@require_GET
def settings_of(request: DeskRequest, organisation: int) -> HttpResponse:
    """Show the settings of one organisation."""
    ours = Organisation.objects.visible_to(request.user)
    return _show(request, get_object_or_404(ours, pk=organisation))


def _show(request: DeskRequest, organisation: Organisation) -> HttpResponse:
    context = {
        "section": "settings",
        "organisation": organisation,
        "organisations": Organisation.objects.visible_to(request.user).order_by("path"),
        "sections": sections(organisation, request.user),
    }
    return render(request, "audit/settings.html", context)
