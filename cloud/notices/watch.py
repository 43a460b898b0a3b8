"""Finds events, and queues their notifications. Several may run.

Finding is separate from the events themselves: a failure here does not delay help, and each event is stored
once by its key. Non-urgent ones wait a minute, so that a network outage of a street is one message for each
recipient.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from cloud.base import due_work
from cloud.delivery import outbox
from cloud.delivery.outbox import Letter
from cloud.notices import events, words
from cloud.notices.models import Notice, NoticeRule, NoticeSent, NoticeTemplate, TemplateFile
from cloud.notices.quiet import not_before
from cloud.notices.recipients import Somebody, of_notice
from cloud.organisations.models import Organisation

log = logging.getLogger(__name__)

POLL_S = 2.0
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
LOOKS_BACK = timedelta(hours=1)
GATHERED = timedelta(seconds=60)
# Up to this many of one type to one person are separate messages.
MOST_SINGLE = 3
MOST_A_TURN = 500


@dataclass(frozen=True)
class _Said:
    notice: Notice
    template: NoticeTemplate
    to: Somebody


class NoticeWatch:
    """Finds new events every two seconds and puts their notifications into the outbox."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock
        self._asked: dict[str, datetime] = {}

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self.turn)

    def turn(self) -> None:
        """Find events and send notifications."""
        now = self._clock()
        due = {
            name: source
            for name, (source, every_s) in events.sources().items()
            if abs(now - self._asked.get(name, NEVER)) >= timedelta(seconds=every_s)
        }
        self._asked.update(dict.fromkeys(due, now))
        find(due.values(), now)
        send(now)


def find(sources: Iterable[events.Source], now: datetime) -> None:
    """Store new events, each once, if there is any recipient."""
    wanted = set(NoticeRule.objects.values_list("template__event", flat=True))
    if not wanted:
        return
    for source in sources:
        try:
            found = islice(source(now - LOOKS_BACK), MOST_A_TURN)
            happened = [each for each in found if each.event in wanted]
        except Exception:
            log.exception("Events cannot be looked for by %s", getattr(source, "__module__", source))
            continue
        known = set(
            Notice.objects.filter(key__in=[each.key for each in happened]).values_list("key", flat=True)
        )
        rows = [
            Notice(
                key=each.key, event=each.event, organisation=each.organisation, at=each.at,
                resident=each.resident, values=dict(each.values or {}), found_at=now,
            )
            for each in happened
            if each.key not in known
        ]  # fmt: skip
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def send(now: datetime) -> int:
    """Queue the messages of all due notices; return how many notices."""
    with transaction.atomic():
        waiting = Notice.objects.filter(sent_at=None).order_by("found_at", "pk")
        locked = waiting.select_for_update(skip_locked=True, of=("self",))
        rows = list(locked.select_related("organisation", "resident")[:MOST_A_TURN])
        due = _due(rows, now)
        said: dict[tuple[str, str], list[_Said]] = defaultdict(list)
        kinds = {(notice.event, notice.organisation_id): notice.organisation for notice in due}
        rules = {kind: _rules(kind[0], organisation) for kind, organisation in kinds.items()}
        for notice in due:
            for rule, to in of_notice(notice, rules[notice.event, notice.organisation_id]):
                said[notice.event, to.key].append(_Said(notice, rule.template, to))
        for (event, _key), several in said.items():
            _put(event, several, now)
        Notice.objects.filter(pk__in=[row.pk for row in due]).update(sent_at=now)
    return len(due)


def _due(rows: list[Notice], now: datetime) -> list[Notice]:
    """Return urgent notices at once, others when the first of their type has waited."""
    begins: dict[str, datetime] = {}
    for row in rows:
        begins[row.event] = min(begins.get(row.event, row.found_at), row.found_at)
    return [row for row in rows if _is_urgent(row.event) or now - begins[row.event] >= GATHERED]


def _is_urgent(event: str) -> bool:
    found = events.type_of(event)
    return found is not None and found.is_urgent


def _rules(event: str, organisation: Organisation) -> list[NoticeRule]:
    """Return rules, nearest organisations first; files without their content."""
    line = organisation.line
    rows = NoticeRule.objects.filter(template__event=event, template__organisation__in=line)
    files = Prefetch("template__files", TemplateFile.objects.only("name", "template"))
    found = rows.select_related("template", "person__contact").prefetch_related("person__addresses", files)
    ordered = found.order_by("template__name", "template_id", "pk")
    return sorted(ordered, key=lambda rule: line.index(rule.template.organisation_id), reverse=True)


def _put(event: str, several: list[_Said], now: datetime) -> None:
    is_urgent = _is_urgent(event)
    to = several[0].to
    zone = ZoneInfo(settings.TIME_ZONE)
    due_at = now if is_urgent else not_before(now.astimezone(zone), to.quiet_from, to.quiet_until)
    texts = [words.filled(each.template, each.notice, to.language) for each in several]
    if is_urgent or len(several) <= MOST_SINGLE:
        for each, text in zip(several, texts, strict=True):
            _letter([each], text, due_at)
    else:
        _letter(several, words.digest(texts, to.language), due_at)


def _letter(several: list[_Said], text: tuple[str, str], due_at: datetime) -> None:
    first = several[0]
    letter = Letter(
        key=f"notice-{first.notice.pk}-{first.to.key}",
        about=first.notice.event,
        who=first.to.name,
        subject=text[0],
        body=text[1],
        addresses=first.to.addresses,
        resident=first.notice.resident if len(several) == 1 else None,
    )
    delivery = outbox.put(first.notice.organisation, letter, due_at)
    NoticeSent.objects.bulk_create(
        NoticeSent(
            notice=each.notice, delivery=delivery, template=each.template, template_name=each.template.name,
            version=each.template.version, in_digest=len(several) > 1,
        )
        for each in several
    )  # fmt: skip
