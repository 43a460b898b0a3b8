"""Whether a resident's alarm may be relied on: green only when all of it is true (K10)."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.partner import on_duty, registrations
from cloud.people.models import CareSettings, EscalationContact, Resident

FEWEST_CONTACTS = 2
# A test alarm is repeated every month.
TEST_LASTS = timedelta(days=31)
PROMISE = timedelta(seconds=180)


@dataclass(frozen=True)
class Check:
    """One condition, in words, and whether it holds."""

    words: str
    holds: bool


def checks(resident: Resident) -> list[Check]:
    """All conditions that apply to this resident."""
    care = CareSettings.objects.filter(resident=resident).first()
    found = [
        Check(_("Two escalation contacts with a number, or a rota without holes"), _is_covered(resident)),
        Check(_("A test alarm within the last month, answered within three minutes"), was_tested(resident)),
    ]
    if care and (care.forced_by_professionals or care.forced_by_relatives):
        found.append(Check(_("Consent to forced calls is on file"), care.has_consent))
    if care and care.monitored:
        partner = Partner.serving(resident.organisation)
        found.append(Check(_("A monitoring partner is set"), partner is not None))
        found.append(
            Check(
                _("The partner has confirmed that it knows the resident"),
                registrations.is_confirmed(resident),
            )
        )
    return found


def was_tested(resident: Resident) -> bool:
    """Whether a request that was closed as a test had been confirmed or taken in time."""
    since = timezone.now() - TEST_LASTS
    tests = HelpRequest.objects.filter(
        resident=resident, outcome=HelpRequest.Outcome.TEST, received_at__gt=since
    )
    return any(_answered_in_time(test) for test in tests.order_by("-received_at")[:10])


def _answered_in_time(test: HelpRequest) -> bool:
    confirmed = test.steps.filter(kind=HelpStep.Kind.PARTNER, outcome=HelpStep.Outcome.DELIVERED)
    first = confirmed.values_list("at", flat=True).first()
    answers = [at for at in (test.taken_at, first) if at]
    return bool(answers) and min(answers) - test.received_at <= PROMISE


def _is_covered(resident: Resident) -> bool:
    reachable = EscalationContact.objects.filter(resident=resident).exclude(office_phone="")
    if reachable.count() >= FEWEST_CONTACTS:
        return True
    own = on_duty.serving(resident.organisation)
    return own is not None and not on_duty.holes_ahead(own, timezone.now())
