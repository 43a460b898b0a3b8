"""E-mails about missed calls, if enabled (V22); the delivery channels send and retry them."""

from django.db.models import Q
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cloud.calls.models import Call, Invitee
from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.people.models import CareSettings, Contact
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of

ABOUT = "call-missed"
LANGUAGE = "fi"
BY_RESIDENT = (Call.Kind.RESIDENT, Call.Kind.URGENT)


def is_missed() -> Q:
    """Return the condition for calls that rang, or should have, and that nobody answered."""
    to_resident = Q(why__in=("no-answer", "not-reachable", "caller"), kind=Call.Kind.ORDINARY)
    by_resident = Q(why__in=("no-answer", "not-reachable", "busy", "resident"), kind__in=BY_RESIDENT)
    return Q(state=Call.State.ENDED, answered_at=None) & (to_resident | by_resident)


def note(call: Call) -> None:
    """Queue the e-mails about a call that has just ended; within the caller's transaction."""
    if not Call.objects.filter(is_missed(), pk=call.pk).exists():
        return
    if call.kind not in BY_RESIDENT:
        care = CareSettings.objects.filter(resident=call.resident_id).first()
        if care and care.missed_calls_email:
            _put(call, "resident", care.missed_calls_email, care.missed_calls_email)
        return
    unanswered = (Invitee.Outcome.MISSED, Invitee.Outcome.BUSY, Invitee.Outcome.NOT_REACHABLE)
    for invitee in call.invitees.filter(outcome__in=unanswered).select_related("contact"):
        contact = invitee.contact
        if contact.mail_missed_calls and contact.email and not contact.locked:
            _put(call, str(contact.pk), str(contact), contact.email)


def forget(contact: Contact) -> None:
    """Delete every such e-mail to this contact."""
    Delivery.objects.filter(key__startswith=f"{ABOUT}/{contact.pk}/").delete()


def _put(call: Call, to: str, who: str, email: str) -> None:
    view = ResidentView.objects.filter(resident=call.resident_id).first()
    with translation.override(view.language if view else LANGUAGE):
        subject, body = _subject(call), _body(call)
    addresses = [Address("email", email)]
    letter = Letter(f"{ABOUT}/{to}/{call.pk}", ABOUT, who, subject, body, addresses, call.resident)
    outbox.put(call.organisation, letter)


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
