"""Plans the reminders of residents' appointments; writes only changes (M6, M7, M9, M12)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.db import transaction
from django.utils import timezone

from cloud.messages.facts import Facts, facts_of
from cloud.messages.merge import merge
from cloud.messages.models import Message, ReminderChannel, ReminderType
from cloud.people.models import Resident
from device.contract.documents import Occurrence
from device.contract.message_times import Lead, Span, Window, reminder_span
from device.contract.messages import LONGEST_BODY, MOST_MESSAGES
from device.contract.wall_time import resolve_gap

WINDOW = Window()
HORIZON = timedelta(days=8)
# More than the longest time to confirm, and than a change of zones moves a wall time.
KNOWN_BACK = timedelta(days=3)
# So many rows a transaction: a call for help hardly waits.
MOST_WRITTEN = 300
_LOCALES = {"fi": "fi", "sv": "sv_FI", "da": "da", "en": "en_GB"}
_DATES = {"sv": "EEEE d MMMM", "en": "EEEE d MMMM"}
_PLANNED = ("title", "body", "about", "due_at", "until", "any_hour", "channel", "asks_confirmation")


def replan(residents: Collection[Resident], now: datetime | None = None) -> None:
    """Save new and changed reminders, and delete obsolete ones; where nothing has changed, only read."""
    now = now or timezone.now()
    known: dict[int, dict[str, Message]] = defaultdict(dict)
    rows = Message.objects.filter(resident__in=residents, until__gt=now - KNOWN_BACK)
    for row in rows.exclude(appointment=""):
        known[row.resident_id][row.key] = row
    wanted = {(message.resident_id, message.key): message for message in _wanted(residents, now)}
    gone = [
        row.pk
        for pk, rows_of_one in known.items()
        for key, row in rows_of_one.items()
        if (pk, key) not in wanted and _is_removable(row, now)
    ]
    new, moved = [], {}
    for (pk, key), message in wanted.items():
        planned = known[pk].get(key)
        if planned is None:
            new.append(message)
        elif planned.is_open and _values(planned) != _values(message):
            moved[planned.pk] = _values(message)
    _write(gone, new, moved)


def _write(gone: list[int], new: list[Message], moved: dict[int, dict[str, Any]]) -> None:
    """Write in short transactions; where one fails, the next planning does the rest."""
    changes = list(moved.items())
    for at in range(0, max(len(gone), len(new), len(changes)), MOST_WRITTEN):
        part = slice(at, at + MOST_WRITTEN)
        with transaction.atomic():
            if gone[part]:
                Message.objects.filter(pk__in=gone[part], state__in=Message.OPEN).delete()
            # A parallel run for the same resident writes the same.
            Message.objects.bulk_create(new[part], ignore_conflicts=True)
            for pk, values in changes[part]:
                Message.objects.filter(pk=pk, state__in=Message.OPEN).update(**values)


def _is_removable(message: Message, now: datetime) -> bool:
    """Return whether it is in the future or on the screen; the history is kept."""
    return message.is_open and message.until > now


def _values(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _PLANNED}


def _wanted(residents: Collection[Resident], now: datetime) -> Iterator[Message]:
    for facts in facts_of(residents):
        ahead = (each for one in facts.occurrences for each in _reminders(facts, one, now))
        yield from islice(ahead, MOST_MESSAGES)


def _reminders(facts: Facts, occurrence: Occurrence, now: datetime) -> Iterator[Message]:
    """Yield the reminders of one appointment that are due before the horizon and not over."""
    type_ = _type_of(occurrence.title, facts.types)
    if type_ is None or occurrence.all_day:
        return
    starts = _starts(occurrence, facts.zone)
    spans = [(lead, _span(type_, lead, starts)) for lead in type_.leads]
    ahead = [(lead, span) for lead, span in spans if now < span.until and span.due_at < now + HORIZON]
    if not ahead:
        return
    values = fields_of(facts.resident, starts, facts.language, facts.performers.get(occurrence.id, ""))
    body = merge(type_.text.body(facts.language), values)[:LONGEST_BODY]
    channel = _channel(type_, facts)
    # Without a screen nobody can confirm.
    is_shown = facts.has_screen and channel != ReminderChannel.PHONE
    for lead, span in ahead:
        yield Message(
            resident=facts.resident,
            key=f"{occurrence.id}/{occurrence.starts}/{'evening' if lead.evening else lead.minutes}",
            appointment=occurrence.id,
            title=occurrence.title[:150],
            body=body,
            about=f"{values['date']} {values['time']}",
            due_at=span.due_at,
            until=span.until,
            any_hour=type_.any_hour,
            channel=channel,
            asks_confirmation=type_.asks_confirmation and is_shown,
        )


def _channel(type_: ReminderType, facts: Facts) -> str:
    """Return the type's channel; without a phone the screen shows what was to be a text message."""
    is_impossible = type_.channel == ReminderChannel.PHONE and not facts.has_phone
    return ReminderChannel.SCREEN_OR_PHONE if is_impossible else type_.channel


def _type_of(title: str, types: list[ReminderType]) -> ReminderType | None:
    named = [each for each in types if each.keyword and each.keyword.casefold() in title.casefold()]
    return next(iter(named), next((each for each in types if not each.keyword), None))


def _starts(occurrence: Occurrence, zone: ZoneInfo) -> datetime:
    own = ZoneInfo(occurrence.time_zone) if occurrence.time_zone else zone
    return resolve_gap(datetime.fromisoformat(occurrence.starts).replace(tzinfo=own)).astimezone(zone)


def _span(type_: ReminderType, lead: Lead, starts: datetime) -> Span:
    window = None if type_.any_hour else WINDOW
    within = timedelta(minutes=type_.confirm_within_min) if type_.asks_confirmation else timedelta()
    return reminder_span(starts, lead, window, within)


def fields_of(resident: Resident, starts: datetime, language: str, performer: str) -> dict[str, str]:
    """Return the merge fields of this resident and time, localised (M5)."""
    return {
        "first_name": resident.first_name,
        **day_and_time(starts, language),
        "performer": performer,
        "organisation": str(resident.organisation),
        "language": language,
    }


def day_and_time(starts: datetime, language: str) -> dict[str, str]:
    """Return the merge fields of this local time."""
    date, time = _in_words(starts.replace(tzinfo=None), language)
    return {"date": date, "time": time}


# By wall time: times of two zones that are one instant are equal.
@lru_cache(maxsize=4096)
def _in_words(wall: datetime, language: str) -> tuple[str, str]:
    locale = _LOCALES.get(language, "fi")
    date = format_date(wall, _DATES.get(language, "EEEE d. MMMM"), locale=locale)
    return date, format_time(wall, "short" if language in {"fi", "en"} else "H.mm", locale=locale)
