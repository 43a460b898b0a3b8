"""From the desk's pages to the call page, with the user's own session (V10)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from cloud.calls import links, own
from cloud.organisations.request import DeskRequest
from cloud.people.models import Resident


@require_POST
def call(request: DeskRequest, pk: int) -> HttpResponse:
    """Open the call page and call this resident."""
    found = get_object_or_404(Resident.objects.visible_to(request.user), pk=pk)
    return come_in(request, f"?call={found.pk}")


@require_POST
def show(request: DeskRequest) -> HttpResponse:
    """Open the call page, on which a duty officer is available."""
    return come_in(request, "")


def come_in(request: DeskRequest, query: str) -> HttpResponse:
    """Open the call page as this user; ``?call=`` starts a call."""
    own.come_in(request.user)
    response = HttpResponseRedirect(reverse("caller:page") + query)
    # A contact signed in by a link in this browser must not be the caller.
    links.leave(response)
    return response
