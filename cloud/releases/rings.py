"""Rollout of releases by rings, and their automatic halt (K16)."""

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
    """Return the newest release for this device's ring that is newer than its own, or None."""
    reach = _RINGS[Device.Ring(device.ring)]
    rows = Release.objects.filter(arch=arch, number__gt=number, reach__gte=reach, halted_at=None)
    return rows.order_by("-number").first()


def newest(most: int) -> list[Release]:
    """Return releases, which any user with the permission may see."""
    return list(Release.objects.defer("manifest").select_related("reach_by")[:most])


def find(pk: int) -> Release | None:
    """Return the release, or None."""
    return Release.objects.filter(pk=pk).first()


def extend(release: Release, reach: int, by: User) -> None:
    """Offer it to this many rings from now on; the reason of a halt is cleared."""
    Release.objects.filter(pk=release.pk).update(
        reach=reach, reach_at=timezone.now(), reach_by=by, halted_at=None, halted_cause=""
    )


def halt(release: Release, found: Worse | None = None) -> None:
    """Stop offering it; devices keep it. Without a finding a user halted it."""
    Release.objects.filter(pk=release.pk, halted_at=None).update(
        halted_at=timezone.now(),
        halted_cause=found.cause if found else Release.Cause.PERSON,
        halted_bad=found.bad if found else 0,
        halted_of=found.devices if found else 0,
    )


def judge_all() -> None:
    """Halt each release that harms a ring."""
    for release in Release.objects.filter(halted_at=None).exclude(reach=Release.Reach.NOBODY):
        if found := judge(release):
            halt(release, found)


def judge(release: Release) -> Worse | None:
    """Return the reason to halt it, comparing its devices with the others.

    Faults from before the last extension were reviewed, or are unrelated.
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
