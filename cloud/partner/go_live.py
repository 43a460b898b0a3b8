"""Whether residents' alarms are reliable: all conditions must be met (K10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cloud.help import delivery
from cloud.help.models import HelpRequest, HelpStep, Partner
from cloud.organisations.models import Organisation
from cloud.partner import on_duty
from cloud.people.models import CareSettings, Resident
from device.contract.alarm import Missing

FEWEST_CONTACTS = 2
# A test alarm is repeated every month.
TEST_LASTS = timedelta(days=31)
PROMISE = timedelta(seconds=180)
WORDS: dict[Missing, str | Promise] = {
    "contacts": _("Two escalation contacts with a number, or a rota without holes"),
    "test": _("A test alarm within the last month, answered within three minutes"),
    "consent": _("Consent to forced calls is on file"),
    "partner": _("A monitoring partner is set"),
    "registration": _("The partner has confirmed that it knows the resident"),
}


@dataclass(frozen=True)
class PastTest:
    """A test alarm; ``confirmed_at`` by the partner, ``taken_at`` by a person at the desk."""

    received_at: datetime
    taken_at: datetime | None
    confirmed_at: datetime | None

    def is_passed(self, *, by_partner: bool) -> bool:
        """Return whether it was answered in time, where required by the partner."""
        answers = (self.confirmed_at,) if by_partner else (self.taken_at, self.confirmed_at)
        return any(at is not None and at - self.received_at <= PROMISE for at in answers)


@dataclass(frozen=True)
class Facts:
    """The facts about one resident's alarm; ``partner_confirms`` where its channels confirm receipt."""

    contacts: int = 0
    has_rota: bool = False
    allows_forced_calls: bool = False
    has_consent: bool = False
    is_monitored: bool = False
    has_partner: bool = False
    partner_confirms: bool = False
    is_registered: bool = False
    tests: Sequence[PastTest] = field(default_factory=tuple)

    @property
    def applicable(self) -> list[Missing]:
        """Return the conditions for this resident, in the order of the checklist."""
        found: list[Missing] = ["contacts"]
        if self.allows_forced_calls:
            found.append("consent")
        if self.is_monitored:
            found += ["partner", "registration"]
        return [*found, "test"]

    @property
    def missing(self) -> list[Missing]:
        """Return the conditions that are not met."""
        holds: dict[Missing, bool] = {
            "contacts": self.contacts >= FEWEST_CONTACTS or self.has_rota,
            "consent": self.has_consent,
            "partner": self.has_partner,
            "registration": self.is_registered,
            "test": self.tested_at is not None,
        }
        return [each for each in self.applicable if not holds[each]]

    @property
    def tested_at(self) -> datetime | None:
        """Return the time of the newest successful test."""
        by_partner = self.is_monitored and self.has_partner and self.partner_confirms
        passed = [test.received_at for test in self.tests if test.is_passed(by_partner=by_partner)]
        return max(passed, default=None)


def facts_of(residents: Iterable[Resident]) -> dict[int, Facts]:
    """Return the facts of many residents with a few queries, by the residents' keys."""
    residents = list(residents)
    reachable = Count("escalation_contacts", filter=~Q(escalation_contacts__office_phone=""))
    rows = Resident.objects.filter(pk__in=[each.pk for each in residents])
    found: QuerySet[Any] = rows.select_related("care", "registration").annotate(reachable=reachable)
    stored = {each.pk: each for each in found}
    tests = _tests(residents)
    homes = {each.organisation_id: _Around.of(each.organisation) for each in residents}
    return {
        each.pk: _facts(
            getattr(each, "care", None),
            homes[each.organisation_id],
            contacts=each.reachable,
            is_registered=bool(getattr(getattr(each, "registration", None), "confirmed_at", None)),
            tests=tests.get(each.pk, []),
        )
        for each in stored.values()
    }


def _facts(
    care: CareSettings | None, home: "_Around", *, contacts: int, is_registered: bool, tests: list[PastTest]
) -> Facts:
    return Facts(
        contacts=contacts,
        has_rota=home.has_rota,
        allows_forced_calls=bool(care and (care.forced_by_professionals or care.forced_by_relatives)),
        has_consent=bool(care and care.has_consent),
        is_monitored=bool(care and care.monitored),
        has_partner=home.has_partner,
        partner_confirms=home.partner_confirms,
        is_registered=is_registered,
        tests=tests,
    )


@dataclass(frozen=True)
class _Around:
    """The facts that all residents of one organisation share."""

    has_rota: bool
    has_partner: bool
    partner_confirms: bool

    @classmethod
    def of(cls, organisation: Organisation) -> "_Around":
        own = on_duty.serving(organisation)
        partner = Partner.serving(organisation)
        confirms = partner is not None and bool(partner.webhook_url or delivery.other_ways(partner))
        is_covered = own is not None and not on_duty.holes_ahead(own, timezone.now())
        return cls(is_covered, partner is not None, confirms)


def _tests(residents: list[Resident]) -> dict[int, list[PastTest]]:
    """Return last month's requests that were closed as a test."""
    confirmed = Q(steps__kind=HelpStep.Kind.PARTNER, steps__outcome=HelpStep.Outcome.DELIVERED)
    rows = HelpRequest.objects.filter(
        resident__in=residents,
        outcome=HelpRequest.Outcome.TEST,
        received_at__gt=timezone.now() - TEST_LASTS,
    ).annotate(confirmed_at=Min("steps__at", filter=confirmed))
    found: dict[int, list[PastTest]] = {}
    for resident, received, taken, at in rows.values_list(
        "resident_id", "received_at", "taken_at", "confirmed_at"
    ).order_by():
        found.setdefault(resident, []).append(PastTest(received, taken, at))
    return found
