"""From a page of the desk to the page for calls, as whom one has signed in (V10)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from cloud.calls import links, own
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident


@require_POST
def call(request: DeskRequest, pk: int) -> HttpResponse:
    """Calls this resident now."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk)
    return _come_in(request, f"?call={found.pk}")


@require_POST
def show(request: DeskRequest) -> HttpResponse:
    """The page on which one can be reached, as whoever is on duty has it open."""
    return _come_in(request, "")


def _come_in(request: DeskRequest, query: str) -> HttpResponse:
    own.come_in(request.user)
    response = HttpResponseRedirect(reverse("caller:page") + query)
    # Whoever was in this browser by a link before is not who calls now.
    links.leave(response)
    return response
