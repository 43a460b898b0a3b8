"""Answers by text message hold for a while: a sender's number can be forged, so the desk goes on (K3)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from cloud.help.log import note
from cloud.help.models import HelpRequest, HelpStep
from cloud.notify import live_updates

# Long enough to get there by car, or for a nurse to ring back and take it on the board.
HOLDS = timedelta(minutes=15)
SMS = "sms"


def go_on(now: datetime) -> int:
    """Return requests to the board whose answer nobody of the desk has confirmed in time; return how many."""
    overdue = list(_unconfirmed(now).values_list("pk", flat=True))
    return sum(_give_back(pk, now) for pk in overdue)


def _unconfirmed(now: datetime) -> QuerySet[HelpRequest]:
    by_sms = HelpStep.objects.filter(
        request=OuterRef("pk"), kind=HelpStep.Kind.TAKEN, way=SMS, who=F("request__taken_name")
    )
    rows = HelpRequest.objects.filter(closed_at=None, arrived_at=None, taken_by=None)
    return rows.filter(Exists(by_sms), taken_at__lte=now - HOLDS).exclude(taken_name="")


@transaction.atomic
def _give_back(pk: int, now: datetime) -> bool:
    request = _unconfirmed(now).select_for_update(of=("self",)).filter(pk=pk).first()
    if request is None or request.taken_at is None:
        return False
    note(
        request,
        HelpStep.Kind.GIVEN_BACK,
        request.taken_name,
        key=f"unproven/{request.taken_at.isoformat()}",
        way=SMS,
        at=now,
    )
    request.taken_name, request.taken_at = "", None
    request.save(update_fields=["taken_name", "taken_at"])
    live_updates.changed(request.organisation, live_updates.HELP)
    return True
