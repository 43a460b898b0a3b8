"""One customer: the conversation, and actions on the visit."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.fragments import draw, fragment
from cloud.devices.health import open_faults
from cloud.organisations.request import DeskRequest
from cloud.people.photo_views import photo_of
from cloud.queue import agents, service
from cloud.queue.board import board_of, lines_for, queues_for
from cloud.queue.line import Refused
from cloud.queue.models import LONGEST_TEXT, Agent, Queue, Visit
from cloud.queue.views import zone
from cloud.queue.words import video_words, why

MOST_SHOWN = 200
MEDIA = "camera=(self), microphone=(self), geolocation=()"


class SayForm(forms.Form):
    """A message of the agent, with a key against duplicates."""

    text = forms.CharField(max_length=LONGEST_TEXT)
    key = forms.CharField(max_length=64)


@require_GET
def visit(request: DeskRequest, visit: int) -> HttpResponse:
    """Show the agent's page with this conversation."""
    found, agent = visible(request, visit), agents.agent_of(request.user)
    lines = lines_for(request)
    context = {
        "section": "queue",
        "visit": found,
        "current": str(found.pk),
        "is_mine": is_mine(found, agent),
        "faults": open_faults(found.device) if found.device else [],
        "may_call": found.way == "video",
        "video_words": video_words(str(found.customer)),
        "templates": _templates(found, agent),
        "others": [queue for queue in lines.queues if queue.pk != found.queue_id],
        **board_of(request.user, agent, zone(), lines),
        **_messages(found),
    }
    response = render(request, "queue/visit.html", context)
    response.headers["Permissions-Policy"] = MEDIA
    return response


@require_GET
def photo(request: DeskRequest, visit: int) -> HttpResponse:
    """Serve the photo of a customer in line, to agents of their queue."""
    return photo_of(visible(request, visit).customer)


@require_GET
def messages_part(request: DeskRequest, visit: int) -> HttpResponse:
    """Return the messages as a fragment."""
    found = visible(request, visit)
    return fragment(request, "queue/messages.html", {"visit": found, **_messages(found)})


@require_POST
def take(request: DeskRequest, visit: int) -> HttpResponse:
    """Take this customer, at any place in the queue."""
    return step(request, visit, lambda agent, found: service.take(agent, found.id))


@require_POST
def release(request: DeskRequest, visit: int) -> HttpResponse:
    """Return the customer to their place for another agent."""
    return step(request, visit, lambda agent, found: service.release(agent, found.id))


@require_POST
def remove(request: DeskRequest, visit: int) -> HttpResponse:
    """End the visit as handled."""
    return step(request, visit, lambda agent, found: service.remove(agent, found.id))


@require_POST
def transfer(request: DeskRequest, visit: int) -> HttpResponse:
    """Transfer the customer to another queue."""
    visible(request, visit)
    chosen = request.POST.get("queue", "")
    queue = next((queue for queue in queues_for(request.user) if str(queue.pk) == chosen), None)
    if queue is None:
        messages.warning(request, _("There is no such queue."))
        return redirect("queue:visit", visit)
    onward: Queue = queue
    return step(request, visit, lambda agent, found: service.transfer(agent, found.id, onward))


@require_POST
def say(request: DeskRequest, visit: int) -> HttpResponse:
    """Send a message to the customer."""
    found, agent, form = visible(request, visit), agents.agent_of(request.user), SayForm(request.POST)
    wrong = "" if form.is_valid() else _("A message has at most 2000 characters.")
    if not wrong:
        wrong = _said(agent, found, form)
    if not request.htmx:
        if wrong:
            messages.warning(request, wrong)
        return redirect("queue:visit", visit)
    if wrong:
        return HttpResponse(wrong, status=409, content_type="text/plain; charset=utf-8")
    return draw(request, "queue/messages.html", {"visit": found, **_messages(found)})


@require_POST
def notes(request: DeskRequest, visit: int) -> HttpResponse:
    """Edit the agents' internal notes about this visit."""
    found = visible(request, visit)
    found.notes = request.POST.get("notes", "").replace("\0", "").strip()[:2000]
    found.save(update_fields=["notes"])
    messages.success(request, _("Saved."))
    return redirect("queue:visit", visit)


def _said(agent: Agent | None, visit: Visit, form: SayForm) -> str:
    """Save the agent's message; return an error text, or nothing."""
    if agent is None:
        return why(Refused("not-yours"))
    try:
        service.agent_wrote(agent, visit.id, form.cleaned_data["text"], form.cleaned_data["key"])
    except Refused as refused:
        return why(refused)
    return ""


def step(request: DeskRequest, pk: int, take_step: Callable[[Agent, Visit], Visit]) -> HttpResponse:
    """Apply one step of the signed-in agent; a step that is no longer possible shows an error."""
    found, agent = visible(request, pk), agents.agent_of(request.user)
    if agent is None:
        return redirect("queue:desk")
    agents.seen(agent)
    try:
        after = take_step(agent, found)
    except Refused as refused:
        messages.warning(request, why(refused))
        return redirect("queue:desk")
    except Visit.DoesNotExist:
        messages.warning(request, _("You are not signed in to this customer's queue."))
        return redirect("queue:desk")
    return redirect("queue:visit", pk) if after.stage == "served" else redirect("queue:desk")


def visible(request: DeskRequest, pk: int) -> Visit:
    """Return a visit of a queue that this user may serve, or 404."""
    related = Visit.objects.visible_to(request.user).select_related(
        "queue", "agent", "resident__view", "resident__organisation", "contact__organisation", "device"
    )
    return get_object_or_404(related, pk=pk)


def is_mine(visit: Visit, agent: Agent | None) -> bool:
    """Return whether this agent serves the customer now."""
    return agent is not None and visit.stage == "served" and visit.agent_id == agent.pk


def _templates(visit: Visit, agent: Agent | None) -> list[tuple[str, str]]:
    """Return the queue's templates with fields filled in; unknown braces stay."""
    fields = {
        "{customer}": str(visit.customer),
        "{agent}": agent.display_name if agent else "",
        "{queue}": visit.queue.name,
    }
    filled = []
    for template in visit.queue.templates.all():
        text = template.text
        for field, value in fields.items():
            text = text.replace(field, value)
        filled.append((template.title, text))
    return filled


def _messages(visit: Visit) -> dict[str, object]:
    newest = list(visit.messages.order_by("-number")[:MOST_SHOWN])
    return {"texts": newest[::-1]}
