"""Devices by month: how many there were, for how much of the time they were heard, what failed (V28)."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Report, Value, spans
from cloud.devices.faults import SILENCE
from cloud.devices.models import Device, DeviceFault
from cloud.organisations.models import User

Span = tuple[datetime, datetime]


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Return devices, uptime and faults of each month; a device counts from the day it was enrolled."""
    now, periods = timezone.now(), list(spans(months))
    ours = Device.objects.visible_to(user).filter(organisation__path__startswith=path, use=Device.Use.IN_USE)
    devices = list(ours.exclude(certificate_pem="").values_list("enrolled_at", "heard_at"))
    known = [enrolled_at for enrolled_at, _heard_at in devices]
    faults = DeviceFault.objects.visible_to(user).filter(device__in=ours, since__lt=periods[-1][1])
    faults = faults.filter(Q(ended_at=None) | Q(ended_at__gte=periods[0][0]))
    all_faults = list(faults.values_list("source", "since", "ended_at"))
    silent = [(since, ended_at or now) for source, since, ended_at in all_faults if source == "silence"]
    # A silence becomes a fault once it is over.
    silent += [(heard_at, now) for _at, heard_at in devices if heard_at and now - heard_at >= SILENCE]
    began = [since for source, since, _ended_at in all_faults if source != "silence"]
    return Numbers([_row(period, known, silent, began) for period in periods])


def _row(period: Span, enrolled: list[datetime], silent: list[Span], began: list[datetime]) -> list[Value]:
    begins, ends = period
    # Most were there all the time: only the others are looked at one by one.
    later = [each for each in enrolled if begins < each < ends]
    before = sum(each <= begins for each in enrolled)
    until = min(ends, timezone.now())
    whole = max(until - begins, timedelta())
    total = before * whole + sum((until - each for each in later if each < until), timedelta())
    quiet = _within(period, silent)
    uptime = round(100 * (1 - min(quiet / total, 1)), 1) if total else None
    return [
        before + len(later),
        uptime,
        round(quiet / timedelta(hours=1)),
        sum(begins <= since < ends for since in began),
    ]


def _within(period: Span, spans: list[Span]) -> timedelta:
    begins, ends = period
    parts = (min(until, ends) - max(since, begins) for since, until in spans)
    return sum((part for part in parts if part > timedelta()), timedelta())


REPORT = Report(
    "devices",
    _("Devices"),
    (
        Column(_("Devices in use")),
        Column(_("Uptime"), "%"),
        Column(_("Hours without a sign")),
        Column(_("Faults that began")),
    ),
    read,
)
