"""Actions of customers and agents, each atomic, decided by the state machine."""

from collections.abc import Callable, Iterable
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from msgspec.structs import replace

from cloud.devices.models import Device
from cloud.notify import live_updates
from cloud.organisations.models import Organisation
from cloud.people.models import Contact
from cloud.queue import document, line
from cloud.queue.calling import hang_up
from cloud.queue.line import Refused
from cloud.queue.models import LONGEST_TEXT, Agent, Message, Queue, Visit
from cloud.queue.opening import is_open
from cloud.screens.zone import zone_of

MOST_WAITING = 500
MOST_TEXTS = 2_000
Who = Device | Contact
Step = Callable[[line.Visit], line.Visit]


def join(device: Device, visit_id: str, queue: Queue, way: str) -> Visit | None:
    """Join for this device's resident; return None where they have a visit already, or without a resident."""
    resident = device.resident
    if resident is None:
        return None
    visit = Visit(id=visit_id, queue=queue, resident=resident, device=device, way=way)
    return _join(visit, zone_of(resident))


def join_by_page(contact: Contact, visit_id: str, queue: Queue, way: str) -> Visit | None:
    """Join for a contact at their call page; return None where they have a visit already."""
    visit = Visit(id=visit_id, queue=queue, contact=contact, way=way, page_seen_at=timezone.now())
    return _join(visit, ZoneInfo(settings.TIME_ZONE))


def _join(visit: Visit, zone: ZoneInfo) -> Visit | None:
    """Save the visit; at a queue that is closed or full it ends at once, and the screen shows it."""
    queue, now = visit.queue, timezone.now()
    if Visit.objects.filter(id=visit.id).exists():
        return None
    is_full = Visit.objects.filter(queue=queue, stage="waiting").count() >= MOST_WAITING
    visit.joined_at = now
    if visit.way not in queue.ways or is_full or not is_open(queue, zone, now):
        visit.stage, visit.end, visit.ended_at = "ended", "closed", now
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        return None
    document.push(visit)
    announce(queue)
    return visit


@transaction.atomic
def apply(visit_id: str, step: Step, *, by: Who | None = None) -> Visit:
    """Apply one step to one visit, locked. Raises ``Refused`` and ``Visit.DoesNotExist``."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("queue__organisation", "device")
    visit = rows.get(id=visit_id, **_of(by))
    before = visit.as_rule()
    after = step(before)
    if after != before:
        visit.follow(after)
        _followed(visit, before, after)
    return visit


def take_next(agent: Agent) -> Visit | None:
    """Take the customer with the longest wait in the agent's queues, or None."""
    queues = list(agent.queues.values_list("pk", flat=True))
    in_line = Visit.objects.filter(queue__in=queues, stage="waiting")
    for _ in range(MOST_WAITING):
        if not in_line.exists():
            return None
        try:
            # Chosen in the transaction: where there is one writer, nobody else takes this customer meanwhile.
            with transaction.atomic():
                following = _following(agent, [row.as_rule() for row in in_line.all()], queues)
                return take(agent, following.id) if following else None
        except Refused as refused:
            # Another agent was faster: take the next one.
            if refused.reason not in ("taken", "ended", "away"):
                raise
    return None


def _following(agent: Agent, waiting: list[line.Visit], queues: list[int]) -> line.Visit | None:
    """Return whose turn it is. Raises ``Refused`` where all wait for video and the agent is on one."""
    following = line.next_of(waiting, queues)
    if following and following.will_be_called and _is_on_video(agent):
        # Meanwhile the first one for text; customers waiting for video keep their place.
        following = line.next_of((rule for rule in waiting if not rule.will_be_called), queues)
        if following is None:
            raise Refused("second-video")
    return following


def _is_on_video(agent: Agent) -> bool:
    return Visit.objects.filter(agent=agent, stage="served", way="video").exists()


@transaction.atomic
def take(agent: Agent, visit_id: str) -> Visit:
    """Take this customer. Raises ``Refused`` if another was faster or the agent is at the limit."""
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    visit = Visit.objects.select_related("queue").get(id=visit_id, queue__agents=agent)
    mine = Visit.objects.filter(agent=agent, stage="served")
    if not agent.is_signed_in or mine.count() >= visit.queue.most_chats:
        raise Refused("full")
    if visit.as_rule().will_be_called and _is_on_video(agent):
        raise Refused("second-video")
    return apply(visit_id, lambda rule: line.take(rule, agent.pk, timezone.now()))


