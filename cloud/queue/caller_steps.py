"""A relative's actions at their customer-service page."""

from typing import Annotated, Literal

from django.utils import timezone
from msgspec import Meta, Struct

from cloud.people.models import Contact
from cloud.queue import browser_calls, line, service
from cloud.queue.line import Refused
from cloud.queue.models import LONGEST_TEXT, Queue, Visit

VisitId = Annotated[str, Meta(pattern="^[0-9a-f-]{36}$")]


class Do(Struct, frozen=True):
    """One action; ``kind`` determines which fields are used."""

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


def is_here(contact: Contact) -> None:
    """Record a heartbeat of the contact's page (Q9)."""
    visit = Visit.objects.filter(contact=contact).exclude(stage="ended").first()
    if visit is None:
        return
    Visit.objects.filter(pk=visit.pk).update(page_seen_at=timezone.now())
    if visit.away_since:
        service.apply(visit.id, line.come_back, by=contact)


def step(contact: Contact, asked: Do) -> None:
    """Apply the action; a late one is ignored, and the page shows the current state."""
    try:
        _step(contact, asked)
    except (Refused, Visit.DoesNotExist):
        return


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
