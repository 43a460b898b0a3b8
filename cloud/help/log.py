"""The log of a request's steps; the escalation's own steps are written by the runner."""

from datetime import datetime

from django.utils import timezone

from cloud.help import letters
from cloud.help.models import HelpRequest, HelpStep
from cloud.organisations.scope import ScopedQuerySet

LONGEST_NAME = 150


def note(  # noqa: PLR0913 - the fields of a step
    request: HelpRequest,
    kind: HelpStep.Kind,
    who: str = "",
    *,
    key: str = "",
    way: str = "",
    outcome: HelpStep.Outcome = HelpStep.Outcome.DONE,
    at: datetime | None = None,
) -> None:
    """Add a step, once for each ``key``; without one there is one step of the kind.

    Once somebody has answered, nobody else is notified.
    """
    if kind in (HelpStep.Kind.TAKEN, HelpStep.Kind.CLOSED):
        letters.cancel(request)
    facts = {"kind": kind, "who": who[:LONGEST_NAME], "way": way, "outcome": outcome}
    HelpStep.objects.get_or_create(
        request=request, key=key or kind.value, defaults={**facts, "at": at or timezone.now()}
    )


def closed_before(moment: datetime) -> ScopedQuerySet[HelpRequest]:
    """Return requests closed before this moment, with all their steps."""
    return HelpRequest.objects.filter(closed_at__lt=moment)
