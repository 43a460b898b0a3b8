"""Customer service at a relative's call page: the same line and the same rules as at a screen (Q4-Q10)."""

from typing import Annotated, Literal

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from msgspec import Meta, Struct

from cloud.people.models import Contact
from cloud.queue import browser_calls, line, service
from cloud.queue.caller_state import state_of
from cloud.queue.callers import contact_of
from cloud.queue.calling import calls
from cloud.queue.line import Refused
from cloud.queue.models import LONGEST_TEXT, Queue, Visit
from cloud.queue.visit_views import MEDIA
from cloud.queue.words import caller_words
from device.contract.errors import ContractError
from device.contract.wire import read

LARGEST_BYTES = 80_000
VisitId = Annotated[str, Meta(pattern="^[0-9a-f-]{36}$")]


class Do(Struct, frozen=True):
    """One step of the customer; ``kind`` says which of the fields count."""

    kind: Literal[
        "join", "leave", "say", "video", "write", "rate", "answer", "connected", "refuse", "hang-up"
    ]
    visit: VisitId
    queue: Annotated[int, Meta(ge=1)] = 1
    way: Literal["text", "video"] = "text"
    number: Annotated[int, Meta(ge=1, le=100_000)] = 1
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    rating: Literal["good", "fair", "bad"] = "good"
    call: Annotated[str, Meta(max_length=36)] = ""
    answer: str = ""


@login_not_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The page; without a key in the browser, the way to the door."""
    contact = contact_of(request)
    if contact is None:
        return redirect("caller:page")
    response = render(request, "queue/caller.html", {"contact": contact, "words": caller_words()})
    response.headers["Permissions-Policy"] = MEDIA
    return response


@login_not_required
@require_POST
def state(request: HttpRequest) -> HttpResponse:
    """All that the page shows; asking for it says that the customer is there (Q9)."""
    contact = contact_of(request)
    if contact is None:
        return _refused(_("Please open your personal link again."), 403)
    _is_here(contact)
    return JsonResponse(state_of(contact))


@login_not_required
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """One step, and what the page shows after it; what comes too late changes nothing."""
    contact, asked = contact_of(request), _asked(request)
    if contact is None:
        return _refused(_("Please open your personal link again."), 403)
    if asked is None or (asked.kind == "answer" and not calls().is_offer(asked.answer)):
        return _refused(_("The browser has sent something unusable."), 400)
    try:
        _step(contact, asked)
    except (Refused, Visit.DoesNotExist):
        # The page sees how it is instead.
        return JsonResponse(state_of(contact))
    return JsonResponse(state_of(contact))


def _is_here(contact: Contact) -> None:
    visit = Visit.objects.filter(contact=contact).exclude(stage="ended").first()
    if visit is None:
        return
    Visit.objects.filter(pk=visit.pk).update(page_seen_at=timezone.now())
    if visit.away_since:
        service.apply(visit.id, line.come_back, by=contact)


def _step(contact: Contact, asked: Do) -> None:
    visit_id = asked.visit
    match asked.kind:
        case "join":
            queue = Queue.serving(contact.organisation).filter(pk=asked.queue).first()
            if queue:
                service.join_by_page(contact, visit_id, queue, asked.way)
        case "leave":
            service.apply(visit_id, lambda rule: line.leave(rule, timezone.now()), by=contact)
        case "say":
            service.customer_wrote(contact, visit_id, asked.number, asked.text)
        case "video" | "write":
            wants = asked.kind == "video"
            service.apply(visit_id, _ask_video if wants else line.refuse_video, by=contact)
        case "rate":
            Visit.objects.filter(id=visit_id, contact=contact, stage="ended").update(rating=asked.rating)
        case "answer" | "connected" | "refuse" | "hang-up":
            _of_call(Visit.objects.get(id=visit_id, contact=contact), asked)


def _ask_video(rule: line.Visit) -> line.Visit:
    return line.ask_video(rule, "customer")


def _of_call(visit: Visit, asked: Do) -> None:
    if asked.call != visit.call_id:
        return
    match asked.kind:
        case "answer":
            browser_calls.answer(visit, asked.call, asked.answer)
        case "connected":
            browser_calls.connected(visit, asked.call)
        case "refuse":
            browser_calls.end(asked.call, "refused")
        case "hang-up":
            browser_calls.end(asked.call, "customer")


def _asked(request: HttpRequest) -> Do | None:
    body = request.read(LARGEST_BYTES + 1)
    try:
        return read(body, Do) if len(body) <= LARGEST_BYTES else None
    except ContractError:
        return None


def _refused(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)
