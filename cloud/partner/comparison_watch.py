"""Asks each partner once a day, by its webhook, which alarms of yesterday it has; several may run."""

import json
from datetime import date, timedelta
from threading import Event

from django.db.models import F
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from msgspec import Struct

from cloud.base import due_work, signed_post
from cloud.base.https_post import NotPosted
from cloud.help.models import Partner
from cloud.partner import comparison
from cloud.partner.comparison import Alarm
from cloud.partner.models import Comparison, ComparisonPlan, Registration
from cloud.people.models import CareSettings
from device.contract.errors import Malformed
from device.contract.wire import read

POLL_S = 300.0
# Yesterday's alarms are closed by then, and somebody is at work before the next night.
FROM_HOUR = 4
MOST_ATTEMPTS = 5
BETWEEN = timedelta(minutes=30)
LARGEST_ANSWER_BYTES = 2_000_000
State = Comparison.State


class PartnerAnswer(Struct, frozen=True):
    """What the partner has of the day; without ``registered`` residents are not compared."""

    alarms: list[str]
    registered: list[str] | None = None


def run(stopping: Event) -> None:
    """Compare with every partner as often as is due, until ``stopping`` is set."""
    due_work.repeat(stopping, POLL_S, ask_all)


def ask_all() -> None:
    """Asks every partner whose answer about yesterday is still missing."""
    if localtime().hour < FROM_HOUR:
        return
    plans = ComparisonPlan.objects.filter(is_daily=True).exclude(partner__webhook_url="")
    for plan in plans.select_related("partner__organisation"):
        _ask_once(plan.partner, localdate() - timedelta(days=1))


def _ask_once(partner: Partner, day: date) -> None:
    now = timezone.now()
    row, is_new = Comparison.objects.get_or_create(
        partner=partner, day=day, defaults={"tried_at": now, "attempts": 1}
    )
    if not is_new:
        again = Comparison.objects.filter(pk=row.pk, state__in=(State.ASKING, State.FAILED), settled_at=None)
        again = again.filter(attempts=row.attempts, attempts__lt=MOST_ATTEMPTS, tried_at__lte=now - BETWEEN)
        # Of two who ask at once, one does.
        if not again.update(attempts=F("attempts") + 1, tried_at=now):
            return
    try:
        answer = _ask(partner, day, comparison.alarms_of(partner, day))
    except (NotPosted, Malformed) as error:
        reason = str(error).replace("\0", "\ufffd")[:300]
        Comparison.objects.filter(pk=row.pk).update(state=State.FAILED, reason=reason)
        return
    registered = None if answer.registered is None else set(answer.registered)
    comparison.keep(partner, day, set(answer.alarms), registered)


def _ask(partner: Partner, day: date, alarms: list[Alarm]) -> PartnerAnswer:
    body = json.dumps(_question(partner, day, alarms)).encode()
    once = {"Idempotency-Key": f"comparison-{day.isoformat()}"}
    status, said = signed_post.post(
        partner.webhook_url, partner.webhook_secret, body, once, LARGEST_ANSWER_BYTES
    )
    if not 200 <= status < 300:
        raise NotPosted(f"HTTP {status}")
    answer: PartnerAnswer = read(said, PartnerAnswer)
    for number in (*answer.alarms, *(answer.registered or ())):
        if not 0 < len(number) <= comparison.LONGEST_NUMBER or not number.isprintable():
            raise NotPosted("the answer holds something that is no number")
    return answer


def _question(partner: Partner, day: date, alarms: list[Alarm]) -> dict[str, object]:
    path = partner.organisation.path
    monitored = CareSettings.objects.filter(resident__organisation__path__startswith=path, monitored=True)
    numbers = Registration.objects.filter(resident__in=monitored.values("resident"))
    return {
        "type": "daily-comparison",
        "id": f"comparison/{partner.pk}/{day.isoformat()}",
        "day": day.isoformat(),
        "organisation": str(partner.organisation),
        "alarms": [
            {"request": alarm.help_id, "received_at": alarm.received_at.isoformat()} for alarm in alarms
        ],
        "registered": sorted(numbers.values_list("number", flat=True)),
    }
