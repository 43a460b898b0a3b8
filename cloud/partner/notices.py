"""Rota and registration events for notification rules."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cloud.notices.events import EventType, Happened
from cloud.partner import comparison_watch, on_duty
from cloud.partner.models import Comparison, Registration, Rota

MOST_LOOKED_AT = 500
EVERY_S = 900.0
TYPES = (
    EventType("rota-not-covered", _("Nobody is on duty within three days"), ("from", "until")),
    EventType("comparison-differs", _("Desk and partner do not know the same alarms"), ("day",)),
    EventType("registration-waiting", _("A resident waits for the partner's confirmation")),
)


def happened(_since: datetime) -> Iterator[Happened]:
    """Each hole once, each day that differs, and each resident who is monitored but not confirmed."""
    now = timezone.now()
    for rota in Rota.objects.select_related("organisation")[:MOST_LOOKED_AT]:
        zone = ZoneInfo(rota.time_zone)
        for hole in on_duty.holes_ahead(rota, now)[:1]:
            ends = hole.ends.astimezone(zone)
            values = {"from": f"{hole.starts.astimezone(zone):%d.%m. %H:%M}", "until": f"{ends:%d.%m. %H:%M}"}
            key = f"rota-not-covered/{rota.pk}/{hole.ends:%Y%m%d%H%M}"
            yield Happened(key, "rota-not-covered", rota.organisation, now, None, values)
    yield from _comparisons()
    waiting = Registration.objects.filter(confirmed_at=None, resident__care__monitored=True)
    for row in waiting.select_related("resident__organisation")[:MOST_LOOKED_AT]:
        key = f"registration-waiting/{row.pk}"
        yield Happened(key, "registration-waiting", row.resident.organisation, now, row.resident)


def _comparisons() -> Iterator[Happened]:
    """A partner that does not answer is reported once the last attempt has failed."""
    rows = Comparison.objects.filter(settled_at=None, day__gte=localdate() - timedelta(days=7))
    failed = Q(state=Comparison.State.FAILED, attempts__gte=comparison_watch.MOST_ATTEMPTS)
    rows = rows.filter(Q(state=Comparison.State.DIFFERS) | failed)
    for row in rows.select_related("partner__organisation")[:MOST_LOOKED_AT]:
        key = f"comparison/{row.partner_id}/{row.day}/{row.state}"
        values = {"day": f"{row.day:%d.%m.%Y}"}
        yield Happened(key, "comparison-differs", row.partner.organisation, row.tried_at, None, values)
