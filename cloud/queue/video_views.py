"""The agent's end of video; refusals are ``{"words": why}`` with their status (Q5)."""

from typing import Annotated, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from msgspec import Meta, Struct

from cloud.organisations.request import DeskRequest
from cloud.queue import agents, calling, video
from cloud.queue.calling import calls
from cloud.queue.line import Refused
from cloud.queue.visit_views import is_mine, step, visible
from cloud.queue.words import why
from device.contract.errors import ContractError
from device.contract.wire import read

LARGEST_BYTES = 70_000
PageId = Annotated[str, Meta(pattern="^[0-9a-f-]{36}$")]
T = TypeVar("T")


class PlaceCall(Struct, frozen=True):
    """Call this customer from this page."""

    page: PageId
    offer: str


class Held(Struct, frozen=True):
    """The call of this page."""

    page: PageId
    call: Annotated[str, Meta(max_length=64)]


@require_POST
def ask(request: DeskRequest, visit: int) -> HttpResponse:
    """Request video, or accept the customer's request."""
    return step(request, visit, lambda agent, found: video.ask(agent, found.id))


@require_POST
def refuse(request: DeskRequest, visit: int) -> HttpResponse:
    """Decline video and keep writing."""
    return step(request, visit, lambda agent, found: video.refuse(agent, found.id))


@require_GET
def servers(request: DeskRequest) -> HttpResponse:
    """Return ``{iceServers}`` for a new connection."""
    return JsonResponse({"iceServers": calls().servers(f"user-{request.user.pk}")})


@require_POST
def call(request: DeskRequest, visit: int) -> HttpResponse:
    """Call; return ``{call}``, its id. ``follow`` reports its progress."""
    found, agent = visible(request, visit), agents.agent_of(request.user)
    wanted = _asked(request, PlaceCall)
    if wanted is None or not calls().is_offer(wanted.offer):
        return _unusable()
    if agent is None:
        return JsonResponse({"words": why(Refused("not-yours"))}, status=409)
    try:
        placed = video.call(agent, found.id, wanted.page, wanted.offer)
    except Refused as refused:
        return JsonResponse({"words": why(refused)}, status=409)
    return JsonResponse({"call": placed})


@require_POST
def follow(request: DeskRequest, visit: int) -> HttpResponse:
    """Return ``{state, answer, words}`` of the call, and record a heartbeat."""
    found, held = visible(request, visit), _asked(request, Held)
    if held is None:
        return _unusable()
    agent = agents.agent_of(request.user)
    if agent:
        agents.seen(agent)
    state = calling.follow(found, request.user, held.page, held.call)
    if state is None:
        return JsonResponse({"words": _("There is no such call.")}, status=404)
    return JsonResponse(state)


@require_POST
def hang_up(request: DeskRequest, visit: int) -> HttpResponse:
    """End the call at this end."""
    found, held = visible(request, visit), _asked(request, Held)
    if held is None:
        return _unusable()
    if is_mine(found, agents.agent_of(request.user)) and held.call == found.call_id:
        calling.hang_up(found)
    return HttpResponse(status=204)


def _asked(request: HttpRequest, kind: type[T]) -> T | None:
    body = request.read(LARGEST_BYTES + 1)
    try:
        asked: T = read(body, kind)
    except ContractError:
        return None
    return asked if len(body) <= LARGEST_BYTES else None


def _unusable() -> HttpResponse:
    return JsonResponse({"words": _("The browser has sent something unusable.")}, status=400)
