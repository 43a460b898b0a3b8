"""Calls by agents of customer service to the resident they serve (Q5)."""

from typing import Any, Protocol

import msgspec
from django.db import transaction
from django.utils import timezone

from cloud.base.ice import ice_servers
from cloud.calls import ending, sdp, settings, words
from cloud.calls.errors import NotADescription
from cloud.calls.models import Call
from cloud.calls.placing import RING_LIFETIME
from cloud.devices import commands
from cloud.devices.models import Device
from cloud.organisations.models import User
from device.contract.commands import ServiceCall
from device.contract.identity import new_id


class Caller(Protocol):
    """The calling user, their page, and the name that the resident sees."""

    @property
    def user(self) -> User:
        """Return the signed-in user whose call it is."""

    @property
    def page(self) -> str:
        """Return the id of the page that has this end of the call."""

    @property
    def name(self) -> str:
        """Return the names of agent and queue."""


def is_offer(text: str) -> bool:
    """Return whether it is a session description that a device could answer."""
    try:
        sdp.checked(text)
    except NotADescription:
        return False
    return True


def servers(who: str) -> list[Any]:
    """Return STUN and TURN servers for a new connection, in a browser's format."""
    found: list[Any] = msgspec.to_builtins(ice_servers(who, timezone.now()))
    return found


@transaction.atomic
def place(device: Device, visit_id: str, agent: Caller, offer: str) -> str:
    """Place a call and return its id, even if it ended at once; the device checks the visit."""
    now, resident = timezone.now(), device.resident
    if resident is None:
        raise ValueError("a device without a resident has no visit")
    call = Call(
        id=new_id(now),
        kind=Call.Kind.SERVICE,
        organisation=resident.organisation,
        resident=resident,
        device=device,
        user=agent.user,
        page=agent.page,
        offered_at=now,
        limit_min=settings.limit_min(resident),
        heard_at=now,
    )
    call.group = call.pk
    if not device.online:
        call.state, call.why, call.ended_at = Call.State.ENDED, "not-reachable", now
    call.save(force_insert=True)
    if call.is_open:
        body = ServiceCall(
            call_id=call.pk,
            visit_id=visit_id,
            name=agent.name[:150],
            offer=offer,
            ice_servers=ice_servers(device.pk, now),
            limit_min=call.limit_min,
        )
        commands.issue(device, body, by=None, lifetime=RING_LIFETIME)
    return call.pk


def follow(user: User, page: str, call_id: str) -> dict[str, str] | None:
    """Return the state of this page's call, and record a heartbeat. None for another page's call."""
    mine = Call.objects.filter(pk=call_id, user=user, page=page)
    mine.exclude(state=Call.State.ENDED).update(heard_at=timezone.now())
    call = mine.select_related("resident").first()
    if call is None:
        return None
    why = (
        words.for_caller(call.why, str(call.resident), was_connected=bool(call.answered_at))
        if call.why
        else ""
    )
    return {"state": call.state, "answer": call.answer, "words": why}


def hang_up(call_id: str) -> None:
    """End the call at the agent's end, if it is not over yet."""
    ending.end(call_id, "caller")