def release(agent: Agent, visit_id: str) -> Visit:
    """Return the customer to their place; the screen explains it (Q6)."""
    return apply(visit_id, lambda rule: line.release(rule, agent.pk))


def remove(agent: Agent, visit_id: str) -> Visit:
    """End the visit as handled (Q6)."""
    return apply(visit_id, lambda rule: line.remove(rule, agent.pk, timezone.now()))


def transfer(agent: Agent, visit_id: str, queue: Queue) -> Visit:
    """Transfer to another queue of the same organisations; the time waited counts."""
    return apply(visit_id, lambda rule: line.transfer(rule, agent.pk, queue.pk))


def release_all(agent: Agent) -> int:
    """Return all customers of a vanished agent to their places."""
    served = list(Visit.objects.filter(agent=agent, stage="served").values_list("id", flat=True))
    for visit_id in served:
        apply(visit_id, lambda rule: line.agent_gone(rule, agent.pk))
    return len(served)


@transaction.atomic
def customer_wrote(who: Who, visit_id: str, own_number: int, text: str) -> Message | None:
    """Save a message of the customer once, however often it arrives."""
    visit = Visit.objects.select_for_update(of=("self",)).get(id=visit_id, **_of(who))
    if visit.messages.filter(own_number=own_number).exists():
        return None
    return _add(visit, "customer", str(visit.customer), text, own_number=own_number)


@transaction.atomic
def agent_wrote(agent: Agent, visit_id: str, text: str, key: str) -> Message | None:
    """Save a message of an agent once; ``key`` comes from the page."""
    visit = Visit.objects.select_for_update(of=("self",)).get(id=visit_id)
    line.release(visit.as_rule(), agent.pk)
    if visit.messages.filter(key=key).exists():
        return None
    return _add(visit, "agent", agent.display_name, text, key=key)


def _of(who: Who | None) -> dict[str, Who]:
    if who is None:
        return {}
    return {"device": who} if isinstance(who, Device) else {"contact": who}


def _add(visit: Visit, author: str, name: str, text: str, **known: object) -> Message | None:
    clean = text.replace("\0", "").strip()[:LONGEST_TEXT]
    newest = visit.messages.aggregate(newest=Max("number"))["newest"] or 0
    if not clean or newest >= MOST_TEXTS:
        return None
    message = Message(
        visit=visit, number=newest + 1, author=author, name=name[:150], text=clean, at=timezone.now(), **known
    )
    message.save(force_insert=True)
    document.push(visit)
    # No board shows messages.
    live_updates.changed(visit.queue.organisation, live_updates.VISIT, str(visit.pk))
    return message


def tell_those_in_line(queues: Iterable[Queue]) -> None:
    """Update the screens of all who wait."""
    document.push_all(Visit.objects.filter(queue__in=list(queues), stage="waiting").order_by("number"))


def _followed(visit: Visit, before: line.Visit, after: line.Visit) -> None:
    """Update the screen after a step; the others in the queue are updated by the clock."""
    if after != replace(before, away_since=after.away_since):
        document.push(visit)
    live_updates.changed(visit.queue.organisation, live_updates.VISIT, str(visit.pk))
    if before.stage == "served" and after.stage != "served" and visit.call_id:
        hang_up(visit)
    if (after.stage, after.queue) != (before.stage, before.queue):
        # Not here: a step must not wait until everybody in the queue is updated.
        Queue.objects.filter(pk__in=(before.queue, after.queue)).update(line_moved_at=timezone.now())
    for queue in Queue.objects.select_related("organisation").filter(pk__in=(before.queue, after.queue)):
        announce(queue)


def announce(queue: Queue) -> None:
    """Notify the agents' open pages, after the commit."""
    transaction.on_commit(partial(_tell, queue.organisation))


def _tell(organisation: Organisation) -> None:
    # Agents may work above or below the queue's organisation.
    live_updates.changed(organisation, live_updates.QUEUE)
