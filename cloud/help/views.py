"""The help board's pages, and the nurse's actions."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cloud.base import page_parts
from cloud.base.fragments import draw, fragment, unless_seen
from cloud.base.shared_work import shared
from cloud.help import board, open_boards
from cloud.help.forms import ClosingForm
from cloud.help.models import HelpRequest
from cloud.help.shared_parts import OpenRequests, Waiting
from cloud.organisations.models import User
from cloud.organisations.request import DeskRequest


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Show the help board: open requests, longest wait first."""
    return render(request, "help/board.html", {"section": "help", **OpenRequests(request.user).context})


@require_GET
def warnings(request: DeskRequest) -> HttpResponse:
    """Return as a fragment what other domains warn of above the requests."""
    return fragment(request, "help/warnings.html", page_parts.of("help:board", request.user))


@require_GET
def part(request: DeskRequest) -> HttpResponse:
    """Return the list of requests as a fragment, drawn once for all who ask for the same at one moment."""
    key = "help:requests", request.user.paths, get_language()
    seen = shared(request, key, lambda: OpenRequests(request.user))
    if (html := seen.html_for(request.user)) is not None:
        return unless_seen(request, html)
    return fragment(request, "help/requests.html", seen.context)


@require_GET
def count(request: DeskRequest) -> HttpResponse:
    """Return the number of waiting requests for the menu; the page sends whether it rings (``X-Rings``)."""
    if rings := request.headers.get("X-Rings"):
        open_boards.heard(request.user, rings=rings == "1")
    key = "help:count", request.user.paths, get_language()
    seen = shared(request, key, lambda: Waiting(request.user))
    return unless_seen(request, seen.html_for(request.user))


@require_POST
def take(request: DeskRequest, pk: int) -> HttpResponse:
    """Assign the request to this nurse, who is on the way."""
    return _step(request, pk, board.take)


@require_POST
def arrive(request: DeskRequest, pk: int) -> HttpResponse:
    """Record that the nurse has arrived."""
    return _step(request, pk, board.arrive)


@require_POST
def take_over(request: DeskRequest, pk: int) -> HttpResponse:
    """Take the request over from another nurse."""
    return _step(request, pk, board.take_over)


@require_POST
def give_back(request: DeskRequest, pk: int) -> HttpResponse:
    """Return the request: the nurse cannot come."""
    return _step(request, pk, board.give_back)


@require_POST
def reopen(request: DeskRequest, pk: int) -> HttpResponse:
    """Reopen a closed request; the device's screen follows."""
    return _step(request, pk, board.reopen)


@require_POST
def door(request: DeskRequest, pk: int) -> HttpResponse:
    """Show as a fragment how to get in while the request is open, and record who was shown it."""
    entry = get_object_or_404(board.open_requests(request.user), pk=pk)
    home = getattr(entry.resident, "home", None)
    if home is None or not home.opens:
        raise Http404
    board.show_door(entry, request.user)
    return fragment(request, "help/door.html", {"home": home})


@require_http_methods(["GET", "POST"])
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask for the outcome, and close the request."""
    entry = get_object_or_404(board.every_request(request.user), pk=pk)
    form = ClosingForm(request.POST or None)
    if entry.closed_at:
        messages.warning(request, str(board.closed_already(entry)))
        return redirect("help:board")
    if request.method == "POST" and form.is_valid():
        return _step(request, pk, partial(board.close, **form.cleaned_data))
    return render(request, "help/close.html", {"section": "help", "entry": entry, "form": form})


def _step(request: DeskRequest, pk: int, step: Callable[[int, User], None]) -> HttpResponse:
    try:
        step(pk, request.user)
    except HelpRequest.DoesNotExist:
        raise Http404 from None
    except board.TooLate as late:
        messages.warning(request, str(late))
    if not request.htmx:
        return redirect("help:board")
    answer = draw(request, "help/requests.html", OpenRequests(request.user).context)
    answer.write(render_to_string("help/notices.html", request=request))
    return answer
