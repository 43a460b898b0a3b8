"""``/metrics`` for Prometheus: figures of the desk, its alarms and the fleet, without names (K12)."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from cloud.devices.models import Device, DeviceCommand, DeviceFault
from cloud.help.models import HelpRequest
from cloud.partner.models import AlarmMessage, DuressAlarm

DAY = timedelta(days=1)
# Three heartbeats.
SILENCE = timedelta(seconds=180)


class Desk(Collector):
    """Collects figures from the database."""

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; labels are kinds and states, never people."""
        now = timezone.now()
        yield from _help(now)
        yield from _fleet(now)
        yield from _alarms(now)


def _help(now: datetime) -> Iterator[Metric]:
    unanswered = HelpRequest.objects.filter(closed_at=None, taken_at=None)
    open_ = HelpRequest.objects.filter(closed_at=None)
    yield _gauge("help_open", "Calls for help that are not closed", open_.count())
    yield _gauge("help_unanswered", "Calls for help that nobody has taken", unanswered.count())
    oldest = unanswered.aggregate(oldest=Min("received_at"))["oldest"]
    waited_s = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    yield _gauge("help_oldest_wait_seconds", "How long the oldest of them has waited", waited_s)
    duress = DuressAlarm.objects.filter(settled_at=None).count()
    yield _gauge("duress_alarms_open", "Duress alarms that nobody has settled", duress)


def _fleet(now: datetime) -> Iterator[Metric]:
    devices = Device.objects.filter(use=Device.Use.IN_USE)
    heard = devices.filter(heard_at__gt=now - SILENCE).count()
    metric = GaugeMetricFamily("kotiruutu_devices", "Devices in use", labels=["heard"])
    metric.add_metric(["yes"], heard)
    metric.add_metric(["no"], devices.count() - heard)
    yield metric
    faults = DeviceFault.objects.filter(ended_at=None).count()
    yield _gauge("device_faults", "Faults of devices that have not ended", faults)
    unsent = DeviceCommand.objects.filter(expires_at__gt=now, stage="").count()
    yield _gauge("commands_unanswered", "Commands that wait for a device", unsent)


def _alarms(now: datetime) -> Iterator[Metric]:
    rows = AlarmMessage.objects.filter(created_at__gt=now - DAY).order_by()
    counts = dict(rows.values_list("state").annotate(count=Count("pk")))
    metric = GaugeMetricFamily(
        "kotiruutu_alarm_messages_24h", "Messages to alarm centres of the last day", labels=["state"]
    )
    for state in AlarmMessage.State.values:
        metric.add_metric([state], counts.get(state, 0))
    yield metric


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"kotiruutu_{name}", words, value=value)


@login_not_required
@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to clients with the token; 404 where none is set."""
    given = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, expected):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Desk())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
