"""The reliability of each resident's alarm, for board and screen, and due tests (K10).

A test is an ordinary press, in a window that a user or the monthly plan has opened: the partner is notified
at once, and every page shows that a test was expected.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from threading import Event
from typing import cast

from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from cloud.base import due_work
from cloud.devices import documents
from cloud.devices.models import Device
from cloud.help.hours import OfficeHours
from cloud.help.models import HelpRequest
from cloud.notify import live_updates
from cloud.organisations.models import User
from cloud.organisations.scope import ScopedQuerySet
from cloud.partner import go_live
from cloud.partner.go_live import Facts
from cloud.partner.models import Readiness
from cloud.people.models import Resident
from cloud.screens.zone import closed_days_of, zone_of
from device.contract.alarm import AlarmReadiness, Missing
from device.contract.documents import Policy
from device.contract.events import WireEvent
from device.contract.readiness import Gap

POLL_S = 15.0
AT_ONCE = 500
# Long enough to walk to the button.
TEST_WINDOW = timedelta(minutes=15)
# A week before the last test is too old.
DUE_AFTER = go_live.TEST_LASTS - timedelta(days=7)
# When a screen may ask for the monthly test: on working days, during the day.
PLAN_FROM, PLAN_UNTIL = time(10), time(12)
MOST_NAMED = 5
State = Readiness.State


def run(stopping: Event) -> None:
    """Check all residents at intervals."""
    due_work.repeat(stopping, POLL_S, look_at_all)


def look_at_all() -> None:
    """Update the rows of all residents with a device in use, and open planned tests."""
    for residents in _batches():
        look_at(residents)


def look_at(residents: list[Resident]) -> None:
    """Update the rows of these residents; changes are sent to screens and boards."""
    now = timezone.now()
    facts = go_live.facts_of(residents)
    Readiness.objects.bulk_create(
        [Readiness(resident=each) for each in residents], ignore_conflicts=True, batch_size=AT_ONCE
    )
    for row in Readiness.objects.filter(resident__in=residents).select_related("resident__organisation"):
        found = facts[row.resident_id]
        if is_due_by_plan(row, found.tested_at, now):
            begin_test(row.resident, None, _end_of_plan(row.resident, now))
        elif _differs(row, found, now):
            _change(row.pk, found, now)


def begin_test(resident: Resident, user: User | None, until: datetime | None = None) -> None:
    """Expect the next press as a test; the screen asks for it."""
    now = timezone.now()
    with transaction.atomic():
        row = Readiness.objects.get_or_create(resident=resident)[0]
        row.test_began_at, row.test_until, row.test_by = now, until or now + TEST_WINDOW, user
        row.save(update_fields=["test_began_at", "test_until", "test_by"])
        _change(row.pk, go_live.facts_of([resident])[resident.pk], now)


def plan_tests(resident: Resident, *, invites: bool) -> None:
    """Set whether the resident's screen asks for the monthly test."""
    Readiness.objects.update_or_create(resident=resident, defaults={"invites": invites})


def pressed(device: Device, _event: WireEvent) -> None:
    """Record a press: one press is one test, the next one is not."""
    if device.resident is None:
        return
    now = timezone.now()
    rows = Readiness.objects.select_for_update(of=("self",)).filter(resident=device.resident)
    row = rows.filter(test_until__gt=now).first()
    if row is None:
        return
    row.test_until = now
    row.save(update_fields=["test_until"])
    found = go_live.facts_of([device.resident])[device.resident.pk]
    _change(row.pk, found, now)


def is_test(request: HelpRequest) -> bool:
    """Return whether this request was expected as a test."""
    if request.resident is None or request.kind != HelpRequest.Kind.HELP:
        return False
    row: Readiness | None = getattr(request.resident, "readiness", None)
    if row is None or row.test_began_at is None or row.test_until is None:
        return False
    return row.test_began_at <= request.received_at <= row.test_until


