"""Health of every device: components, faults with their start, and silent devices (K2, K8)."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.devices import parts
from cloud.devices.faults import LINK, SILENCE
from cloud.devices.models import Device, DeviceFault
from cloud.organisations.models import User
from cloud.organisations.scope import ScopedQuerySet

log = logging.getLogger(__name__)

Order = Literal["worst", "name"]
FEWEST_CONTACTS = 2
PAGE = 50
MOST_PAGES = 10_000


@dataclass(frozen=True)
class PartState:
    """The state of a component in words; ``since`` is None where it is unknown yet."""

    title: str
    words: str
    is_bad: bool
    level: int
    since: datetime | None = None
    by_self_test: bool = False


@dataclass(frozen=True)
class Health:
    """A device, its faults, and its other components."""

    device: Device
    is_silent: bool
    silent_since: datetime
    faults: list[PartState]
    others: list[PartState]
    is_alarm_ready: bool


def page(user: User, order: Order = "worst", number: int = 1) -> tuple[list[Health], bool]:
    """Return one page of the user's devices, and whether another one follows."""
    start = (max(1, min(number, MOST_PAGES)) - 1) * PAGE
    keys = list(_in_order(_enrolled(user), order).values_list("pk", flat=True)[start : start + PAGE + 1])
    found = {each.device.pk: each for each in _healths(user, keys[:PAGE])}
    return [found[key] for key in keys[:PAGE] if key in found], len(keys) > PAGE


def of_device(user: User, device: str) -> list[Health]:
    """Return one device as the list shows it, or nothing if the user may not see it."""
    return _healths(user, [device])


def _enrolled(user: User) -> ScopedQuerySet[Device]:
    return Device.objects.visible_to(user).exclude(certificate_pem="")


def _in_order(rows: ScopedQuerySet[Device], order: Order) -> QuerySet[Device]:
    """Sort by severity (silence, vital components, the rest, then number of faults), or by name."""
    names = Coalesce(Lower("resident__first_name"), "pk"), Lower("resident__last_name"), "pk"
    if order == "name":
        return rows.order_by(*names)
    broken = DeviceFault.objects.filter(device=OuterRef("pk"), ended_at=None)
    level = Case(
        When(~Q(use=Device.Use.IN_USE), then=Value(-1)),
        When(_silent(), then=Value(3)),
        When(Exists(broken.filter(part__in=parts.VITAL)), then=Value(2)),
        When(Exists(broken), then=Value(1)),
        default=Value(0),
    )
    count = Count("faults", filter=Q(faults__ended_at=None))
    return rows.annotate(level=level, broken=count).order_by("-level", "-broken", *names)


def _healths(user: User, keys: list[str]) -> list[Health]:
    now = timezone.now()
    rows: ScopedQuerySet[Any] = _enrolled(user).filter(pk__in=keys)
    rows = rows.select_related("resident", "organisation").annotate(
        escalation_contact_count=Count("resident__escalation_contacts", distinct=True)
    )
    open_faults = DeviceFault.objects.visible_to(user).filter(ended_at=None)
    ended = DeviceFault.objects.visible_to(user).exclude(ended_at=None).order_by("-ended_at")[:50]
    rows = rows.prefetch_related(
        Prefetch("faults", open_faults, to_attr="open_faults"),
        Prefetch("faults", ended, to_attr="ended_faults"),
    )
    return [_health_or_unreadable(device, now) for device in cast(Iterable[Device], rows)]


def faulty(user: User) -> ScopedQuerySet[Device]:
    """Return the devices in use that have a fault or are silent."""
    rows = Device.objects.visible_to(user).filter(use=Device.Use.IN_USE).exclude(certificate_pem="")
    broken = DeviceFault.objects.filter(device=OuterRef("pk"), ended_at=None)
    return rows.filter(_silent() | Q(Exists(broken)))


def faults_now(device: Device) -> list[PartState]:
    """Return its silence and its open faults, for a page about somebody who needs help."""
    since = device.heard_at or device.enrolled_at
    silence = PartState(parts.title(LINK), _silent_words(device), True, 3, since)
    return [*([silence] if timezone.now() - since >= SILENCE else []), *open_faults(device)]


def open_faults(device: Device) -> list[PartState]:
    """Return the open faults of a device, the first seen first; undated ones last."""
    dated = _once(device.faults.filter(ended_at=None))
    known = {fault.part for fault in dated}
    said = (device.heartbeat or {}).get("faults") or []
    undated = [DeviceFault(**fault) for fault in said if fault["part"] not in known]
    return [_state(fault) for fault in (*dated, *undated)]


def _once(found: Iterable[DeviceFault]) -> list[DeviceFault]:
    """Merge a fault that heartbeat and self-test both report: the heartbeat's has an end."""
    faults = list(found)
    beaten = {fault.part for fault in faults if fault.source == DeviceFault.Source.HEARTBEAT}
    return [
        fault for fault in faults if fault.source != DeviceFault.Source.SELF_TEST or fault.part not in beaten
    ]


def _silent() -> Q:
    before = timezone.now() - SILENCE
    return Q(heard_at__lte=before) | Q(heard_at=None, enrolled_at__lte=before)


def _health_or_unreadable(device: Device, now: datetime) -> Health:
    """Return the health, or a placeholder where it is invalid, so that the list is complete (K21)."""
    try:
        return _health(device, now)
    except Exception:
        log.exception("The health of %s cannot be read", device.pk)
        since = device.heard_at or device.enrolled_at
        fault = PartState(_("Health"), _("cannot be read"), is_bad=True, level=3, since=since)
        return Health(
            device, is_silent=False, silent_since=since, faults=[fault], others=[], is_alarm_ready=False
        )


def _health(device: Device, now: datetime) -> Health:
    heard_at = device.heard_at or device.enrolled_at
    is_silent = now - heard_at >= SILENCE
    faults = [_state(fault) for fault in _once(device.open_faults)]  # type: ignore[attr-defined]
    if is_silent:
        faults.insert(0, PartState(parts.title(LINK), _silent_words(device), True, 3, heard_at))
    broken = {fault.part for fault in device.open_faults}  # type: ignore[attr-defined]
    others = [_working(device, part, is_silent) for part in _fitted(device) if part not in broken]
    contacts: int = device.escalation_contact_count  # type: ignore[attr-defined]
    return Health(device, is_silent, heard_at, faults, others, contacts >= FEWEST_CONTACTS)


def _silent_words(device: Device) -> str:
    return _("no word from it") if device.heard_at else _("no word from it yet")


def _state(fault: DeviceFault) -> PartState:
    return PartState(
        parts.title(fault.part),
        parts.reason(fault.reason) or _("does not work"),
        is_bad=True,
        level=2 if fault.part in parts.VITAL else 1,
        since=fault.since,
        by_self_test=fault.source == DeviceFault.Source.SELF_TEST,
    )


def _working(device: Device, part: str, is_silent: bool) -> PartState:
    ended: Iterable[DeviceFault] = device.ended_faults  # type: ignore[attr-defined]
    mended_at = next((fault.ended_at for fault in ended if fault.part == part), None)
    words = _("worked when it was last heard") if is_silent else _("works")
    # It was never reported: it has worked since the device came to the desk.
    since = mended_at or device.enrolled_at
    return PartState(parts.title(part), words, is_bad=False, level=0, since=since)


def _fitted(device: Device) -> list[str]:
    """Return the components that the device reports."""
    said = (device.heartbeat or {}).get("fitted") or []
    return sorted({str(part) for part in said}, key=parts.title)
