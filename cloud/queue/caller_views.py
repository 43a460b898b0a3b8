"""Customer service at a relative's call page, with the same rules as at a screen (Q4-Q10)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.queue import caller_steps
from cloud.queue.caller_state import state_of
from cloud.queue.caller_steps import Do
from cloud.queue.callers import contact_of
from cloud.queue.calling import calls
from cloud.queue.visit_views import MEDIA
from cloud.queue.words import caller_words
from device.contract.errors import ContractError
from device.contract.wire import read

LARGEST_BYTES = 80_000


@login_not_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the page; without a link redirect to the sign-in page."""
    contact = contact_of(request)
    if contact is None:
        return redirect("caller:page")
    response = render(request, "queue/caller.html", {"contact": contact, "words": caller_words()})
    response.headers["Permissions-Policy"] = MEDIA
    return response


@login_not_required
@require_POST
def state(request: HttpRequest) -> HttpResponse:
    """Return the page's state, and record a heartbeat (Q9)."""
    contact = contact_of(request)
    if contact is None:
        return _refused(_("Please open your personal link again."), 403)
    caller_steps.is_here(contact)
    return JsonResponse(state_of(contact))


@login_not_required
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Apply one action and return the new state; a late one is ignored."""
    contact, asked = contact_of(request), _asked(request)
    if contact is None:
        return _refused(_("Please open your personal link again."), 403)
    if asked is None or (asked.kind == "answer" and not calls().is_offer(asked.answer)):
        return _refused(_("The browser has sent something unusable."), 400)
    caller_steps.step(contact, asked)
    return JsonResponse(state_of(contact))


def _asked(request: HttpRequest) -> Do | None:
    body = request.read(LARGEST_BYTES + 1)
    try:
        return read(body, Do) if len(body) <= LARGEST_BYTES else None
    except ContractError:
        return None


def _refused(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)
