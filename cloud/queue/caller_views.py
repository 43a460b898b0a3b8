"""Customer service at a relative's call page, with the same rules as at a screen (Q4-Q10)."""

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.queue import caller_steps, caller_stream
from cloud.queue.caller_state import state_of
from cloud.queue.caller_steps import Do
from cloud.queue.caller_throttle import Throttle
from cloud.queue.callers import contact_of
from cloud.queue.calling import calls
from cloud.queue.visit_views import MEDIA
from cloud.queue.words import caller_words
from device.contract.errors import ContractError
from device.contract.wire import read

LARGEST_BYTES = 80_000
_throttle = Throttle()


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
@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """All that the page shows, again and again as it changes."""
    contact = await sync_to_async(contact_of)(request)
    if contact is None:
        # 204 tells the browser not to come back by itself.
        return HttpResponse(status=204)
    if caller_stream.is_full(contact):
        return HttpResponse("Too many open pages.", status=429, content_type="text/plain")
    return StreamingHttpResponse(
        caller_stream.stream(contact, get_language() or "en"),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@login_not_required
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Record a heartbeat: a stream would outlive a computer that fell asleep (Q9)."""
    contact = contact_of(request)
    if contact is None:
        return _refused(_("Please open your personal link again."), 403)
    caller_steps.is_here(contact)
    return HttpResponse(status=204)


@login_not_required
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Apply one action and return the new state; a late one is ignored."""
    contact, asked = contact_of(request), _asked(request)
    if contact is None:
        return _refused(_("Please open your personal link again."), 403)
    if asked is None or (asked.kind == "answer" and not calls().is_offer(asked.answer)):
        return _refused(_("The browser has sent something unusable."), 400)
    if not _throttle.takes(contact.pk):
        return _refused(_("That was too fast. Wait a moment."), 429)
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
