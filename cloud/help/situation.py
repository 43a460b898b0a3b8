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
from cloud.people.models import CareSettings, EscalationContact, Resident
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
    care = CareSettings.objects.filter(resident=resident).first() if resident else None
    view = ResidentView.objects.filter(resident=resident).first() if resident else None
    partner = Partner.serving(request.organisation)
    is_registered = partner is None or recipients.partner_is_notified(partner, resident)
    partner = partner if is_registered else None
    opens, until = (care.office_from, care.office_until) if care else OFFICE
    closed_on = closed_days(request.organisation, zone_of(resident).key, localdate())
    hours = OfficeHours(opens, until, zone_of(resident), frozenset(closed_on))
    return Situation(
        request=request,
        asked=escalation.Asked(
            request.received_at,
            bool(request.taken_at or request.closed_at),
            hours,
            on_board=open_boards.is_ringing(request.organisation),
        ),
        contacts=recipients.contacts_of(request, _contacts(resident)),
        partner=_partner(request, partner),
        set_partner=partner,
        is_registered=is_registered,
        care=care,
        language=view.language if view else LANGUAGE,
    )


def _contacts(resident: Resident | None) -> list[escalation.Contact]:
    rows = EscalationContact.objects.filter(resident=resident) if resident else []
    return [
        escalation.Contact(each.pk, each.name, each.office_phone, each.other_phone, each.email)
        for each in rows
    ]


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
