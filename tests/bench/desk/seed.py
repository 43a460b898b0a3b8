"""An organisation of so many residents, with half a year of what happens among them."""

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from cloud.calls.models import Call
from cloud.devices.models import DesiredDocument, Device
from cloud.help.models import HelpRequest, HelpStep
from cloud.organisations.models import Organisation
from cloud.people.models import CareSettings, Contact, EscalationContact, Relation, Resident
from cloud.screens.models import ResidentView

RESIDENTS_OF_AN_ORGANISATION = 200
CONTACTS_EACH, CALLS_EACH, HELP_EACH = 2, 3, 2
HISTORY_DAYS = 180
AT_ONCE = 2_000


def fill(above: Organisation, number: int) -> None:
    """Add organisations below this one, their residents with contacts and devices, and their history."""
    now = timezone.now()
    residents = _residents(above, number)
    devices = _devices(residents, now)
    _history(devices, now)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As the server's own autovacuum does within a minute.
            cursor.execute("ANALYZE")


def _residents(above: Organisation, number: int) -> list[Resident]:
    organisations = []
    for at in range(max(1, number // RESIDENTS_OF_AN_ORGANISATION)):
        organisations.append(Organisation(name=f"House {at:03}", parent=above))
        organisations[-1].save()
    homes = cycle(organisations)
    residents = _stored(
        Resident(organisation=next(homes), first_name=f"N{at % 97}", last_name=f"Mäki{at:05}")
        for at in range(number)
    )
    _stored(ResidentView(resident=each) for each in residents)
    _stored(CareSettings(resident=each) for each in residents)
    _stored(
        EscalationContact(resident=each, name="Neighbour", office_phone="+358401234567") for each in residents
    )
    contacts = _stored(
        Contact(organisation=each.organisation, first_name=f"C{at}", last_name=each.last_name)
        for each in residents
        for at in range(CONTACTS_EACH)
    )
    _stored(
        Relation(resident=residents[at // CONTACTS_EACH], contact=each, words="relative")
        for at, each in enumerate(contacts)
    )
    return residents


def _devices(residents: list[Resident], now: datetime) -> list[Device]:
    devices = _stored(
        Device(
            id=f"bench{at:08}",
            organisation=each.organisation,
            resident=each,
            certificate_pem="x",
            heard_at=now,
            online=True,
            heartbeat={"version": "0.1.0", "free_mb": 900},
        )
        for at, each in enumerate(residents)
    )
    _stored(
        DesiredDocument(device=each, name="view", version=1, body={}, saved_at=now, painted_version=1)
        for each in devices
    )
    return devices


def _history(devices: list[Device], now: datetime) -> None:
    """Closed requests and ended calls, spread over the months."""
    spread = timedelta(days=HISTORY_DAYS) / (len(devices) or 1)
    requests = _stored(
        HelpRequest(
            help_id=f"old-{at}",
            organisation=each.organisation,
            device=each,
            resident=each.resident,
            raised_at=then,
            taken_at=then + timedelta(seconds=30),
            outcome="helped",
        )
        for number, each in enumerate(devices)
        for at, then in enumerate([now - number * spread] * HELP_EACH)
    )
    # When a request is stored is when it was received: the past is written afterwards.
    old = HelpRequest.objects.filter(pk__in=[each.pk for each in requests])
    models.QuerySet.update(old, received_at=F("raised_at"), closed_at=F("raised_at") + timedelta(minutes=20))
    _stored(
        HelpStep(request=each, key=kind, kind=kind, at=each.raised_at, who="Nurse")
        for each in requests
        for kind in ("received", "taken", "closed")
    )
    _stored(
        Call(
            id=f"call-{number}-{at}",
            kind="ordinary",
            group=f"call-{number}-{at}",
            organisation=each.organisation,
            resident=each.resident,
            device=each,
            state="ended",
            offered_at=then,
            connected_at=then,
            answered_at=then,
            ended_at=then + timedelta(minutes=5),
            seconds=300.0,
            heard_at=then,
        )
        for number, each in enumerate(devices)
        for at, then in enumerate([now - number * spread] * CALLS_EACH)
    )


def _stored(rows: Any) -> list[Any]:
    """Store the rows without what observes each of them: they are no change that anybody made."""
    made = list(rows)
    return list(type(made[0])._base_manager.bulk_create(made, batch_size=AT_ONCE)) if made else []
