"""The rota of an organisation: who is notified first, and gaps (S5)."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from cloud.delivery.outbox import Address
from cloud.help.escalation import Contact
from cloud.help.models import HelpRequest
from cloud.notices.recipients import Somebody
from cloud.organisations.models import Organisation, User
from cloud.partner import rota
from cloud.partner.models import Rota, RotaPerson, RotaShift, RotaSpan


def serving(organisation: Organisation) -> Rota | None:
    """Return the rota of this organisation, or of its nearest ancestor that has one."""
    return next(iter(Rota.objects.select_related("calendar").nearest_first(organisation)), None)


def shifts_of(own: Rota, since: datetime, until: datetime) -> list[rota.Duty]:
    """Return the plan in the order in which its people are notified: weekly shifts, then calendar."""
    return _plans([own], since, until)[own.pk]


def _plans(rotas: Collection[Rota], since: datetime, until: datetime) -> dict[int, list[rota.Duty]]:
    weekly = RotaShift.objects.filter(person__rota__in=rotas).select_related("person")
    plans: dict[int, list[rota.Duty]] = {each.pk: [] for each in rotas}
    for row in weekly:
        shift = rota.Shift(row.person_id, row.weekday, row.starts, row.ends, row.first_day, row.last_day)
        plans[row.person.rota_id].append(shift)
    calendars = {each.calendar.pk: each.pk for each in rotas if hasattr(each, "calendar")}
    if calendars:
        dated = RotaSpan.objects.filter(calendar__in=calendars, starts_at__lt=until, ends_at__gt=since)
        for span in dated:
            plans[calendars[span.calendar_id]].append(rota.Span(span.person_id, span.starts_at, span.ends_at))
    return plans


def people_at(own: Rota, moment: datetime, shifts: list[rota.Duty] | None = None) -> list[RotaPerson]:
    """Return who is on duty at this moment, by the plan that is given or else read."""
    if shifts is None:
        shifts = shifts_of(own, moment, moment + rota.QUARTER)
    numbers = rota.on_duty(shifts, moment, ZoneInfo(own.time_zone))
    people = RotaPerson.objects.filter(rota=own).in_bulk(numbers)
    return [people[number] for number in numbers if number in people]


def contacts(request: HelpRequest, fixed: list[Contact]) -> list[Contact]:
    """Return staff on duty, then the resident's own contacts; in a gap the rota replaces nobody."""
    own = serving(request.organisation)
    people = people_at(own, timezone.now()) if own else []
    notified = [Contact(each.pk, each.name, each.phone, "", each.email, kind="rota") for each in people]
    if own and own.replaces_contacts and notified:
        return notified
    return notified + fixed


def notified(organisation: Organisation, moment: datetime) -> list[Somebody]:
    """Return who is notified of an unconfirmed reminder: by SMS, or else by e-mail."""
    own = serving(organisation)
    return [
        Somebody(
            f"rota-{each.pk}", each.name, "", (Address("phone", each.phone), Address("email", each.email))
        )
        for each in (people_at(own, moment) if own else [])
    ]


def holes_ahead(own: Rota, now: datetime, shifts: list[rota.Duty] | None = None) -> list[rota.Hole]:
    """Return the gaps of the next three days in the plan that is given or else read."""
    until = now + rota.AHEAD
    if shifts is None:
        shifts = shifts_of(own, now - rota.QUARTER, until)
    return rota.holes(shifts, ZoneInfo(own.time_zone), now, until)


def warnings(user: User) -> dict[str, object]:
    """Return the help board's context: rotas with a gap in the next three days."""
    now = timezone.now()
    rows = list(Rota.objects.visible_to(user).select_related("organisation", "calendar"))
    plans = _plans(rows, now - rota.QUARTER, now + rota.AHEAD)
    found = [(row.organisation, holes[0]) for row in rows if (holes := holes_ahead(row, now, plans[row.pk]))]
    return {"rota_holes": found}
