"""A calendar file (RFC 5545) becomes the spans of a rota; what is not taken is named (S5).

It is read and expanded by the process that reads residents' calendars, within the same bounds.
"""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cloud.base import due_work
from cloud.calendar.expansion import HORIZON, CannotExpand, calendar_of, expand_source
from cloud.calendar.ical import LONGEST_EXPANSION_S, TOO_LARGE, read_upload
from cloud.calendar.wording import name_or_default, reason
from cloud.organisations.models import User
from cloud.partner.models import Rota, RotaCalendar, RotaPerson, RotaSpan
from cloud.partner.rota import Span, span_of

# Three shifts a day of ten people, for the sixty days of the horizon.
MOST_SPANS = 2000
MOST_PROBLEMS = 50
MOST_SOURCES_CHARACTERS = 4_000_000
RENEW_S = 3600.0
# Reasons of our own, beside those of calendar files.
NOBODY, NO_END, FULL = "nobody", "no-end", "full"

_FOLD = re.compile(r"\r?\n[ \t]")

Json = dict[str, Any]
Problem = tuple[str, str, Json]


@dataclass
class Plan:
    """What a file comes to: who is on duty when, and what of it is left out."""

    sources: list[str]
    spans: list[Span] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def skip(self, name: str, code: str, **values: object) -> None:
        """Notes once that something is not in the plan."""
        problem = (name, code, dict(values))
        if problem not in self.problems and len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def read(own: Rota, content: bytes) -> Plan:
    """Return the plan of a file without saving it. Raises ``ValidationError`` where it has no duties."""
    found = read_upload(content)
    plan = _expanded(own, _series(found["events"]))
    for name, code, values in found["problems"]:
        plan.skip(name, code, **values)
    if not plan.spans:
        words = _("By this file nobody is on duty in the next %(days)d days. %(problems)s")
        shown = "; ".join(problem_words(plan.problems)[:5])
        raise ValidationError(words, params={"days": HORIZON.days, "problems": shown})
    return plan


@transaction.atomic
def store(own: Rota, plan: Plan, file_name: str, by: User) -> None:
    """The file takes the place of the one before."""
    RotaCalendar.objects.filter(rota=own).delete()
    calendar = RotaCalendar.objects.create(
        rota=own,
        file_name=file_name.replace("\0", "")[-150:],
        imported_at=timezone.now(),
        imported_by=by,
        sources=plan.sources,
        problems=plan.problems,
        expanded_until=localdate() + HORIZON,
    )
    _keep(calendar, plan)


def renew(calendar: RotaCalendar) -> None:
    """Expands the file again, up to today's horizon and for the people that the rota has now."""
    plan = _expanded(calendar.rota, calendar.sources)
    with transaction.atomic():
        calendar.spans.all().delete()
        calendar.problems, calendar.expanded_until = plan.problems, localdate() + HORIZON
        calendar.save(update_fields=["problems", "expanded_until"])
        _keep(calendar, plan)


def renew_of(own: Rota) -> None:
    """Read the file again after a person was added to the rota: it may contain their name."""
    for calendar in RotaCalendar.objects.filter(rota=own).select_related("rota"):
        renew(calendar)


def run(stopping: Event) -> None:
    """Keeps every file expanded, until ``stopping`` is set."""
    due_work.repeat(stopping, RENEW_S, renew_due)


def renew_due() -> None:
    """Renews what does not reach today's horizon."""
    short = RotaCalendar.objects.filter(expanded_until__lt=localdate() + HORIZON)
    for calendar in short.select_related("rota").iterator():
        renew(calendar)


def problem_words(problems: Iterable[Problem]) -> list[str]:
    """What is not in the plan, in the reader's language."""
    own = {
        NOBODY: _("nobody on the rota has this name; add them with their number, or correct the file"),
        NO_END: _("it has no end"),
        FULL: _("there are more than %(most)d shifts in two months") % {"most": MOST_SPANS},
    }
    return [
        f"{name_or_default(name)}: {own.get(code) or reason(code, values)}" for name, code, values in problems
    ]


def _keep(calendar: RotaCalendar, plan: Plan) -> None:
    RotaSpan.objects.bulk_create(
        RotaSpan(calendar=calendar, person_id=span.person, starts_at=span.starts_at, ends_at=span.ends_at)
        for span in plan.spans
    )


def _series(events: list[Json]) -> list[str]:
    """Each series with its changed times as one calendar; what was cancelled as a whole is none."""
    sources = []
    masters = [event for event in events if not event["replaces"] and not event["cancelled"]]
    cancelled = {event["uid"] for event in events if event["cancelled"] and not event["replaces"]}
    changes: dict[str, list[Json]] = {}
    for event in events:
        if event["replaces"]:
            changes.setdefault(event["uid"], []).append(event)
    for master in masters:
        if master["uid"] in cancelled:
            continue
        together = [master, *changes.pop(master["uid"], [])]
        zones = dict.fromkeys(zone for event in together for zone in event["zones"])
        sources.append(calendar_of([event["text"] for event in together], list(zones)))
    for alone in changes.values():
        sources += [calendar_of([event["text"]], event["zones"]) for event in alone if not event["cancelled"]]
    # In one piece (RFC 5545, 3.1) a name is found when it has to be erased.
    return [_FOLD.sub("", each) for each in sources]


def _expanded(own: Rota, sources: list[str]) -> Plan:
    if sum(map(len, sources)) > MOST_SOURCES_CHARACTERS:
        raise ValidationError(TOO_LARGE)
    plan = Plan(sources)
    people = list(RotaPerson.objects.filter(rota=own))
    zone, today, until = ZoneInfo(own.time_zone), localdate(), time.monotonic() + LONGEST_EXPANSION_S
    for source in sources:
        for occurrence in _occurrences(source, today, until, plan):
            if len(plan.spans) >= MOST_SPANS:
                plan.skip("", FULL)
                return plan
            _take(occurrence, people, zone, plan)
    return plan


def _occurrences(source: str, today: date, until: float, plan: Plan) -> Iterator[Json]:
    if time.monotonic() > until:
        plan.skip(_title(source), "too-slow")
        return
    try:
        yield from expand_source(source, today)["occurrences"]
    except CannotExpand as problem:
        plan.skip(_title(source), problem.code, **problem.values)


def _take(occurrence: Json, people: list[RotaPerson], zone: ZoneInfo, plan: Plan) -> None:
    title = occurrence["title"]
    person = _named(title, people)
    if person is None:
        plan.skip(title, NOBODY)
        return
    starts = _moment(occurrence["starts"], occurrence["time_zone"], zone)
    ends = _moment(occurrence["ends"] or occurrence["starts"], occurrence["time_zone"], zone)
    if ends.replace(tzinfo=None) <= starts.replace(tzinfo=None):
        plan.skip(title, NO_END)
        return
    plan.spans.append(span_of(person.pk, starts, ends))


def _named(title: str, people: list[RotaPerson]) -> RotaPerson | None:
    """Return the person whose name or address is the title, or the only one found in it."""
    sought = f" {' '.join(title.casefold().split())} "
    same = [each for each in people if sought.strip() in (each.name.casefold(), each.email.casefold())]
    within = [each for each in people if f" {each.name.casefold()} " in _words(sought)]
    found = same or within
    return found[0] if len(found) == 1 else None


def _words(title: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-'’@." else " " for letter in title)


def _moment(wall: str, named: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(named) if named else zone)


def _title(source: str) -> str:
    lines = source.split("\r\n")
    return next((line[8:108] for line in lines if line.startswith("SUMMARY:")), "")
