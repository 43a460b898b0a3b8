"""A help request that nobody answers, with a simulated clock."""

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from cloud.help import open_boards, runner
from cloud.help.models import HelpRequest, HelpStep
from cloud.help.runner import Deliver
from cloud.people.models import EscalationContact
from tests.cloud.homes import Home

# A Monday: 11:00 in Helsinki, in office hours.
BEGAN = datetime(2026, 6, 1, 8, tzinfo=UTC)


class Clock:
    """Seconds after the request came in."""

    def __init__(self, began: datetime = BEGAN) -> None:
        self.began = began
        self.now_s = 0.0

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=self.now_s)


class Story:
    """The home's request came in at second 0; ``at`` runs what is due then."""

    def __init__(self, home: Home, began: datetime = BEGAN) -> None:
        self.home, self.clock = home, Clock(began)
        HelpRequest.objects.filter(pk=home.help.pk).update(received_at=began, raised_at=began)
        EscalationContact.objects.filter(pk=home.escalation_contact.pk).update(email="neighbour@example.org")
        open_boards.heard(home.user, rings=True)

    def contact(self, name: str, **fields: str) -> EscalationContact:
        """Add an escalation contact after the existing ones."""
        order = self.home.resident.escalation_contacts.count()
        made = EscalationContact(
            resident=self.home.resident,
            **{"name": name, "email": f"{name}@example.org", "office_phone": "+3581"} | fields,
            order=order,
        )
        made.save()
        return made

    def at(self, seconds: float, deliver: Deliver | None = None) -> list[tuple[str, str, str]]:
        """Return who was notified in this second, by which channel, and the result."""
        self.clock.now_s = seconds
        before = set(self.steps().values_list("pk", flat=True))
        for pk in list(runner.due(self.clock())):
            if deliver:
                runner.advance(pk, self.clock, deliver)
            else:
                runner.advance(pk, self.clock)
        new = self.steps().exclude(pk__in=before).order_by("pk")
        return [(step.who, step.way, step.outcome) for step in new]

    def steps(self) -> QuerySet[HelpStep]:
        """The steps of the ladder."""
        return HelpStep.objects.filter(request=self.home.help).exclude(round=None)
