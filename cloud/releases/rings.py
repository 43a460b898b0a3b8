"""Who gets which release, and when one is halted by itself (K16)."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cloud.devices.faults import SILENCE
from cloud.devices.models import Device, DeviceFault
from cloud.organisations.models import User
from cloud.releases.judging import Counts, Worse, worse
from cloud.releases.models import DeviceRelease, Release

_RINGS = {Device.Ring.FIRST: 1, Device.Ring.SECOND: 2, Device.Ring.LAST: 3}


def offered(device: Device, arch: str, number: int) -> Release | None:
    """The newest release for this device's ring that is newer than what it has."""
    reach = _RINGS[Device.Ring(device.ring)]
    rows = Release.objects.filter(arch=arch, number__gt=number, reach__gte=reach, halted_at=None)
    return rows.order_by("-number").first()


def newest(most: int) -> list[Release]:
    """Releases are the desk's own: whoever may offer them sees all."""
    return list(Release.objects.defer("manifest").select_related("reach_by")[:most])


def find(pk: int) -> Release | None:
    """None where there is none."""
    return Release.objects.filter(pk=pk).first()


def extend(release: Release, reach: int, by: User) -> None:
    """Offers it to this many rings from now on; somebody has looked at why it was halted."""
    Release.objects.filter(pk=release.pk).update(
        reach=reach, reach_at=timezone.now(), reach_by=by, halted_at=None, halted_cause=""
    )


def halt(release: Release, found: Worse | None = None) -> None:
    """Offers it to nobody any more; who has it keeps it. Without a finding somebody wants it."""
    Release.objects.filter(pk=release.pk, halted_at=None).update(
        halted_at=timezone.now(),
        halted_cause=found.cause if found else Release.Cause.PERSON,
        halted_bad=found.bad if found else 0,
        halted_of=found.devices if found else 0,
    )


def judge_all() -> None:
    """Halts each release with which a ring gets worse."""
    for release in Release.objects.filter(halted_at=None).exclude(reach=Release.Reach.NOBODY):
        if found := judge(release):
            halt(release, found)


def judge(release: Release) -> Worse | None:
    """The reason to halt it, from what its devices are like now beside the others.

    What was so before somebody extended it was looked at, or has nothing to do with it.
    """
    since = release.reach_at or release.added_at
    words = DeviceRelease.objects.filter(number=release.number, version=release.version, at__gte=since)
    has_it = words.filter(stage=DeviceRelease.Stage.INSTALLED, device=OuterRef("pk"))
    in_use = Device.objects.filter(use=Device.Use.IN_USE).exclude(certificate_pem="")
    returned = words.filter(stage=DeviceRelease.Stage.RETURNED).count()
    updated, others = in_use.filter(Exists(has_it)), in_use.exclude(Exists(has_it))
    return worse(_counts(updated, since), _counts(others, since), returned)


def _counts(devices: "QuerySet[Device]", since: datetime) -> Counts:
    faults = DeviceFault.objects.filter(device=OuterRef("pk"), ended_at=None, since__gte=since)
    return Counts(
        devices=devices.count(),
        faulty=devices.filter(Exists(faults)).count(),
        silent=devices.filter(heard_at__gte=since, heard_at__lte=timezone.now() - SILENCE).count(),
    )
