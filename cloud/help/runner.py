"""Runs the escalation of unanswered requests; with any number of runners each step happens once.

A step is saved before it is executed. A step left by a runner that died counts as failed after a while, so
that the next one follows; the log says that its delivery is uncertain.
"""

import logging
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from cloud.help import escalation, progress
from cloud.help.delivery import UNKNOWN, Message, deliver
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpRequest, HelpStep
from cloud.help.situation import Situation, situation_of
from cloud.notify import live_updates

log = logging.getLogger(__name__)

# Longer than any delivery takes.
LEASE = timedelta(seconds=30)
LONGEST_REASON = 300
# A rota, a board or a contact may have changed: then a step is late by so much at most.
LOOK_AGAIN = timedelta(seconds=2)

Clock = Callable[[], datetime]
# Until when nothing of a request is due, by its key.
Quiet = dict[int, datetime]
Deliver = Callable[[Message], HelpStep.Outcome]


def due(now: datetime, quiet: Quiet | None = None, under_way: Container[int] = ()) -> Iterator[int]:
    """Yield the keys of requests with a due step, or with progress to report, each as soon as it is found.

    What ``quiet`` holds, which is kept between two calls, is not looked at before its time; nor what is
    ``under_way``. Those of which nothing was reported yet come first: new ones do not wait for all others.
    """
    requests = _unanswered().select_related("organisation", "resident")
    quiet = {} if quiet is None else quiet
    waiting = sorted(requests, key=lambda each: bool(each.reported_digest))
    for pk in quiet.keys() - {each.pk for each in waiting}:
        del quiet[pk]
    for request in waiting:
        # After the clock was set back no time that was kept counts.
        is_quiet = now < quiet.get(request.pk, now) <= now + LOOK_AGAIN
        if is_quiet or request.pk in under_way:
            continue
        step = _next_step(request, situation_of(request), now)
        if (step and step.due_at <= now) or progress.unreported(request, now):
            quiet.pop(request.pk, None)
            yield request.pk
        else:
            quiet[request.pk] = min(now + LOOK_AGAIN, step.due_at) if step else now + LOOK_AGAIN


def advance(request_pk: int, clock: Clock, deliver: Deliver = deliver) -> int:
    """Execute every due step of one request and report each to the device; return how many."""
    done = 0
    progress.report(request_pk, clock())
    while (claimed := _claim(request_pk, clock())) is not None:
        outcome, reason = _try(claimed, deliver)
        _record_outcome(claimed.step, outcome, reason)
        progress.report(request_pk, clock())
        done += 1
    return done


@dataclass(frozen=True)
class _Claimed:
    """A step that only this runner executes."""

    step: HelpStep
    situation: Situation
    planned: escalation.Step


@transaction.atomic
def _claim(request_pk: int, now: datetime) -> _Claimed | None:
    request = _unanswered().select_for_update(of=("self",)).filter(pk=request_pk).first()
    if request is None:
        return None
    situation = situation_of(request)
    _give_up_lost(request, now)
    planned = _due_step(request, situation, now)
    if planned is None:
        return None
    attempt = planned.attempt
    to_partner = attempt.who == escalation.PARTNER
    step = HelpStep.objects.create(
        request=request,
        key=attempt.key,
        kind=HelpStep.Kind.PARTNER if to_partner else HelpStep.Kind.NOTIFIED,
        at=now,
        round=attempt.round,
        target=attempt.who,
        attempt=attempt.attempt,
        who=planned.name,
        way=attempt.way,
        phone=planned.phone,
        outcome=HelpStep.Outcome.TRYING,
    )
    live_updates.changed(request.organisation, live_updates.HELP)
    return _Claimed(step, situation, planned)


def _try(claimed: _Claimed, deliver: Deliver) -> tuple[HelpStep.Outcome, str]:
    try:
        return deliver(claimed.situation.message(claimed.step)), ""
    except Undeliverable as error:
        reason = str(error)
    except Exception as error:
        # Whatever fails here, the next recipient must be notified.
        log.exception("A step of the ladder failed")
        reason = type(error).__name__
    log.warning(
        "Help %s: %s could not be notified: %s", claimed.step.request_id, claimed.planned.attempt.who, reason
    )
    return HelpStep.Outcome.FAILED, reason


def _record_outcome(step: HelpStep, outcome: HelpStep.Outcome, reason: str) -> None:
    with transaction.atomic():
        mine = HelpStep.objects.filter(pk=step.pk, outcome=HelpStep.Outcome.TRYING)
        mine.update(outcome=outcome, reason=reason.replace("\0", "\ufffd")[:LONGEST_REASON])
        live_updates.changed(step.request.organisation, live_updates.HELP)


def _unanswered() -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(kind=HelpRequest.Kind.HELP, taken_at=None, closed_at=None).order_by(
        "received_at"
    )


def _due_step(request: HelpRequest, situation: Situation, now: datetime) -> escalation.Step | None:
    step = _next_step(request, situation, now)
    return step if step and step.due_at <= now else None


def _next_step(request: HelpRequest, situation: Situation, now: datetime) -> escalation.Step | None:
    """Return what comes next and when; None while a step is being executed."""
    tried = _tried(request, now)
    if tried is None:
        return None
    return escalation.next_step(situation.asked, situation.contacts, situation.partner, tried, now)


def _tried(request: HelpRequest, now: datetime) -> list[escalation.Tried] | None:
    """Return the steps of the first and the last round; None while one is being executed."""
    latest = request.steps.aggregate(round=Max("round"))["round"] or 0
    tried = []
    for row in request.steps.filter(Q(round=0) | Q(round=latest)).order_by("pk"):
        is_trying = row.outcome == HelpStep.Outcome.TRYING
        if is_trying and not _is_lost(row, now):
            return None
        succeeded = row.outcome in (HelpStep.Outcome.SENT, HelpStep.Outcome.DELIVERED)
        way: escalation.Way = row.way  # type: ignore[assignment]
        attempt = escalation.Attempt(row.round or 0, row.target, way, row.attempt)
        tried.append(escalation.Tried(attempt, row.at, succeeded))
    return tried


def _is_lost(step: HelpStep, now: datetime) -> bool:
    # If the clock was set back, a step in the future is not waited for either.
    return abs(now - step.at) >= LEASE


def _give_up_lost(request: HelpRequest, now: datetime) -> None:
    for step in request.steps.filter(outcome=HelpStep.Outcome.TRYING):
        if _is_lost(step, now):
            request.steps.filter(pk=step.pk).update(outcome=HelpStep.Outcome.FAILED, reason=UNKNOWN)
