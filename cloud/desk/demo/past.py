"""What has happened in the demo's house in the last months, for reports, lists and boards."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from cloud.cafe.models import Seat
from cloud.calls.models import Call
from cloud.devices.models import Device, DeviceFault
from cloud.help.models import HelpRequest
from cloud.organisations.models import User
from cloud.people.models import Relation, Resident
from cloud.queue.models import Queue, Visit

DAYS = 150
_MARK = "past-"
Moments = Iterator[tuple[str, Device, datetime]]


@transaction.atomic
def remember(devices: Sequence[Device], nurse: User, now: datetime) -> None:
    """Write the past of these devices, once."""
    if not devices or HelpRequest.objects.filter(help_id__startswith=_MARK).exists():
        return
    chance = Random(1)
    begins = now - timedelta(days=DAYS)
    Device.objects.filter(pk__in=[each.pk for each in devices]).update(enrolled_at=begins)
    _ask_for_help(_moments(devices, begins, 2, chance), nurse, chance)
    Call.objects.bulk_create(_calls(_moments(devices, begins, 5, chance), chance))
    DeviceFault.objects.bulk_create(_faults(_moments(devices, begins, 0.3, chance), chance))
    Visit.objects.bulk_create(_visits(_moments(devices, begins, 2, chance), chance))
    Seat.objects.bulk_create(_seats(_moments(devices, begins, 4, chance), chance))


def _moments(devices: Sequence[Device], begins: datetime, a_day: float, chance: Random) -> Moments:
    """Yield so many moments a day until yesterday, most of them in the daytime."""
    for number in range(round(DAYS * a_day)):
        day = begins + timedelta(days=int(number / a_day))
        at = day.replace(hour=0, minute=0) + timedelta(hours=min(23.9, max(0, chance.gauss(11, 4))))
        if at < begins + timedelta(days=DAYS - 1):
            yield f"{_MARK}{number}", chance.choice(devices), at


def _ask_for_help(moments: Moments, nurse: User, chance: Random) -> None:
    requests, later = [], []
    kinds, outcomes = HelpRequest.Kind, HelpRequest.Outcome
    for id_, device, at in moments:
        kind = chance.choices((kinds.HELP, kinds.URGENT_CALL), (3, 1))[0]
        request = HelpRequest(
            help_id=id_,
            kind=kind,
            organisation=device.organisation,
            device=device,
            resident=device.resident,
            source=chance.choice(("screen", "button", "pendant")),
            raised_at=at,
        )
        requests.append(request)
        taken_at = at + timedelta(seconds=chance.lognormvariate(3.8, 0.7))
        arrived_at = taken_at + timedelta(seconds=chance.lognormvariate(5, 0.5))
        usual = outcomes.HELPED if kind == kinds.HELP else outcomes.TALKED
        later.append((at, taken_at, arrived_at, chance.choices((usual, outcomes.MISTAKE), (6, 1))[0]))
    HelpRequest.objects.bulk_create(requests)
    for request, (at, taken_at, arrived_at, outcome) in zip(requests, later, strict=True):
        # The database would have given each the moment of its insertion.
        request.received_at = at + timedelta(seconds=0.2)
        request.taken_by = request.closed_by = nurse
        request.taken_at, request.closed_at = taken_at, arrived_at + timedelta(minutes=chance.randint(2, 20))
        if request.kind == kinds.HELP:
            request.arrived_by, request.arrived_at = nurse, arrived_at
        request.outcome = outcome
    fields = [
        "received_at",
        "taken_by",
        "taken_at",
        "arrived_by",
        "arrived_at",
        "closed_by",
        "closed_at",
        "outcome",
    ]
    HelpRequest.objects.bulk_update(requests, fields, batch_size=50)


def _calls(moments: Moments, chance: Random) -> Iterator[Call]:
    favourites = Relation.objects.filter(favourite=True).select_related("resident")
    contacts: dict[Resident | None, int] = {each.resident: each.contact_id for each in favourites}
    for id_, device, at in moments:
        is_answered = chance.random() < 0.75
        seconds = chance.lognormvariate(5.5, 0.8) if is_answered else 0.0
        answered_at = at + timedelta(seconds=chance.uniform(4, 25)) if is_answered else None
        yield Call(
            id=id_,
            kind=chance.choices((Call.Kind.ORDINARY, Call.Kind.RESIDENT), (3, 2))[0],
            group=id_,
            organisation=device.organisation,
            resident=device.resident,
            device=device,
            contact_id=contacts.get(device.resident),
            state=Call.State.ENDED,
            offered_at=at,
            answered_at=answered_at,
            connected_at=answered_at,
            ended_at=(answered_at or at + timedelta(seconds=30)) + timedelta(seconds=seconds),
            why=chance.choice(("resident", "caller")) if is_answered else "no-answer",
            seconds=seconds,
            heard_at=at,
        )


def _faults(moments: Moments, chance: Random) -> Iterator[DeviceFault]:
    source = DeviceFault.Source
    for _id, device, at in moments:
        is_silent = chance.random() < 0.4
        yield DeviceFault(
            device=device,
            source=source.SILENCE if is_silent else source.HEARTBEAT,
            part="link" if is_silent else chance.choice(("speaker", "camera", "battery")),
            since=at,
            ended_at=at + timedelta(minutes=chance.lognormvariate(4, 1)),
        )


def _visits(moments: Moments, chance: Random) -> Iterator[Visit]:
    queues = list(Queue.objects.all())
    for id_, device, at in moments if queues else ():
        gave_up = chance.random() < 0.15
        served_at = at + timedelta(seconds=chance.lognormvariate(4.8, 0.8))
        yield Visit(
            id=id_,
            queue=chance.choice(queues),
            resident=device.resident,
            device=device,
            way=chance.choice(("text", "text", "video")),
            stage=Visit.Stage.ENDED,
            end="left" if gave_up else "removed",
            joined_at=at,
            first_served_at=None if gave_up else served_at,
            ended_at=served_at if gave_up else served_at + timedelta(minutes=chance.lognormvariate(1.8, 0.6)),
        )


def _seats(moments: Moments, chance: Random) -> Iterator[Seat]:
    for id_, device, day in moments:
        at = day.replace(hour=12, minute=chance.randrange(60))
        yield Seat(
            id=id_,
            organisation=device.organisation,
            room=f"cafe{device.organisation_id}",
            resident=device.resident,
            device=device,
            asked_at=at,
            seen_at=at,
            entered_at=at + timedelta(seconds=3),
            left_at=at + timedelta(minutes=chance.lognormvariate(3.2, 0.5)),
            why="left",
        )
