"""Complete checks of the logs of forced calls each hour; a page only checks what has come in since (K5)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cloud.base import due_work
from cloud.calls import audit_chain
from cloud.calls.audit_chain import Broken
from cloud.calls.models import Call, DeviceLogEntry, ForcedCallEntry, LogCheck
from cloud.devices.models import Device
from cloud.organisations.models import Organisation, User

EACH = timedelta(hours=1)
POLL_S = 300.0
# What one page checks by itself; more waits for the next complete check.
MOST_NEW = 300
# A call is offered some time before it is logged as over.
LONGEST_CALL = timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """Whether the logs hold together, when all of them were checked, and whether more waits for that."""

    broken: list[Broken]
    checked_at: datetime | None
    is_partial: bool


def verdict(user: User) -> Verdict:
    """Return what the last complete check has found, and check the newest entries."""
    checks = list(LogCheck.objects.visible_to(user).select_related("organisation"))
    covered = min((check.entry for check in checks), default=0)
    covered_logs = min((check.device_entry for check in checks), default=0)
    checked_at = min((check.at for check in checks), default=None)
    entries = audit_chain.linked(ForcedCallEntry.objects.visible_to(user).filter(pk__gt=covered))
    logs = audit_chain.by_device(DeviceLogEntry.objects.visible_to(user).filter(pk__gt=covered_logs))
    new, new_logs = list(entries[: MOST_NEW + 1]), list(logs[: MOST_NEW + 1])
    calls = Call.objects.visible_to(user)
    if checked_at:
        calls = calls.filter(offered_at__gte=checked_at - LONGEST_CALL)
    broken = [
        *_known(checks),
        *audit_chain.verify(new[:MOST_NEW], calls),
        *audit_chain.verify_devices(new_logs[:MOST_NEW]),
    ]
    is_partial = len(new) > MOST_NEW or len(new_logs) > MOST_NEW
    return Verdict(list(dict.fromkeys(broken)), checked_at, is_partial)


def _known(checks: list[LogCheck]) -> Iterator[Broken]:
    named = {key for check in checks for key, *_place in check.broken if key}
    devices = Device.objects.select_related("resident").in_bulk(named) if named else {}
    for check in checks:
        for key, number, why, call in check.broken:
            yield Broken(check.organisation, number, why, call, devices.get(key))


def check_all() -> None:
    """Check every log, and store what was found of each organisation."""
    now = timezone.now()
    newest = ForcedCallEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    newest_of_device = DeviceLogEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    entries = audit_chain.linked(ForcedCallEntry.objects.filter(pk__lte=newest))
    logs = audit_chain.by_device(DeviceLogEntry.objects.filter(pk__lte=newest_of_device))
    found: defaultdict[int, list[Broken]] = defaultdict(list)
    for place in audit_chain.verify(entries.iterator(), Call.objects.all()):
        found[place.organisation.pk].append(place)
    for place in audit_chain.verify_devices(logs.iterator()):
        found[place.organisation.pk].append(place)
    with transaction.atomic():
        for organisation in Organisation.objects.all():
            LogCheck.objects.update_or_create(
                organisation=organisation,
                defaults={
                    "at": now,
                    "entry": newest,
                    "device_entry": newest_of_device,
                    "broken": [
                        [place.device and place.device.pk, place.number, place.why, place.call]
                        for place in found[organisation.pk]
                    ],
                },
            )


def check_due() -> None:
    """Check every log if the last complete check is an hour ago."""
    last = LogCheck.objects.aggregate(last=Max("at"))["last"]
    if last is None or timezone.now() - last >= EACH:
        check_all()


class LogCheckWatch:
    """Checks the logs each hour; several may run."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, check_due)
