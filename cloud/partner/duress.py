"""Silent alarms: staff on duty and the partner are notified of duress; the screen shows nothing."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.help.models import Partner
from cloud.organisations.models import Organisation, User
from cloud.partner import on_duty
from cloud.partner.models import DuressAlarm

ABOUT = "duress"


def warnings(user: User) -> dict[str, object]:
    """Return the help board's context: duress alarms that nobody has handled."""
    rows = DuressAlarm.objects.visible_to(user).filter(settled_at=None)
    return {"duress_alarms": rows.select_related("request__resident", "request__organisation")}


def tell(alarm: DuressAlarm) -> None:
    """Queue the e-mails to those on duty and the partner; within the transaction of the alarm."""
    values = {"resident": alarm.request.resident or alarm.request.device_id}
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Silent alarm: %(resident)s is under duress") % values
        body = _(
            "%(resident)s has said the word for duress. The screen shows nothing of it. Do not call there."
        )
    organisation = alarm.request.organisation
    # Without anybody to write to, the message stands among those that were not delivered.
    for number, (name, email) in enumerate(_people(organisation) or [("", "")]):
        outbox.put(
            organisation,
            Letter(
                key=f"{keys_of(alarm)}{number}",
                about=ABOUT,
                who=name,
                subject=subject,
                body=body % values,
                addresses=[Address("email", email)] if email else [],
                resident=alarm.request.resident,
                is_urgent=True,
            ),
        )


def is_told(alarm: DuressAlarm) -> bool:
    """Return whether an e-mail has gone out."""
    return Delivery.objects.filter(key__startswith=keys_of(alarm), sent_at__isnull=False).exists()


def keys_of(alarm: DuressAlarm) -> str:
    """Return what the keys of the alarm's e-mails begin with."""
    return f"{ABOUT}/{alarm.pk}/"


def _people(organisation: Organisation) -> list[tuple[str, str]]:
    own = on_duty.serving(organisation)
    people = on_duty.people_at(own, timezone.now()) if own else []
    partner = Partner.serving(organisation)
    found = [(person.name, person.email) for person in people]
    found += [(partner.name, partner.email)] if partner else []
    once = {email: name for name, email in reversed(found) if email}
    return [(name, email) for email, name in reversed(once.items())]
