"""E-mails about missed calls, if enabled (V22)."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.calls.models import Call, Invitee, MissedCallMail
from cloud.people.models import CareSettings
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of

log = logging.getLogger(__name__)

# A sender crashed in the middle: whether it was sent is unknown, and nobody gets it twice.
LEASE = timedelta(seconds=60)
LANGUAGE = "fi"
BY_RESIDENT = (Call.Kind.RESIDENT, Call.Kind.URGENT)


def is_missed() -> Q:
    """Return the condition for calls that rang, or should have, and that nobody answered."""
    to_resident = Q(why__in=("no-answer", "not-reachable", "caller"), kind=Call.Kind.ORDINARY)
    by_resident = Q(why__in=("no-answer", "not-reachable", "busy", "resident"), kind__in=BY_RESIDENT)
    return Q(state=Call.State.ENDED, answered_at=None) & (to_resident | by_resident)


def note(call: Call) -> None:
    """Record the recipients for a call that has just ended; within the caller's transaction."""
    if not Call.objects.filter(is_missed(), pk=call.pk).exists():
        return
    if call.kind not in BY_RESIDENT:
        care = CareSettings.objects.filter(resident=call.resident_id).first()
        if care and care.missed_calls_email:
            _add(call, None, care.missed_calls_email)
        return
    unanswered = (Invitee.Outcome.MISSED, Invitee.Outcome.BUSY, Invitee.Outcome.NOT_REACHABLE)
    for invitee in call.invitees.filter(outcome__in=unanswered).select_related("contact"):
        contact = invitee.contact
        if contact.mail_missed_calls and contact.email and not contact.locked:
            _add(call, contact.pk, contact.email)


def send_due(now: datetime) -> int:
    """Send what is due; return how many were tried. Each is sent at most once."""
    lost = MissedCallMail.objects.filter(state=MissedCallMail.State.TRYING, at__lt=now - LEASE)
    lost.update(state=MissedCallMail.State.FAILED, reason="the desk stopped while it was sent")
    tried = 0
    for mail in MissedCallMail.objects.filter(state=MissedCallMail.State.DUE).order_by("pk")[:20]:
        claimed = MissedCallMail.objects.filter(pk=mail.pk, state=MissedCallMail.State.DUE)
        if claimed.update(state=MissedCallMail.State.TRYING, at=timezone.now()):
            tried += 1
            state, reason = _try(mail)
            MissedCallMail.objects.filter(pk=mail.pk).update(state=state, reason=reason[:300])
    return tried


def _add(call: Call, contact: int | None, address: str) -> None:
    MissedCallMail.objects.create(call=call, contact_id=contact, address=address, at=timezone.now())


def _try(mail: MissedCallMail) -> tuple[MissedCallMail.State, str]:
    view = ResidentView.objects.filter(resident=mail.call.resident_id).first()
    with translation.override(view.language if view else LANGUAGE):
        subject, body = _subject(mail.call), _body(mail.call)
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [mail.address]).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        log.warning("A missed call could not be told by e-mail: %s", error)
        return MissedCallMail.State.FAILED, str(error) or type(error).__name__
    return MissedCallMail.State.SENT, ""


def _subject(call: Call) -> str:
    by_resident = call.kind in BY_RESIDENT
    words = _("%(resident)s has called you") if by_resident else _("%(resident)s has missed a call")
    return " ".join((words % {"resident": call.resident}).split())


def _body(call: Call) -> str:
    at = localtime(call.offered_at, zone_of(call.resident)).strftime("%H:%M")
    if call.kind in BY_RESIDENT:
        lines = [
            _("%(resident)s has called you at %(at)s, and nobody has answered.")
            % {"resident": call.resident, "at": at},
            _("You can call back on your own page, by your personal link."),
        ]
    else:
        values = {"resident": call.resident, "caller": call.contact or _("Somebody"), "at": at}
        lines = [_("%(caller)s has called %(resident)s at %(at)s, and nobody has answered.") % values]
    return "\n".join(lines) + "\n"
