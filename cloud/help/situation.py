"""The data around one request: recipients, office hours, and message content."""

from dataclasses import dataclass
from datetime import time, timedelta

from django.utils import timezone
from django.utils.timezone import localdate

from cloud.help import delivery, escalation, open_boards, recipients
from cloud.help.delivery import Message, Recipient
from cloud.help.hours import OfficeHours
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.people.closed_days import closed_days
from cloud.people.models import CareSettings, EscalationContact
from cloud.screens.models import ResidentView
from cloud.screens.zone import zone_of

OFFICE = (time(8), time(16))
LANGUAGE = "fi"


@dataclass(frozen=True)
class Situation:
    """One request with everything that the escalation depends on."""

    request: HelpRequest
    asked: escalation.Asked
    contacts: list[escalation.Contact]
    partner: escalation.Partner
    set_partner: Partner | None
    is_registered: bool
    care: CareSettings | None
    language: str

    def message(self, step: HelpStep) -> Message:
        """Return the message for the recipient of this step."""
        hours, now = self.asked.hours, timezone.now()
        to_partner = step.kind == HelpStep.Kind.PARTNER
        reached = [contact for contact in self.contacts if contact.who == step.target]
        partner_email = self.set_partner.email if self.set_partner else ""
        return Message(
            request=self.request,
            step=step,
            contacts=[Recipient(each.name, each.phone(hours, now)) for each in self.contacts],
            zone=hours.zone,
            language=self.language,
            is_monitored=bool(self.care and self.care.monitored),
            email=partner_email if to_partner else "".join(each.email for each in reached),
            partner=self.set_partner if to_partner else None,
            is_registered=self.is_registered,
        )


def situation_of(request: HelpRequest) -> Situation:
    """Load the current data: changed contacts or partners affect the next steps."""
    resident = request.resident
    view: ResidentView | None = getattr(resident, "view", None)
    partner = Partner.serving(request.organisation)
    is_registered = partner is None or recipients.partner_is_notified(partner, resident)
    partner = partner if is_registered else None
    return Situation(
        request=request,
        asked=escalation.Asked(
            request.received_at,
            bool(request.taken_at or request.closed_at),
            hours_of(request),
            on_board=open_boards.is_ringing(request.organisation),
        ),
        contacts=contacts_of(request),
        partner=_partner(request, partner),
        set_partner=partner,
        is_registered=is_registered,
        care=getattr(resident, "care", None),
        language=view.language if view else LANGUAGE,
    )


def hours_of(request: HelpRequest) -> OfficeHours:
    """Return the office hours where the resident lives."""
    care: CareSettings | None = getattr(request.resident, "care", None)
    opens, until = (care.office_from, care.office_until) if care else OFFICE
    zone = zone_of(request.resident)
    closed_on = closed_days(request.organisation, zone.key, localdate())
    return OfficeHours(opens, until, zone, frozenset(closed_on))


def contacts_of(request: HelpRequest) -> list[escalation.Contact]:
    """Return whom the escalation notifies, in this order."""
    rows = EscalationContact.objects.filter(resident=request.resident) if request.resident else []
    own = [
        escalation.Contact(
            each.pk,
            each.name,
            each.office_phone,
            each.other_phone,
            each.email,
            decides=each.role == EscalationContact.Role.ADMINISTRATOR,
        )
        for each in rows
    ]
    return recipients.contacts_of(request, own)


def _partner(request: HelpRequest, partner: Partner | None) -> escalation.Partner:
    if partner is None:
        return escalation.Partner()
    ways: list[escalation.Way] = [way.name for way in delivery.other_ways(partner)]
    if partner.webhook_url:
        ways.append("webhook")
    if partner.email:
        ways.append("email")
    return escalation.Partner(
        partner.name,
        tuple(ways),
        again=timedelta(minutes=partner.again_min),
        after=timedelta(seconds=0 if recipients.partner_is_notified_at_once(request) else partner.after_s),
    )
