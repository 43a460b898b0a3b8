"""Messages by the clock: what is too late, and what nobody has confirmed. Any number may run (M3, M4, K6).

A step is written down before it is done; what a process that died left behind counts as failed.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cloud.base import due_work
from cloud.messages import ladder
from cloud.messages.models import ConfirmationStep, Message
from cloud.people.models import Contact, Relation
from cloud.screens.models import ResidentView

log = logging.getLogger(__name__)

POLL_S = 5.0
LEASE = timedelta(seconds=60)
# What nobody confirmed longer ago than this, nobody is told of any more.
STALE = timedelta(days=1)


class MessageWatch:
    """Looks every few seconds at what is due."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self.turn)

    def turn(self) -> None:
        """One look at everything."""
        now = self._clock()
        mark_late(now)
        for message in unconfirmed(now).select_related("resident"):
            try:
                advance(message, self._clock)
            except Exception:
                log.exception("Message %s cannot be followed", message.pk)


def mark_late(now: datetime) -> None:
    """What was never shown and is too late; one that is to be confirmed is followed by the ladder first."""
    late = Message.objects.filter(state=Message.State.PLANNED, until__lte=now)
    late = late.exclude(asks_confirmation=True, until__gt=now - STALE)
    late.exclude(appointment="").update(state=Message.State.OBSOLETE)
    late.filter(appointment="").update(state=Message.State.EXPIRED)


def unconfirmed(now: datetime) -> QuerySet[Message]:
    """Those that were not confirmed in their time, and whose ladder the desk has not ended."""
    at_desk = ConfirmationStep.objects.filter(message=OuterRef("pk"), key=ladder.DESK)
    rows = Message.objects.filter(
        asks_confirmation=True, state__in=Message.OPEN, until__lte=now, until__gt=now - STALE
    )
    return rows.filter(~Exists(at_desk)).order_by("until")


def advance(message: Message, clock: Callable[[], datetime]) -> int:
    """Tells everybody who is due; how many were told here."""
    done = 0
    while (claimed := _claim(message.pk, clock())) is not None:
        step, email = claimed
        outcome, reason = _tell(message, email) if email else (ConfirmationStep.Outcome.SENT, "")
        mine = ConfirmationStep.objects.filter(pk=step.pk, outcome=ConfirmationStep.Outcome.TRYING)
        mine.update(outcome=outcome, reason=reason[:300])
        done += 1
    return done


def _claim(pk: int, now: datetime) -> tuple[ConfirmationStep, str] | None:
    try:
        with transaction.atomic():
            # A confirmation that comes in now waits for this, or this sees it.
            message = (
                Message.objects.select_for_update(of=("self",)).filter(pk=pk, state__in=Message.OPEN).first()
            )
            step = _due_step(message, now) if message else None
            if message is None or step is None:
                return None
            row = ConfirmationStep.objects.create(message=message, key=step.key, who=step.name, at=now)
            return row, step.email
    except IntegrityError:
        return None


def _due_step(message: Message, now: datetime) -> ladder.Step | None:
    trying = message.steps.filter(outcome=ConfirmationStep.Outcome.TRYING)
    lost = trying.exclude(at__gt=now - LEASE, at__lt=now + LEASE)
    lost.update(outcome=ConfirmationStep.Outcome.FAILED, reason="the desk stopped while it was sent")
    if trying.exists():
        return None
    sent = ConfirmationStep.Outcome.SENT
    told = [ladder.Told(row.key, row.at, row.outcome == sent) for row in message.steps.all()]
    step = ladder.next_step(message.until, relatives_of(message), told, now)
    return step if step and step.due_at <= now else None


def relatives_of(message: Message) -> list[ladder.Relative]:
    """The relatives with an address, favourites first; nobody twice."""
    relations = Relation.objects.filter(
        resident=message.resident_id, contact__role=Contact.Role.RELATIVE, contact__locked=False
    ).exclude(contact__email="")
    rows = relations.select_related("contact").order_by("-favourite", "order", "pk")
    found = {
        row.contact.email.casefold(): ladder.Relative(
            f"contact-{row.contact_id}", str(row.contact), row.contact.email
        )
        for row in reversed(list(rows))
    }
    return list(reversed(found.values()))


def _tell(message: Message, email: str) -> tuple[ConfirmationStep.Outcome, str]:
    view = ResidentView.objects.filter(resident=message.resident_id).first()
    with translation.override(view.language if view else "fi"):
        values = {"resident": message.resident, "title": message.title, "about": message.about}
        subject = " ".join((_("%(resident)s has not confirmed a reminder") % values).split())
        lines = [
            _("%(resident)s was to confirm on the screen: %(title)s (%(about)s). Nobody has.") % values,
            _("Please call or go there. Whether the reminder was seen is not known."),
        ]
    try:
        EmailMessage(subject, "\n".join(lines) + "\n", settings.DEFAULT_FROM_EMAIL, [email]).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        log.warning("A relative could not be told of message %s: %s", message.pk, error)
        return ConfirmationStep.Outcome.FAILED, str(error) or type(error).__name__
    return ConfirmationStep.Outcome.SENT, ""
