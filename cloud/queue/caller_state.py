"""The state of a relative's customer-service page, as data (Q4, Q7, Q10)."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.people.models import Contact
from cloud.queue import browser_calls
from cloud.queue.calling import calls
from cloud.queue.common import Common
from cloud.queue.estimate import Estimate
from cloud.queue.models import Queue, Visit
from cloud.queue.opening import is_open
from device.contract.queue import MOST_MESSAGES


def state_of(contact: Contact) -> dict[str, Any]:
    """Return the topics while no visit is open, and the newest visit."""
    rows = Visit.objects.filter(contact=contact).select_related("queue", "agent", "contact")
    visit = rows.order_by("number").last()
    is_choosing = visit is None or visit.stage == "ended"
    return {"topics": _topics(contact) if is_choosing else [], "visit": _visit(visit) if visit else None}


def _topics(contact: Contact) -> list[dict[str, Any]]:
    zone, now = ZoneInfo(settings.TIME_ZONE), timezone.now()
    queues = list(Queue.serving(contact.organisation))
    common = Common()
    line = common.line(queues)
    found = []
    for queue in queues:
        takes = bool(queue.ways) and is_open(queue, zone, now)
        said = _wait(common.wait(line, queue)) if takes else _("Closed just now")
        ways = queue.ways if takes else []
        found.append({"id": str(queue.pk), "name": queue.name, "ways": ways, "words": said})
    return found


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "queue": visit.queue.name,
        "stage": visit.stage,
        "way": visit.way,
        "video": visit.video,
        "agent": visit.agent.display_name if visit.agent and visit.stage != "waiting" else "",
        "title": _title(visit),
        "lines": _lines(visit),
        "rating": visit.rating,
        "messages": [
            {
                "own": message.own_number,
                "author": message.author,
                "name": message.name,
                "text": message.text,
                "at": f"{localtime(message.at):%H:%M}",
            }
            for message in reversed(visit.messages.order_by("-number")[:MOST_MESSAGES])
        ],
        "call": _call(visit),
    }


def _title(visit: Visit) -> str:
    if visit.stage == "waiting":
        return _("You are in line, place %(place)d") % {"place": Common().place(visit.queue, visit.number)}
    if visit.stage == "served" and visit.agent:
        return _("%(name)s is serving you") % {"name": visit.agent.display_name}
    return {
        "closed": _("Service is closed"),
        "away": _("You are no longer in line"),
        "left": _("You have left"),
    }.get(visit.end, _("Was it good?"))


def _lines(visit: Visit) -> list[str]:
    """Return the times of the visit, and the expected wait (Q7)."""
    joined = f"{localtime(visit.joined_at):%H:%M}"
    if visit.stage == "waiting":
        common = Common()
        said = [_wait(common.wait(common.line([visit.queue]), visit.queue, visit))]
        said.append(_("%(queue)s. In line since %(time)s") % {"queue": visit.queue.name, "time": joined})
        if visit.is_released:
            said.append(_("Somebody else will go on with you. Your place is kept."))
        return said
    if visit.stage == "ended" and visit.first_served_at and visit.ended_at:
        waited_min = round((visit.first_served_at - visit.joined_at).total_seconds() / 60)
        begun, over = (f"{localtime(at):%H:%M}" for at in (visit.first_served_at, visit.ended_at))
        return [
            _("You joined at %(time)s, and waited %(minutes)d min.")
            % {"time": joined, "minutes": waited_min},
            _("The service was from %(begun)s to %(over)s.") % {"begun": begun, "over": over},
        ]
    return []


def _wait(estimate: Estimate | None) -> str:
    """Return the wait in rounded minutes, or that it is unknown."""
    if estimate is None:
        return _("We do not know yet how long it takes.")
    if estimate.most_min is None:
        return _("The wait is more than %(least)d minutes.") % {"least": estimate.least_min}
    if estimate.least_min == 0:
        return _("The wait is at most %(most)d minutes.") % {"most": estimate.most_min}
    minutes = {"least": estimate.least_min, "most": estimate.most_min}
    return _("The wait is %(least)d to %(most)d minutes.") % minutes


def _call(visit: Visit) -> dict[str, Any] | None:
    """Return the agent's current call, with what the browser needs to answer it, or None."""
    call = browser_calls.of_customer(visit)
    if call is None:
        return None
    ringing = call.state == call.State.RINGING
    return {
        "id": call.pk,
        "state": call.state,
        "offer": call.offer if ringing else "",
        "iceServers": calls().servers(f"contact-{visit.contact_id}") if ringing else [],
    }
