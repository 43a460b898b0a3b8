"""Reports the escalation's progress to the device, for its screen (K3)."""

import hashlib
from datetime import datetime

import msgspec
from django.db import transaction

from cloud.devices import commands
from cloud.help import open_boards
from cloud.help.board import ANSWER_LIFETIME
from cloud.help.log import LONGEST_NAME
from cloud.help.models import HelpRequest, HelpStep
from device.contract.help_progress import MOST_NOTIFIED, NotifiedContact, ReportHelpProgress

WENT_OUT = (HelpStep.Outcome.SENT, HelpStep.Outcome.DELIVERED)


def unreported(request: HelpRequest, now: datetime) -> bool:
    """Return whether there is progress that the device was not sent."""
    return _digest(request, _report(request, now)) != request.reported_digest


@transaction.atomic
def report(request_pk: int, now: datetime) -> bool:
    """Send changes since the last report, once in total; return False where there are none."""
    rows = HelpRequest.objects.select_for_update(of=("self",))
    request = rows.filter(pk=request_pk, taken_at=None, closed_at=None).first()
    if request is None:
        return False
    body = _report(request, now)
    digest = _digest(request, body)
    if digest == request.reported_digest:
        return False
    for id_ in [request.help_id, *request.merged.values_list("help_id", flat=True)]:
        about = msgspec.structs.replace(body, help_id=id_)
        commands.issue(request.device, about, by=None, lifetime=ANSWER_LIFETIME)
    HelpRequest.objects.filter(pk=request.pk).update(reported_digest=digest)
    return True


def _report(request: HelpRequest, now: datetime) -> ReportHelpProgress:
    """Return successful notifications only: the partner once, the contacts by any channel."""
    went_out = request.steps.filter(outcome__in=WENT_OUT).order_by("at", "pk")
    contacts: dict[str, datetime] = {}
    for name, at in went_out.filter(kind=HelpStep.Kind.NOTIFIED).values_list("who", "at")[:100]:
        contacts.setdefault(name[:LONGEST_NAME], at)
    partner = went_out.filter(kind=HelpStep.Kind.PARTNER).first()
    return ReportHelpProgress(
        help_id=request.help_id,
        at=now,
        on_board=open_boards.is_open(request.organisation),
        contacts=[NotifiedContact(name=name, at=at) for name, at in list(contacts.items())[-MOST_NOTIFIED:]],
        partner_notified_at=partner.at if partner else None,
    )


def _digest(request: HelpRequest, body: ReportHelpProgress) -> str:
    """Return a digest without the time; a second press is reported under its new id too."""
    notified = [(contact.name, contact.at) for contact in body.contacts]
    said = msgspec.json.encode((request.merged.count(), body.on_board, notified, body.partner_notified_at))
    return hashlib.sha256(said).hexdigest()
