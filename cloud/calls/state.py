"""The complete state of a caller's page, as data: each update contains everything."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.base.templatetags.desk import initials
from cloud.calls import call_permissions, looked_in, presence, words
from cloud.calls.models import Call, Invitee, PersonalLink
from cloud.notify import live_updates
from cloud.people.models import Contact
from cloud.screens.zone import zone_of

# How long a page shows why its call ended.
REMEMBERED = timedelta(minutes=2)
MISSED_SHOWN = timedelta(days=14)
MOST_MISSED = 10


def state(link: PersonalLink, page: str) -> dict[str, Any]:
    """Return the state for one page of one contact, in the current language."""
    contact = Contact.objects.get(pk=link.contact_id)
    calls = [_call(call, page) for call in _own(contact, page)]
    callable_now = call_permissions.callable_residents(contact)
    missed = missed_by(contact, callable_now).order_by("-call__offered_at")[:MOST_MISSED]
    return {
        "name": str(contact),
        "presence": contact.presence,
        "shown": presence.presences([contact])[contact.pk],
        "residents": [_callable(each) for each in callable_now],
        "calls": calls,
        "incoming": [_incoming(invitee.call) for invitee in _ringing(contact)],
        "missed": [_missed(invitee.call) for invitee in missed],
        "looked_in": looked_in.for_relative(contact, [each.resident for each in callable_now]),
    }


def missed_by(contact: Contact, callable_now: list[call_permissions.CallableResident]) -> QuerySet[Invitee]:
    """Return missed calls that the contact has not seen, from residents they may still call."""
    in_vain = (Invitee.Outcome.MISSED, Invitee.Outcome.NOT_REACHABLE, Invitee.Outcome.BUSY)
    rows = Invitee.objects.filter(contact=contact, seen_at=None, outcome__in=in_vain)
    rows = rows.filter(
        call__state=Call.State.ENDED,
        call__answered_at=None,
        call__offered_at__gt=timezone.now() - MISSED_SHOWN,
        call__resident__in=[each.resident.pk for each in callable_now],
    )
    return rows.select_related("call__resident")


def mark_seen(contact: Contact) -> None:
    """Mark the contact's missed calls as seen."""
    missed = missed_by(contact, call_permissions.callable_residents(contact)).values_list("pk", flat=True)
    Invitee.objects.filter(pk__in=list(missed)).update(seen_at=timezone.now())
    live_updates.call_changed(contact.pk)


def _missed(call: Call) -> dict[str, Any]:
    at = localtime(call.offered_at, zone_of(call.resident))
    day = date_format(at, "SHORT_DATE_FORMAT")
    return {
        "id": call.pk,
        "name": str(call.resident),
        "initials": initials(call.resident),
        "words": _("called you %(day)s at %(time)s") % {"day": day, "time": at.strftime("%H:%M")},
    }


def _callable(each: call_permissions.CallableResident) -> dict[str, Any]:
    said = {
        "ready": _("can be reached"),
        "in-call": _("in another call"),
        "not-reachable": _("cannot be reached now"),
        "not-in-use": _("the screen is not in use"),
    }
    return {
        "id": each.resident.pk,
        "name": str(each.resident),
        "initials": initials(each.resident),
        "reach": each.reach,
        "words": said[each.reach],
        "may_force": each.may_force,
    }


def _own(contact: Contact, page: str) -> list[Call]:
    """Return current calls, and those of this page that have just ended."""
    ended = Q(state=Call.State.ENDED, page=page, ended_at__gt=timezone.now() - REMEMBERED)
    rows = Call.objects.filter(contact=contact).filter(~Q(state=Call.State.ENDED) | ended)
    return list(rows.select_related("resident").order_by("offered_at", "pk"))


def _call(call: Call, page: str) -> dict[str, Any]:
    name = str(call.resident)
    is_here = call.page == page
    return {
        "id": call.pk,
        "group": call.group,
        "resident": call.resident_id,
        "name": name,
        "kind": call.kind,
        "state": call.state,
        "here": is_here,
        "answer": call.answer if is_here else "",
        "ends_at": _ends_at(call).isoformat() if _ends_at(call) else None,  # type: ignore[union-attr]
        "words": words.for_caller(call.why, name, was_connected=bool(call.answered_at)) if call.why else "",
    }


def _ends_at(call: Call) -> datetime | None:
    began = call.began_at
    return began + timedelta(minutes=call.limit_min) if began else None


def _ringing(contact: Contact) -> list[Invitee]:
    rows = Invitee.objects.filter(
        contact=contact, outcome=Invitee.Outcome.RINGING, call__state=Call.State.RINGING
    )
    return list(rows.select_related("call__resident").order_by("call__offered_at"))


def _incoming(call: Call) -> dict[str, Any]:
    is_urgent = call.kind == Call.Kind.URGENT
    name = str(call.resident)
    asked = _("%(name)s asks for an urgent call") if is_urgent else _("%(name)s calls you")
    return {
        "id": call.pk,
        "name": name,
        "initials": initials(call.resident),
        "urgent": is_urgent,
        "words": asked % {"name": name},
    }
