"""Notifies people, one by one, of an unconfirmed reminder, and all of them once it is confirmed (K6).

A step and its message are saved in one transaction: the delivery outbox sends and retries the message, and
its outcome decides when the next person is notified.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Letter
from cloud.messages import ladder
from cloud.messages.models import ConfirmationStep, Message
from cloud.messages.recipients import people_of
from cloud.notices.recipients import Somebody
from cloud.screens.models import ResidentView

# Older unconfirmed reminders are not escalated any more.
STALE = timedelta(days=1)
CLOSED = "closed"
ABOUT = "reminder-unconfirmed"
NOT_SENT = (Delivery.State.FAILED, Delivery.State.EXPIRED, Delivery.State.CANCELLED)


def unconfirmed(now: datetime) -> QuerySet[Message]:
    """Return reminders not confirmed in time whose escalation has not ended."""
    at_desk = ConfirmationStep.objects.filter(message=OuterRef("pk"), key=ladder.DESK)
    rows = Message.objects.filter(
        asks_confirmation=True, state__in=Message.OPEN, until__lte=now, until__gt=now - STALE
    )
    return rows.filter(~Exists(at_desk)).order_by("until")


def advance(message: Message, now: datetime) -> int:
    """Execute every due step; return how many."""
    done = 0
    while _take_step(message.pk, now):
        done += 1
    return done


def _take_step(pk: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            # A confirmation arriving now waits for this lock, or this sees it.
            rows = Message.objects.select_for_update(of=("self",)).select_related("resident__organisation")
            message = rows.filter(pk=pk, state__in=Message.OPEN).first()
            if message is None:
                return False
            people = {each.key: each for each in people_of(message, now)}
            step = ladder.next_step(message.until, list(people), _notified(message), now)
            if step is None or step.due_at > now:
                return False
            _tell(message, step.key, people.get(step.key), now)
            return True
    except IntegrityError:
        return False


def _notified(message: Message) -> list[ladder.Notified]:
    rows = message.steps.select_related("delivery")
    return [
        ladder.Notified(row.key, row.at, row.delivery is not None and row.delivery.state in NOT_SENT)
        for row in rows
    ]


def _tell(message: Message, key: str, who: Somebody | None, now: datetime) -> None:
    delivery = _put(message, who, f"unconfirmed-{message.pk}-{key}", _not_confirmed) if who else None
    name = who.name if who else ""
    ConfirmationStep.objects.create(message=message, key=key, who=name, at=now, delivery=delivery)


def close_answered(now: datetime) -> None:
    """Notify those who were notified that the reminder is confirmed; cancel unsent notifications."""
    steps = ConfirmationStep.objects.filter(at__gt=now - 2 * STALE, delivery__isnull=False)
    closed = ConfirmationStep.objects.filter(message=OuterRef("message"), key=CLOSED)
    answered = steps.exclude(message__state__in=Message.OPEN).filter(~Exists(closed))
    for pk in sorted(set(answered.values_list("message", flat=True))):
        _close(pk, now)


def _close(pk: int, now: datetime) -> None:
    with transaction.atomic():
        rows = Message.objects.select_for_update(of=("self",)).select_related("resident__organisation")
        message = rows.get(pk=pk)
        if message.steps.filter(key=CLOSED).exists():
            return
        ConfirmationStep.objects.create(message=message, key=CLOSED, at=now)
        notified = Delivery.objects.filter(confirmation_steps__message=message)
        outbox.cancel(notified)
        keys = set(message.steps.exclude(delivery__state__in=NOT_SENT).values_list("key", flat=True))
        for who in people_of(message, now):
            if who.key in keys:
                _put(message, who, f"confirmed-{message.pk}-{who.key}", _confirmed)


def _put(message: Message, who: Somebody, key: str, words: Callable[[Message], tuple[str, str]]) -> Delivery:
    view = ResidentView.objects.filter(resident=message.resident_id).first()
    with translation.override(who.language or (view.language if view else "fi")):
        subject, body = words(message)
    letter = Letter(key, ABOUT, who.name, subject, body, who.addresses, message.resident)
    return outbox.put(message.resident.organisation, letter)


def _not_confirmed(message: Message) -> tuple[str, str]:
    values = {"resident": message.resident, "title": message.title, "about": message.about}
    lines = [
        _("%(resident)s was to confirm on the screen: %(title)s (%(about)s). Nobody has.") % values,
        _("Please call or go there. Whether the reminder was seen is not known."),
    ]
    return _("%(resident)s has not confirmed a reminder") % values, "\n".join(lines) + "\n"


def _confirmed(message: Message) -> tuple[str, str]:
    values = {"resident": message.resident, "title": message.title, "about": message.about}
    if message.by_id:
        line = _("The care desk has seen to it: %(resident)s, %(title)s (%(about)s).")
    else:
        line = _("%(resident)s has answered on the screen by now: %(title)s (%(about)s).")
    return _("The reminder of %(resident)s is settled") % values, line % values + "\n"
