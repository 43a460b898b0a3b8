"""Timeouts of calls: rings end, limits apply, dead browsers are detected."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from cloud.calls import presence, urgent
from cloud.calls.ending import end
from cloud.calls.holding import PATIENCE
from cloud.calls.models import Call
from cloud.calls.placing import RING_LIFETIME
from cloud.devices.models import DeviceCommand

log = logging.getLogger(__name__)

# The device ends its own ringing first, and reports how.
RING_GRACE = timedelta(seconds=5)
# Time for the officer to open the page; the board rings meanwhile.
URGENT_RING = timedelta(minutes=3)
# An invitation that the device has not received by then: the link is dead, whatever the broker reports.
SILENCE = timedelta(seconds=8)
# A device that has the answerer's offer must send its own answer within this time.
ANSWER_PATIENCE = timedelta(seconds=20)
CONNECT_PATIENCE = timedelta(seconds=30)
# The device ends it first, and the browser: this is for when both fail.
LIMIT_GRACE = timedelta(seconds=5)


def sweep(now: datetime) -> None:
    """Check every open call, each in isolation, so that a failure does not block others."""
    for call in Call.objects.exclude(state=Call.State.ENDED):
        _alone(lambda call=call: _look(call, now))  # type: ignore[misc]
    _alone(lambda: presence.forget_closed(now))


def why_over(call: Call, now: datetime) -> str | None:
    """Return why this call must end now, or None."""
    return next(_reasons(call, now), None)


def _reasons(call: Call, now: datetime) -> Iterator[str]:
    if call.page and now - call.heard_at > PATIENCE:
        yield "gone"
    began = call.began_at
    if began and now - began > timedelta(minutes=call.limit_min) + LIMIT_GRACE:
        yield "limit"
    if call.state == Call.State.RINGING:
        yield from _rings_no_more(call, now)
    if call.state == Call.State.ANSWERED and call.answered_at:
        # The screen rings again where the request is an old one.
        asks = RING_LIFETIME + RING_GRACE if call.kind == Call.Kind.URGENT else ANSWER_PATIENCE
        patience = CONNECT_PATIENCE if call.answer else asks
        if now - call.answered_at > patience:
            yield "failed"


def _rings_no_more(call: Call, now: datetime) -> Iterator[str]:
    rings = now - call.offered_at
    if call.kind == Call.Kind.URGENT:
        if urgent.is_taken(call):
            yield "taken"
        if rings > URGENT_RING:
            yield "no-answer"
        return
    if rings > RING_LIFETIME + RING_GRACE:
        yield "no-answer"
    if call.has_caller and rings > SILENCE and not _has_arrived(call):
        yield "not-reachable"


def _has_arrived(call: Call) -> bool:
    commands = DeviceCommand.objects.filter(device=call.device_id, body__call_id=call.pk)
    return commands.exclude(stage="").exists()


def _look(call: Call, now: datetime) -> None:
    why = why_over(call, now)
    if why:
        # For the urgent call the device continues to wait: the board has it.
        end(
            call.pk, why, tell_device=not (call.kind == Call.Kind.URGENT and call.state == Call.State.RINGING)
        )


def _alone(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:
        log.exception("A call could not be looked after")
