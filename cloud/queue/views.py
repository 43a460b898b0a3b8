"""The agent's page: sign-in to queues, waiting customers, and taking the next one."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.fragments import fragment
from cloud.organisations.request import DeskRequest
from cloud.queue import agents, service
from cloud.queue.board import board_of, lines_for
from cloud.queue.forms import SignInForm
from cloud.queue.line import Refused
from cloud.queue.words import why


@require_GET
def desk(request: DeskRequest) -> HttpResponse:
    """Show the queues, and the form to sign in to them."""
    return show(request, SignInForm(user=request.user, initial=_known(request)))


@require_GET
def board(request: DeskRequest) -> HttpResponse:
    """Return the changing part as a fragment, and record a heartbeat."""
    agent = agents.agent_of(request.user)
    if agent:
        agents.seen(agent)
    current = request.GET.get("visit", "")
    context = board_of(request.user, agent, zone(), lines_for(request))
    return fragment(request, "queue/board.html", {**context, "current": current})


@require_POST
def sign_in(request: DeskRequest) -> HttpResponse:
    """Sign in to the chosen queues (Q1)."""
    form = SignInForm(request.POST, user=request.user)
    if not form.is_valid():
        return show(request, form)
    agents.sign_in(request.user, form.cleaned_data["display_name"], list(form.cleaned_data["queues"]))
    return redirect("queue:desk")


@require_POST
def sign_out(request: DeskRequest) -> HttpResponse:
    """Sign out, unless a customer of this agent is still open (Q2)."""
    agent = agents.agent_of(request.user)
    blocking = agents.sign_out(agent) if agent else []
    if not blocking:
        return redirect("queue:desk")
    return show(request, SignInForm(user=request.user), blocking=blocking)


@require_POST
def take_next(request: DeskRequest) -> HttpResponse:
    """Take the customer with the longest wait."""
    agent = agents.agent_of(request.user)
    if agent is None:
        return redirect("queue:desk")
    agents.seen(agent)
    try:
        visit = service.take_next(agent)
    except Refused as refused:
        messages.warning(request, why(refused))
        return redirect("queue:desk")
    if visit is None:
        messages.info(request, _("Nobody is waiting any more."))
        return redirect("queue:desk")
    return redirect("queue:visit", visit.pk)


def show(request: DeskRequest, form: SignInForm, **more: object) -> HttpResponse:
    """Render the agent's page without a conversation."""
    agent = agents.agent_of(request.user)
    if agent:
        agents.seen(agent)
    context = {
        "section": "queue",
        "form": form,
        **board_of(request.user, agent, zone(), lines_for(request)),
        **more,
    }
    return render(request, "queue/desk.html", context)


def zone() -> ZoneInfo:
    """Return the desk's own time zone, in which its pages show opening hours."""
    return ZoneInfo(settings.TIME_ZONE)


def _known(request: DeskRequest) -> dict[str, object]:
    known = getattr(request.user, "agent", None)
    if known is None:
        return {"display_name": request.user.first_name or request.user.username}
    return {"display_name": known.display_name, "queues": list(known.queues.all())}
