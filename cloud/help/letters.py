"""The escalation's e-mails: handed over at once, and retried by the workers until somebody answers."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Letter
from cloud.delivery.worker import hand_over
from cloud.help.errors import Undeliverable
from cloud.help.models import HelpRequest, HelpStep
from cloud.notify import live_updates

ABOUT = "help"
# The escalation sends by itself; a worker does where the escalation's process has died.
TAKEN_OVER_AFTER = timedelta(seconds=5)
RETRIED_FOR = timedelta(hours=1)
_OUTCOMES = {
    Delivery.State.SENT: HelpStep.Outcome.SENT,
    Delivery.State.DELIVERED: HelpStep.Outcome.DELIVERED,
    Delivery.State.READ: HelpStep.Outcome.DELIVERED,
}


def keys_of(step: HelpStep) -> str:
    """Return what the keys of all messages of this request to this recipient begin with."""
    return f"{ABOUT}/{step.request_id}/{step.target}/"


def send(step: HelpStep, letter: Letter) -> HelpStep.Outcome:
    """Send the e-mail of this step. Raises ``Undeliverable`` after a failure: it is retried meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        # An earlier one that did not go out yet would say the same.
        outbox.cancel(Delivery.objects.filter(key__startswith=keys_of(step)))
        row = outbox.put(step.request.organisation, letter, now + TAKEN_OVER_AFTER, now + RETRIED_FOR)
        HelpStep.objects.filter(pk=step.pk).update(delivery=row)
    row = hand_over(row)
    if outcome := _OUTCOMES.get(Delivery.State(row.state)):
        return outcome
    if row.tries or row.state == Delivery.State.FAILED:
        raise Undeliverable(row.reason)
    # Another process has it, and says how it went.
    return HelpStep.Outcome.TRYING


def follow(row: Delivery, **_more: Any) -> None:
    """Record in the step's log that its e-mail has gone out after all, or has arrived."""
    outcome = _OUTCOMES.get(Delivery.State(row.state))
    if row.about == ABOUT and outcome:
        steps = HelpStep.objects.filter(delivery=row).exclude(outcome=outcome)
        for step in steps.select_related("request__organisation"):
            HelpStep.objects.filter(pk=step.pk).update(outcome=outcome, reason="")
            live_updates.changed(step.request.organisation, live_updates.HELP)


def cancel(request: HelpRequest) -> None:
    """Cancel what did not go out yet: somebody has answered."""
    outbox.cancel(Delivery.objects.filter(key__startswith=f"{ABOUT}/{request.pk}/"))
