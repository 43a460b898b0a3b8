"""Heartbeats to alarm centres over both servers, so that a failure is detected before an alarm."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from cloud.partner import outbox, scaip
from cloud.partner.models import AlarmCentre, AlarmMessage

State = AlarmMessage.State
TESTS = (scaip.TEST_PRIMARY, scaip.TEST_SECOND)
# A server that has not answered this long after it was due counts as dead.
GRACE = timedelta(minutes=2)


def put_due(now: datetime) -> int:
    """Queue the due heartbeats; return how many."""
    count = 0
    outbox.forget_old()
    for centre in AlarmCentre.objects.all():
        for server, test in zip(centre.servers, TESTS, strict=False):
            since = now - timedelta(minutes=centre.heartbeat_min)
            newest = _of(centre, test).filter(created_at__gt=since, created_at__lte=now)
            if not newest.exists():
                request = scaip.Request(
                    scaip.new_ref(), centre.controller, test, scaip.HEARTBEAT, scaip.CONTROLLER
                )
                outbox.put(centre, request, (server,))
                count += 1
    return count


def dead_servers(centre: AlarmCentre, now: datetime) -> list[str]:
    """Return the servers whose last heartbeat was not answered, or is too old."""
    since = now - timedelta(minutes=centre.heartbeat_min) - GRACE
    dead = []
    for server, test in zip(centre.servers, TESTS, strict=False):
        settled = _of(centre, test).filter(Q(state=State.RECEIVED) | Q(state=State.FAILED))
        last = settled.first()
        if last is None or last.state != State.RECEIVED or last.created_at < since:
            dead.append(server)
    return dead


def _of(centre: AlarmCentre, test: str) -> QuerySet[AlarmMessage]:
    return AlarmMessage.objects.filter(centre=centre, status=test, request=None, fault=None)
