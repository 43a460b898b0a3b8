"""What customers and agents do, each step whole or not at all, decided by the line's rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from msgspec.structs import replace

from cloud.devices.models import Device
from cloud.notify import nudge
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
    """The resident of this device joins; None where they are in a line already or nobody lives there."""
    resident = device.resident
    if resident is None:
        return None
    visit = Visit(id=visit_id, queue=queue, resident=resident, device=device, way=way)
    return _join(visit, zone_of(resident))


def join_by_page(contact: Contact, visit_id: str, queue: Queue, way: str) -> Visit | None:
    """A contact joins from their call page; None where they are in a line already."""
    visit = Visit(id=visit_id, queue=queue, contact=contact, way=way, page_seen_at=timezone.now())
    return _join(visit, ZoneInfo(settings.TIME_ZONE))


def _join(visit: Visit, zone: ZoneInfo) -> Visit | None:
    """A visit to a queue that takes nobody is over at once, and the screen says so."""
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
    changed(visit)
    return visit


@transaction.atomic
def apply(visit_id: str, step: Step, *, by: Who | None = None) -> Visit:
    """One step of one visit, for this transaction alone. Raises ``Refused`` and ``Visit.DoesNotExist``."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("queue__organisation", "device")
    visit = rows.get(id=visit_id, **_of(by))
    before = visit.as_rule()
    after = step(before)
    if after != before:
        visit.follow(after)
        _followed(visit, before, after)
    return visit


def waiting_in(queues: Iterable[Queue]) -> dict[int, list[Visit]]:
    """Who waits, by queue, whoever has waited longest first, with one question to the database."""
    found: dict[int, list[Visit]] = defaultdict(list)
    rows = Visit.objects.filter(queue__in=queues, stage="waiting").order_by("number")
    for visit in rows.select_related("resident__view", "contact", "device"):
        found[visit.queue_id].append(visit)
    return found


def take_next(agent: Agent) -> Visit | None:
    """The customer who has waited longest in the agent's queues, or None where nobody waits."""
    queues = list(agent.queues.values_list("pk", flat=True))
    for _ in range(MOST_WAITING):
        waiting = [row.as_rule() for row in Visit.objects.filter(queue__in=queues, stage="waiting")]
        following = line.next_of(waiting, queues)
        if following and following.will_be_called and _is_on_video(agent):
            # The first who can be served meanwhile by text; whoever waits for a picture is not lost sight of.
            following = line.next_of((rule for rule in waiting if not rule.will_be_called), queues)
            if following is None:
                raise Refused("second-video")
        if following is None:
            return None
        try:
            return take(agent, following.id)
        except Refused as refused:
            # Another agent was faster: the next one is ours.
            if refused.reason not in ("taken", "ended", "away"):
                raise
    return None


def _is_on_video(agent: Agent) -> bool:
    return Visit.objects.filter(agent=agent, stage="served", way="video").exists()


@transaction.atomic
def take(agent: Agent, visit_id: str) -> Visit:
    """This customer is the agent's, unless another was faster or the agent's hands are full."""
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    visit = Visit.objects.select_related("queue").get(id=visit_id, queue__agents=agent)
    mine = Visit.objects.filter(agent=agent, stage="served")
    if not agent.is_signed_in or mine.count() >= visit.queue.most_chats:
        raise Refused("full")
    if visit.as_rule().will_be_called and _is_on_video(agent):
        raise Refused("second-video")
    return apply(visit_id, lambda rule: line.take(rule, agent.pk, timezone.now()))


def release(agent: Agent, visit_id: str) -> Visit:
    """Back in line with the place kept; the screen says so kindly (Q6)."""
    return apply(visit_id, lambda rule: line.release(rule, agent.pk))


def remove(agent: Agent, visit_id: str) -> Visit:
    """Done (Q6)."""
    return apply(visit_id, lambda rule: line.remove(rule, agent.pk, timezone.now()))


def transfer(agent: Agent, visit_id: str, queue: Queue) -> Visit:
    """Goes on in another queue of the same organisations; the time waited counts there."""
    return apply(visit_id, lambda rule: line.transfer(rule, agent.pk, queue.pk))


def release_all(agent: Agent) -> int:
    """The agent's page has died: all their customers wait again, in their places."""
    served = list(Visit.objects.filter(agent=agent, stage="served").values_list("id", flat=True))
    for visit_id in served:
        apply(visit_id, lambda rule: line.agent_gone(rule, agent.pk))
    return len(served)


@transaction.atomic
def customer_wrote(who: Who, visit_id: str, own_number: int, text: str) -> Message | None:
    """Keep a message of the customer once, however often it comes."""
    visit = Visit.objects.select_for_update(of=("self",)).get(id=visit_id, **_of(who))
    if visit.messages.filter(own_number=own_number).exists():
        return None
    return _add(visit, "customer", str(visit.customer), text, own_number=own_number)


@transaction.atomic
def agent_wrote(agent: Agent, visit_id: str, text: str, key: str) -> Message | None:
    """Keep a message of an agent once; ``key`` is what the page gave it."""
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
    changed(visit)
    return message


def changed(visit: Visit) -> None:
    """Bring the customer's screen and the agents' pages up to date."""
    document.push(visit)
    announce(visit.queue)


def tell_those_in_line(queue: Queue) -> None:
    """Bring the screens of all who wait here up to date, each in a transaction of its own."""
    for visit in Visit.objects.filter(queue=queue, stage="waiting").order_by("number"):
        document.push(visit)


def _followed(visit: Visit, before: line.Visit, after: line.Visit) -> None:
    """The step was saved: the screen is told what it shows of it, and those in line by the clock."""
    if after != replace(before, away_since=after.away_since):
        document.push(visit)
    if before.stage == "served" and after.stage != "served" and visit.call_id:
        hang_up(visit)
    if (after.stage, after.queue) != (before.stage, before.queue):
        # Not here: nobody's step waits until everybody in line has been told.
        Queue.objects.filter(pk__in=(before.queue, after.queue)).update(line_moved_at=timezone.now())
    for queue in Queue.objects.select_related("organisation").filter(pk__in=(before.queue, after.queue)):
        announce(queue)


def announce(queue: Queue) -> None:
    """Let the agents' open pages look again, after the commit."""
    transaction.on_commit(partial(_tell, queue.organisation))


def _tell(organisation: Organisation) -> None:
    # Whoever serves may work above or below the queue's organisation.
    nudge.changed(organisation, nudge.QUEUE)
