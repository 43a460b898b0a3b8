"""Calls from an agent's browser to a contact's; the desk exchanges their session descriptions."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.queue.models import BrowserCall, Visit

RINGS = timedelta(seconds=45)
CONNECTS_WITHIN = timedelta(seconds=30)
# Both pages poll at least every two seconds; after four missing polls a page counts as dead.
PATIENCE = timedelta(seconds=8)
_OVER = BrowserCall.State.ENDED


class Caller(NamedTuple):
    """The calling user, their page, and the name that the customer sees."""

    user: User
    page: str
    name: str


def place(visit: Visit, caller: Caller, offer: str) -> str:
    """Start a call, which rings at the contact's page; return its id."""
    now = timezone.now()
    call = BrowserCall.objects.create(
        id=str(uuid4()),
        visit=visit,
        user=caller.user,
        page=caller.page,
        offer=offer,
        offered_at=now,
        heard_at=now,
    )
    return call.pk


def follow(user: User, page: str, call_id: str) -> dict[str, str] | None:
    """Return the state of this page's call, and record a heartbeat."""
    mine = BrowserCall.objects.filter(pk=call_id, user=user, page=page)
    mine.exclude(state=_OVER).update(heard_at=timezone.now())
    call = mine.select_related("visit__contact").first()
    if call is None:
        return None
    name = str(call.visit.customer)
    return {"state": call.state, "answer": call.answer, "words": _words(call.why, name) if call.why else ""}


def of_customer(visit: Visit) -> BrowserCall | None:
    """Return the current call, or None."""
    return visit.browser_calls.exclude(state=_OVER).filter(pk=visit.call_id).first()


def answer(visit: Visit, call_id: str, description: str) -> None:
    """Answer with the contact's session description."""
    ringing = visit.browser_calls.filter(pk=call_id, state=BrowserCall.State.RINGING)
    ringing.update(answer=description, state=BrowserCall.State.ANSWERED)


def connected(visit: Visit, call_id: str) -> None:
    """Record that audio and video arrive at the contact's page."""
    answered = visit.browser_calls.filter(pk=call_id, state=BrowserCall.State.ANSWERED)
    answered.update(state=BrowserCall.State.CONNECTED)


def end(call_id: str, why: str) -> None:
    """End the call, if it is not over; its session descriptions are deleted."""
    going_on = BrowserCall.objects.filter(pk=call_id).exclude(state=_OVER)
    if going_on.update(state=_OVER, why=why, offer="", answer=""):
        contact = BrowserCall.objects.values_list("visit__contact", flat=True).get(pk=call_id)
        if contact:
            live_updates.line_changed(contact)


def end_due(now: datetime) -> None:
    """End calls that ring too long, or whose page is dead."""
    for call in BrowserCall.objects.exclude(state=_OVER).select_related("visit"):
        why = _why_over(call, now)
        if why:
            end(call.pk, why)


def _why_over(call: BrowserCall, now: datetime) -> str:
    seen_at = call.visit.page_seen_at
    if now - call.heard_at > PATIENCE or (seen_at and now - seen_at > PATIENCE):
        return "gone"
    if call.state == BrowserCall.State.RINGING and now - call.offered_at > RINGS:
        return "no-answer"
    is_late = now - call.offered_at > RINGS + CONNECTS_WITHIN
    return "failed" if call.state == BrowserCall.State.ANSWERED and is_late else ""


def _words(why: str, name: str) -> str:
    said = {
        "refused": _("%(name)s does not want to talk just now."),
        "no-answer": _("%(name)s did not answer."),
        "customer": _("%(name)s has hung up."),
        "caller": _("The call is over."),
        "gone": _("The connection was lost."),
    }
    return said.get(why, _("The call did not succeed. Please try again.")) % {"name": name}
