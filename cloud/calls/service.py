"""An agent of customer service calls the resident whom they serve; their page asks how it goes on (Q5)."""

from typing import Any, Protocol

import msgspec
from django.db import transaction
from django.utils import timezone

from cloud.calls import ending, sdp, settings, words
from cloud.calls.errors import NotADescription
from cloud.calls.ice import ice_servers
from cloud.calls.models import Call
from cloud.calls.placing import RING_LIFETIME
from cloud.devices import commands
from cloud.devices.models import Device
from cloud.organisations.models import User
from device.contract.commands import ServiceCall
from device.contract.identity import new_id


class Caller(Protocol):
    """Who calls: the user, the page that holds this end, and the name that the resident sees."""

    @property
    def user(self) -> User:
        """Signed in at the desk."""

    @property
    def page(self) -> str:
        """The page's own id."""

    @property
    def name(self) -> str:
        """The agent, and their queue."""


def is_offer(text: str) -> bool:
    """Whether it is a session description that a device could answer."""
    try:
        sdp.checked(text)
    except NotADescription:
        return False
    return True


def servers(who: str) -> list[Any]:
    """STUN and TURN for one end of a connection that begins now, as a browser wants them."""
    found: list[Any] = msgspec.to_builtins(ice_servers(who, timezone.now()))
    return found


@transaction.atomic
def place(device: Device, visit_id: str, agent: Caller, offer: str) -> str:
    """The id of the call as it begins, or as it ended at once; the device knows the visit, and decides."""
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
    """How this page's own call is doing; asking says that the page lives. None for any other."""
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
    """It is over at the agent's end, if it is not over yet."""
    ending.end(call_id, "caller")
