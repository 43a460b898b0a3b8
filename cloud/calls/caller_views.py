"""The caller's page and its requests; refusals are ``{"words": why}`` with their status (V10)."""

import functools
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

import msgspec
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base import ice, page_parts
from cloud.calls import (
    answering,
    caller_requests,
    ending,
    holding,
    links,
    own,
    placing,
    presence,
    stream,
    words,
)
from cloud.calls.errors import NotPlaced
from cloud.calls.models import Call, PersonalLink
from cloud.calls.page_words import page_words
from cloud.calls.state import mark_seen
from cloud.organisations import throttle
from device.contract.errors import ContractError

T = TypeVar("T")
MEDIA = "camera=(self), microphone=(self), geolocation=()"


@login_not_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the caller's page, or the sign-in page without a valid cookie."""
    link = links.of_request(request)
    if link is None:
        return render(request, "calls/door.html")
    context: dict[str, object] = {
        "contact": link.contact,
        "reasons": Call.Reason.choices,
        "words": page_words(),
    }
    context |= page_parts.of("caller:page", link.contact)
    response = render(request, "calls/page.html", context)
    response.headers["Permissions-Policy"] = MEDIA
    return response


@login_not_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in with ``{secret}``; the browser gets a cookie, or ``{words}`` with the reason."""
    try:
        secret = caller_requests.read_request(request, caller_requests.Enter).secret
    except ContractError:
        secret = ""
    where = request.META.get("REMOTE_ADDR")
    if not throttle.begin(secret, where):
        closed = _("Too many attempts have failed. Please wait 15 minutes and try again.")
        return JsonResponse({"words": closed}, status=429)
    link = links.find(secret)
    if link is None:
        gone = _("This link does not work any more. Please ask the care desk for a new one.")
        return JsonResponse({"words": gone}, status=403)
    throttle.succeeded(secret, where)
    response = HttpResponse(status=204)
    links.enter(response, link)
    # Available by default, until they choose otherwise.
    presence.choose(link.contact, "available")
    return response


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: delete the cookie."""
    response = HttpResponse(status=204)
    if own.may_call(request.user):
        own.end(request.user)  # type: ignore[arg-type]
    links.leave(response)
    return response


def asked(
    kind: type[T],
) -> Callable[[Callable[[PersonalLink, T], HttpResponse]], Callable[..., HttpResponse]]:
    """Decorator: authenticates the contact by cookie and parses the body; an invalid one is refused."""

    def decorate(view: Callable[[PersonalLink, T], HttpResponse]) -> Callable[..., HttpResponse]:
        @login_not_required
        @require_POST
        @functools.wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            link = links.of_request(request)
            if link is None:
                return JsonResponse({"words": _("Please open your personal link again.")}, status=403)
            try:
                return view(link, caller_requests.read_request(request, kind))
            except ContractError:
                return JsonResponse({"words": _("The browser has sent something unusable.")}, status=400)
            except NotPlaced as error:
                return JsonResponse({"words": _why(error.why)}, status=409)

        return answer

    return decorate


def _why(why: str) -> str:
    if why == "too-many":
        return _("These are too many calls at once. Please wait a moment.")
    return words.for_caller(why, _("The resident"), was_connected=False)


@login_not_required
@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """Stream the state of one page, identified by ``?page=``; see ``stream``."""
    link = await sync_to_async(links.of_request)(request)
    try:
        own = msgspec.convert(request.GET.get("page", ""), caller_requests.PageId)
    except msgspec.ValidationError:
        return HttpResponse("page", status=400, content_type="text/plain")
    if link is None:
        # 204 stops the browser from reconnecting; the page asks again, and gets the sign-in page.
        return HttpResponse(status=204)
    if stream.is_full(link):
        return HttpResponse("Too many open pages.", status=429, content_type="text/plain")
    return StreamingHttpResponse(
        stream.stream(link, own, get_language() or "en"),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@login_not_required
@require_GET
def servers(request: HttpRequest) -> HttpResponse:
    """Return ``{iceServers}`` for a new connection."""
    link = links.of_request(request)
    if link is None:
        return JsonResponse({"words": _("Please open your personal link again.")}, status=403)
    found = ice.ice_servers(f"contact-{link.contact_id}", timezone.now())
    return JsonResponse({"iceServers": msgspec.to_builtins(found)})


@asked(caller_requests.PlaceCalls)
def place(link: PersonalLink, wanted: caller_requests.PlaceCalls) -> HttpResponse:
    """Place calls: ``{calls: [{resident, id}]}``; the stream reports their progress."""
    offers = {each.resident: caller_requests.offer(each.offer) for each in wanted.calls}
    text = " ".join(wanted.text.replace("\0", " ").split())[:500]
    if wanted.reason and not text:
        return JsonResponse({"words": _("Please say in a few words why.")}, status=400)
    group = str(uuid4())
    placed = []
    # All or none: the page would not know which of them ring.
    with transaction.atomic():
        for resident, offer in offers.items():
            forced = {"is_forced": bool(wanted.reason), "reason": wanted.reason or "", "reason_text": text}
            one = placing.PlannedCall(resident, offer, group, **forced, again=wanted.again)  # type: ignore[arg-type]
            placed.append({"resident": resident, "id": placing.place(link, wanted.page, one).pk})
    return JsonResponse({"calls": placed})


@asked(caller_requests.Take)
def answer(link: PersonalLink, wanted: caller_requests.Take) -> HttpResponse:
    """Answer with this page; return the call's ``{id}``."""
    call = answering.answer(link, wanted.page, wanted.call, caller_requests.offer(wanted.offer))
    return JsonResponse({"id": call.pk})


@asked(caller_requests.Refuse)
def refuse(link: PersonalLink, wanted: caller_requests.Refuse) -> HttpResponse:
    """Refuse the resident's call for all pages of this contact."""
    answering.refuse(link.contact, wanted.call)
    return HttpResponse(status=204)


@asked(caller_requests.Some)
def hang_up(link: PersonalLink, wanted: caller_requests.Some) -> HttpResponse:
    """Hang up these calls of this page."""
    for call in holding.own(link, wanted.page, wanted.calls):
        ending.end(call, "caller")
    return HttpResponse(status=204)


@asked(caller_requests.Some)
def beat(link: PersonalLink, wanted: caller_requests.Some) -> HttpResponse:
    """Keep this page's calls alive: ``{on: [ids]}`` are those that are not over."""
    return JsonResponse({"on": holding.renew(link, wanted.page, wanted.calls)})


@asked(caller_requests.Seen)
def seen(link: PersonalLink, _wanted: caller_requests.Seen) -> HttpResponse:
    """Mark the contact's missed calls as seen."""
    mark_seen(link.contact)
    return HttpResponse(status=204)


@asked(caller_requests.Choose)
def choose(link: PersonalLink, wanted: caller_requests.Choose) -> HttpResponse:
    """Set the presence that residents see of this contact."""
    presence.choose(link.contact, wanted.presence)
    return HttpResponse(status=204)
