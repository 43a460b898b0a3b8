"""The help board's pages, and the nurse's three steps."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from cloud.base import page_parts
from cloud.base.fragments import draw, fragment
from cloud.help import board, open_boards
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """The help board."""
    context = {"section": "help", **page_parts.of("help:board", request.user), **_requests(request.user)}
    return render(request, "help/board.html", context)


@require_GET
def part(request: DeskRequest) -> HttpResponse:
    """The requests alone."""
    return fragment(request, "help/requests.html", _requests(request.user))


@require_GET
def count(request: DeskRequest) -> HttpResponse:
    """How many wait, for the menu of every page; the page says whether it would ring (``X-Rings``)."""
    if rings := request.headers.get("X-Rings"):
        open_boards.heard(request.user, rings=rings == "1")
    return fragment(request, "help/count.html", {})


@require_POST
def take(request: DeskRequest, pk: int) -> HttpResponse:
    """I am on my way."""
    return _step(request, pk, board.take)


@require_POST
def arrive(request: DeskRequest, pk: int) -> HttpResponse:
    """I am there."""
    return _step(request, pk, board.arrive)


@require_POST
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """Done."""
    return _step(request, pk, board.close)


def _step(request: DeskRequest, pk: int, step: Callable[[int, User], None]) -> HttpResponse:
    try:
        step(pk, request.user)
    except HelpRequest.DoesNotExist:
        raise Http404 from None
    except board.TooLate as late:
        messages.warning(request, str(late))
    if not request.htmx:
        return redirect("help:board")
    answer = draw(request, "help/requests.html", _requests(request.user))
    answer.write(render_to_string("help/notices.html", request=request))
    return answer


def _requests(user: User) -> dict[str, object]:
    return {"requests": board.open_requests(user), "closed": board.closed_requests(user)[:20]}
