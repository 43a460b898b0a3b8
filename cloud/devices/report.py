"""Devices by month: how many there were, for how much of the time they were heard, what failed (V28)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cloud.base.reports import Column, Numbers, Report, spans
from cloud.base.reports import Value as Number
from cloud.devices.faults import SILENCE
from cloud.devices.models import Device, DeviceFault
from cloud.organisations.models import User

NOTHING = timedelta()


def read(user: User, path: str, months: list[date]) -> Numbers:
    """Return devices, uptime and faults of each month; a device counts from the day it was enrolled.

    The database adds up: of thousands of devices no row is read.
    """
    now, periods = timezone.now(), list(spans(months))
    ours = Device.objects.visible_to(user).filter(organisation__path__startswith=path, use=Device.Use.IN_USE)
    ours = ours.exclude(certificate_pem="").order_by()
    faults = DeviceFault.objects.visible_to(user).filter(device__in=ours).order_by()
    faults = faults.filter(since__lt=periods[-1][1])
    # A silence becomes a fault once it is over.
    is_silent, was_silent = Q(heard_at__lte=now - SILENCE), Q(source=DeviceFault.Source.SILENCE)
    of_devices: dict[str, Any] = {}
    of_faults: dict[str, Any] = {}
    for at, (begins, ends) in enumerate(periods):
        until = min(ends, now)
        of_devices[f"number{at}"] = Count("pk", filter=Q(enrolled_at__lt=ends))
        of_devices[f"there{at}"] = _overlap("enrolled_at", None, (begins, until), Q())
        of_devices[f"quiet{at}"] = _overlap("heard_at", None, (begins, until), is_silent)
        over = Coalesce("ended_at", _moment(now))
        is_later = Q(ended_at=None) | Q(ended_at__gt=begins)
        of_faults[f"quiet{at}"] = _overlap("since", over, (begins, ends), was_silent & is_later)
        of_faults[f"began{at}"] = Count("pk", filter=Q(since__gte=begins, since__lt=ends) & ~was_silent)
    devices, failed = ours.aggregate(**of_devices), faults.aggregate(**of_faults)
    return Numbers([_row(at, devices, failed) for at in range(len(periods))])


def _overlap(since: str, over: Any, period: tuple[datetime, datetime], which: Q) -> Sum:
    """Add up how much of the period lies after ``since`` and, where that is given, before ``over``."""
    begins, until = period
    end = Least(over, _moment(until)) if over is not None else _moment(until)
    lasted = ExpressionWrapper(end - Greatest(F(since), _moment(begins)), DurationField())
    inside = Q(**{f"{since}__lt": until}) if until > begins else Q(pk__in=[])
    return Sum(lasted, filter=which & inside, default=NOTHING)


def _moment(at: datetime) -> Value:
    return Value(at, DateTimeField())


def _row(at: int, devices: dict[str, Any], faults: dict[str, Any]) -> list[Number]:
    there: timedelta = devices[f"there{at}"]
    quiet: timedelta = devices[f"quiet{at}"] + faults[f"quiet{at}"]
    uptime = round(100 * (1 - min(quiet / there, 1)), 1) if there else None
    return [devices[f"number{at}"], uptime, round(quiet / timedelta(hours=1)), faults[f"began{at}"]]


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
