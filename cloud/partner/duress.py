"""Silent alarms: staff on duty and the partner are notified of duress; the screen shows nothing."""

import logging
import smtplib
from threading import Event

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cloud.base import due_work
from cloud.help.models import Partner
from cloud.organisations.models import Organisation, User
from cloud.partner import on_duty
from cloud.partner.models import DuressAlarm

log = logging.getLogger(__name__)

POLL_S = 5.0


def warnings(user: User) -> dict[str, object]:
    """Return the help board's context: duress alarms that nobody has handled."""
    rows = DuressAlarm.objects.visible_to(user).filter(settled_at=None)
    return {"duress_alarms": rows.select_related("request__resident", "request__organisation")}


def run(stopping: Event) -> None:
    """Notify of each duress alarm until e-mail was sent."""
    due_work.repeat(stopping, POLL_S, tell_all)


def tell_all() -> None:
    """Send notifications for every alarm that has none yet."""
    rows = DuressAlarm.objects.filter(notified_at=None, settled_at=None).select_related(
        "request__organisation"
    )
    for alarm in rows:
        try:
            sent = _mail(alarm).send()
        except (smtplib.SMTPException, OSError, ValueError):
            log.exception("A duress alarm could not be sent yet")
            continue
        if sent:
            DuressAlarm.objects.filter(pk=alarm.pk).update(notified_at=timezone.now())


def _mail(alarm: DuressAlarm) -> EmailMessage:
    values = {"resident": alarm.request.resident or alarm.request.device_id}
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Silent alarm: %(resident)s is under duress") % values
        body = _(
            "%(resident)s has said the word for duress. The screen shows nothing of it. Do not call there."
        )
    addresses = _addresses(alarm.request.organisation)
    return EmailMessage(subject, body % values, settings.DEFAULT_FROM_EMAIL, addresses)


def _addresses(organisation: Organisation) -> list[str]:
    own = on_duty.serving(organisation)
    people = on_duty.people_at(own, timezone.now()) if own else []
    partner = Partner.serving(organisation)
    found = [person.email for person in people] + ([partner.email] if partner else [])
    return [address for address in dict.fromkeys(found) if address]
