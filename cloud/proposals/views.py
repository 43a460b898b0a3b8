"""Pages of proposals that wait for a second person (K14, four eyes)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.organisations.request import DeskRequest
from cloud.proposals import deciding, kinds
from cloud.proposals.models import Proposal

MOST_DECIDED = 30


@require_GET
def proposals(request: DeskRequest) -> HttpResponse:
    """List open proposals, and the newest decided ones."""
    deciding.expire_old()
    rows = Proposal.objects.visible_to(request.user).select_related(
        "organisation", "proposed_by", "decided_by"
    )
    waiting = [_described(each) for each in rows.filter(state=Proposal.State.OPEN)]
    decided = [_described(each) for each in rows.exclude(state=Proposal.State.OPEN)[:MOST_DECIDED]]
    context = {"section": "proposals", "waiting": waiting, "decided": decided}
    return render(request, "proposals/proposals.html", context)


@require_POST
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    """Confirm a proposal and apply its change."""
    found = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    return _try(request, lambda: deciding.confirm(found, request.user), _("Confirmed, and done."))


@require_POST
def refuse(request: DeskRequest, pk: int) -> HttpResponse:
    """Refuse a proposal: nothing is changed, and the audit says who refused."""
    found = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    return _try(request, lambda: deciding.refuse(found, request.user), _("Nothing was changed."))


def _try(request: DeskRequest, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("proposals:proposals")


def _described(proposal: Proposal) -> dict[str, object]:
    kind = kinds.of(proposal)
    is_open = proposal.state == Proposal.State.OPEN
    return {
        "proposal": proposal,
        "label": kind.label,
        "lines": kind.describe(proposal),
        "alone": is_open and not deciding.others_who_may(proposal),
    }
