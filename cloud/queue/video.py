"""Upgrading from text to video at either end's request; video never becomes text again (Q5)."""

from django.db import transaction
from django.utils import timezone

from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.queue import browser_calls, line, service
from cloud.queue.browser_calls import Caller
from cloud.queue.calling import calls, hang_up
from cloud.queue.line import Refused
from cloud.queue.models import Agent, Visit


def ask(agent: Agent, visit_id: str) -> Visit:
    """Request video, or accept the customer's request; one video call at a time."""
    return service.apply(visit_id, lambda rule: line.ask_video(_free(agent, rule), "agent"))


def refuse(agent: Agent, visit_id: str) -> Visit:
    """Decline the customer's wish for video; writing goes on (Q5)."""
    return service.apply(visit_id, lambda rule: line.refuse_video(line.served_by(rule, agent.pk)))


@transaction.atomic
def call(agent: Agent, visit_id: str, page: str, offer: str) -> str:
    """Call the customer; return the call's id. A call in progress is ended."""
    visit = service.apply(visit_id, lambda rule: line.call(_free(agent, rule), agent.pk))
    if visit.call_id:
        hang_up(visit)
    caller = Caller(agent.user, page, f"{agent.display_name}, {visit.queue.name}")
    visit.call_id = _place(visit, caller, offer)
    visit.calls_placed += 1
    visit.called_at = timezone.now()
    visit.save(update_fields=["call_id", "calls_placed", "called_at"])
    if visit.contact_id:
        live_updates.line_changed(visit.contact_id)
    return visit.call_id


def _place(visit: Visit, caller: Caller, offer: str) -> str:
    if visit.contact_id:
        return browser_calls.place(visit, caller, offer)
    device = Device.objects.filter(resident=visit.resident_id).exclude(certificate_pem="").first()
    if device is None:
        raise Refused("away")
    return calls().place(device, visit.id, caller, offer)


def _free(agent: Agent, rule: line.Visit) -> line.Visit:
    """Return the visit, if it is this agent's and they have no other video call."""
    others = Visit.objects.filter(agent=agent, stage="served", way="video").exclude(id=rule.id)
    if others.exists():
        raise Refused("second-video")
    return line.served_by(rule, agent.pk)