def gaps_of(resident: Resident) -> list[Gap]:
    """Return what the installer's wizard says is missing before the alarm may be relied on."""
    missing = go_live.facts_of([resident])[resident.pk].missing
    return ["second-contact" if each == "contacts" else each for each in missing]


def tests_among(user: User) -> dict[str, object]:
    """Return the context of request pages: the keys of expected tests."""
    rows = HelpRequest.objects.visible_to(user).filter(closed_at=None, resident__readiness__isnull=False)
    rows = rows.select_related("resident__readiness", "resident__organisation")
    return {"expected_tests": {row.pk for row in rows if is_test(row)}}


def add_to_policy(device: Device, document: Policy) -> Policy:
    """Add the alarm's reliability to the policy."""
    row = Readiness.objects.filter(resident=device.resident).first() if device.resident else None
    if row is None or row.changed_at is None:
        return document
    missing = cast("list[Missing]", row.missing)
    return replace(document, alarm=AlarmReadiness(state=row.state, missing=missing))  # type: ignore[arg-type]


def relevant(user: User) -> ScopedQuerySet[Readiness]:
    """Return the rows of residents with a device in use."""
    rows = Readiness.objects.visible_to(user).filter(resident__device__use=Device.Use.IN_USE)
    return rows.select_related("resident__organisation").order_by(
        "resident__last_name", "resident__first_name", "pk"
    )


def warnings(user: User) -> dict[str, object]:
    """Return the help board's context: the number of unreliable alarms, and whose."""
    rows = [row for row in relevant(user).exclude(changed_at=None).exclude(state=State.READY) if row.missing]
    return {
        "not_ready": [row.resident for row in rows[:MOST_NAMED]],
        "not_ready_more": max(len(rows) - MOST_NAMED, 0),
        "not_ready_count": len(rows),
    }


def is_due(tested_at: datetime | None, now: datetime) -> bool:
    """Return whether the monthly test is due; without any test, the first one is."""
    return tested_at is None or now - tested_at >= DUE_AFTER


def is_due_by_plan(row: Readiness, tested_at: datetime | None, now: datetime) -> bool:
    """Return whether the screen should ask now: once a day, during the day, until the test has passed."""
    if not row.invites or tested_at is None or not is_due(tested_at, now):
        return False
    if row.test_began_at and row.test_began_at > now - timedelta(hours=12):
        return False
    return _plan(row.resident).at(now)


def _plan(resident: Resident) -> OfficeHours:
    return OfficeHours(PLAN_FROM, PLAN_UNTIL, zone_of(resident), frozenset(closed_days_of(resident)))


def _end_of_plan(resident: Resident, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(zone_of(resident)).date(), PLAN_UNTIL, zone_of(resident))


def _batches() -> Iterator[list[Resident]]:
    """Yield all residents with a device in use, in batches."""
    last = 0
    rows = Resident.objects.filter(device__use=Device.Use.IN_USE).select_related("organisation")
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield batch
        last = batch[-1].pk


def _state(row: Readiness, found: Facts, now: datetime) -> Readiness.State:
    if row.test_until and row.test_until > now:
        return State.TEST
    return State.NOT_READY if found.missing else State.READY


def _differs(row: Readiness, found: Facts, now: datetime) -> bool:
    is_other = (row.state, row.missing) != (_state(row, found, now), found.missing)
    return is_other or row.changed_at is None or row.tested_at != found.tested_at


def _change(pk: int, found: Facts, now: datetime) -> None:
    """Save a change once, whichever loop detected it first."""
    with transaction.atomic():
        row = Readiness.objects.select_for_update(of=("self",)).select_related("resident").get(pk=pk)
        if not _differs(row, found, now):
            return
        row.state, row.missing, row.tested_at = _state(row, found, now), found.missing, found.tested_at
        row.changed_at = now
        row.save(update_fields=["state", "missing", "tested_at", "changed_at"])
        _tell(row.resident)


def _tell(resident: Resident) -> None:
    for device in Device.objects.filter(resident=resident):
        documents.refresh_one(device, "policy")
    live_updates.changed(resident.organisation, live_updates.HELP)
