"""A table in a browser: page and requests; refusals are ``{"words": why}`` with their status."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from msgspec import Meta, Struct, to_builtins

from cloud.base.ice import daily_ice_servers
from cloud.cafe import people, seating, table_stream
from cloud.cafe.page_words import page_words
from cloud.cafe.people import Visitor
from device.contract.errors import ContractError
from device.contract.values import Identifier
from device.contract.wire import read

MEDIA = "camera=(self), microphone=(self), geolocation=()"
# The maximum of one Janus request, less the fields around it.
LARGEST_SDP = 7_000
LARGEST_BYTES = 20_000
Sdp = Annotated[str, Meta(max_length=LARGEST_SDP)]
Find = Callable[[HttpRequest], Visitor | None]


class SitDown(Struct, frozen=True):
    """Join a table, or reconnect to the same seat after a lost connection."""

    seat: Identifier
    room: Annotated[str, Meta(max_length=64)]
    sound: Annotated[str, Meta(min_length=1, max_length=LARGEST_SDP)]
    picture: Sdp = ""
    listens: bool = False


class Do(Struct, frozen=True):
    """Any other action; ``person`` is the participant that a host chose."""

    seat: Identifier
    kind: Literal["answer", "leave", "still", "speak", "mute", "show-out", "end"]
    answer: Sdp = ""
    person: Annotated[str, Meta(max_length=32)] | None = None


_HOSTS_ALONE = ("mute", "show-out", "end")


def _page(request: HttpRequest, find: Find, room: str) -> HttpResponse:
    visitor = find(request)
    found = visitor.room(room) if visitor else None
    if visitor is None:
        raise Http404
    if found is None:
        return _closed(request, visitor)
    context = {
        "room": found,
        "hosts": visitor.may_host(found),
        "words": page_words(),
        "section": "cafe",
        "only_hosts_speak": found.only_hosts_speak,
        "back": visitor.page,
        "servers": to_builtins(daily_ice_servers("table-browser", timezone.now())),
    }
    response = render(request, "cafe/table.html", context)
    response.headers["Permissions-Policy"] = MEDIA
    return response


def _closed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A relative whose café is closed reads so; no room is said to exist otherwise."""
    if not visitor.is_admitted:
        raise Http404
    return render(request, "cafe/closed.html", {"back": visitor.page})


def _sit_down(request: HttpRequest, find: Find) -> HttpResponse:
    visitor = find(request)
    asked = _read(request, SitDown)
    room = visitor.room(asked.room) if visitor and asked else None
    if visitor is None or asked is None or room is None:
        return _refused(_("This table is not open to you now."), 409)
    try:
        seating.sit_down(
            asked.seat,
            room,
            seating.Arrival(
                who=visitor.who,
                offers={"sound": asked.sound, "picture": asked.picture},
                is_host=visitor.may_host(room),
                listens=asked.listens,
            ),
        )
    except (PermissionError, seating.TooMany):
        return _refused(_("This table is not open to you now."), 409)
    return HttpResponse(status=204)


def _do(request: HttpRequest, find: Find) -> HttpResponse:
    visitor = find(request)
    asked = _read(request, Do)
    seat = visitor.seat(asked.seat) if visitor and asked else None
    if visitor is None or asked is None or seat is None:
        return _refused(_("You are not at this table any more."), 409)
    if asked.kind in _HOSTS_ALONE and not seat.is_host:
        return _refused(_("Only a host may do this."), 403)
    body: dict[str, Any] = {"answer": asked.answer} if asked.kind == "answer" else {"person": asked.person}
    try:
        seating.ask(seat, asked.kind, body)
    except seating.TooMany:
        return _refused(_("That was too fast. Wait a moment."), 429)
    return HttpResponse(status=204)


async def _live(request: HttpRequest, find: Find) -> HttpResponseBase:
    visitor = await sync_to_async(find)(request)
    seat = await sync_to_async(visitor.seat)(request.GET.get("seat", "")[:64]) if visitor else None
    if seat is None:
        return HttpResponse(status=204)
    response = StreamingHttpResponse(table_stream.stream(seat.pk), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _read(request: HttpRequest, kind: type[Any]) -> Any:
    body = request.read(LARGEST_BYTES + 1)
    try:
        return read(body, kind) if len(body) <= LARGEST_BYTES else None
    except (ContractError, msgspec.MsgspecError):
        return None


def _refused(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)


@require_GET
def desk_page(request: HttpRequest, room: str) -> HttpResponse:
    """Show the table to a user of the desk, with a host's actions."""
    return _page(request, people.desk_user, room)


@require_POST
def desk_sit_down(request: HttpRequest) -> HttpResponse:
    """Seat a user of the desk."""
    return _sit_down(request, people.desk_user)


@require_POST
def desk_do(request: HttpRequest) -> HttpResponse:
    """Handle an action of a user of the desk."""
    return _do(request, people.desk_user)


@require_GET
async def desk_live(request: HttpRequest) -> HttpResponseBase:
    """Stream the table's messages to a user of the desk."""
    return await _live(request, people.desk_user)


@login_not_required
@require_GET
def caller_page(request: HttpRequest) -> HttpResponse:
    """Show the table to a relative."""
    return _page(request, people.caller, "")


@login_not_required
@require_POST
def caller_sit_down(request: HttpRequest) -> HttpResponse:
    """Seat a relative, who is identified by the personal link's cookie."""
    return _sit_down(request, people.caller)


@login_not_required
@require_POST
def caller_do(request: HttpRequest) -> HttpResponse:
    """Handle an action of a relative."""
    return _do(request, people.caller)


@login_not_required
@require_GET
async def caller_live(request: HttpRequest) -> HttpResponseBase:
    """Stream the table's messages to a relative."""
    return await _live(request, people.caller)
