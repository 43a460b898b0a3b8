"""Imports an iCalendar file as a resident's appointments, and lists what was not imported."""

import time
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cloud.calendar.expansion import CannotExpand, expand, read_file
from cloud.calendar.models import Appointment
from cloud.calendar.wording import name_or_default, reason
from cloud.people.models import Resident

LARGEST_BYTES = 2_000_000
TOO_LARGE = gettext_lazy("The file is too large: at most 2 MB, please.")
# The contract's maximum.
MOST_APPOINTMENTS = 1000
# Time for all series of a file together: each may take the worker's two seconds.
LONGEST_EXPANSION_S = 20.0
SHOWN = ("title", "place", "starts", "ends", "all_day", "time_zone", "rule")

Event = dict[str, Any]


@dataclass
class Result:
    """The result of an import: counts of events, and problems as (event, reason)."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)

    def add_problem(self, name: str, code: str, **values: object) -> None:
        """Add an event that was not imported as it is in the file."""
        self.problems.append((name_or_default(name), reason(code, values)))


def ingest(content: bytes, resident: Resident) -> Result:
    """Add new events, update those with a known UID, and leave all others alone.

    Raises ``ValidationError`` where the whole file cannot be used.
    """
    return prepare(content, resident).store()


def read_upload(content: bytes) -> dict[str, Any]:
    """Return the ``events`` and ``problems`` of a file that somebody chose; bounded in size and time.

    Raises ``ValidationError`` with the reason where the whole file cannot be used.
    """
    if len(content) > LARGEST_BYTES:
        raise ValidationError(TOO_LARGE)
    try:
        return read_file(content)
    except CannotExpand as problem:
        words = _("This is not a calendar file that can be used: %(reason)s")
        raise ValidationError(words, params={"reason": reason(problem.code, problem.values)}) from None


def prepare(content: bytes, resident: Resident) -> "Import":
    """Parse and expand a file without writing: no transaction stays open meanwhile.

    Raises ``ValidationError`` where the whole file cannot be used.
    """
    found = read_upload(content)
    if not found["events"] and not found["problems"]:
        raise ValidationError(_("There is no appointment in this file."))
    result = Result()
    for name, code, values in found["problems"]:
        result.add_problem(name, code, **values)
    prepared = Import(resident, result)
    prepared.take(found["events"])
    return prepared


class Import:
    """Matches the events of one file with the resident's stored calendar."""

    def __init__(self, resident: Resident, result: Result) -> None:
        self._resident, self._result = resident, result
        imported = Appointment.objects.filter(resident=resident).exclude(uid="")
        self._stored = {each.uid: each for each in imported}
        self._cancelled: list[Appointment] = []
        self._ready: list[Appointment] = []
        self._until = time.monotonic() + LONGEST_EXPANSION_S

    def take(self, events: list[Event]) -> None:
        """Add the series first, then the overrides of single occurrences."""
        masters = [event for event in events if not event["replaces"]]
        shared = {uid for uid, count in Counter(event["uid"] for event in masters).items() if count > 1}
        touched: dict[str, Appointment] = {}
        for event in masters:
            # Several events with one UID are separate appointments: none of them may be lost.
            uid = f"{event['uid']}#{event['starts']}" if event["uid"] in shared else event["uid"]
            self._take_master(uid, event, touched)
        for event in events:
            if event["replaces"]:
                self._take_change(event, touched)
        for appointment in touched.values():
            self._expand(appointment)

    def store(self) -> Result:
        """Save the prepared appointments; return the result for each event."""
        for appointment in self._cancelled:
            appointment.delete()
            self._result.removed += 1
        count = self._resident.appointments.count()
        for appointment in self._ready:
            if appointment.pk:
                appointment.save()
                self._result.changed += 1
            elif count >= MOST_APPOINTMENTS:
                self._result.add_problem(appointment.title, "full", most=MOST_APPOINTMENTS)
            else:
                appointment.save()
                count += 1
                self._result.added += 1
        return self._result

    def _take_master(self, uid: str, event: Event, touched: dict[str, Appointment]) -> None:
        known = self._stored.get(uid)
        if known and event["sequence"] < known.sequence:
            self._result.add_problem(event["title"], "older")
        elif event["cancelled"]:
            self._cancel(event)
        else:
            appointment = touched[uid] = Appointment(pk=known.pk if known else None, resident=self._resident)
            appointment.uid, appointment.sequence = uid, event["sequence"]
            appointment.source = {
                "master": event["text"],
                "zones": event["zones"],
                "changed": {},
                "title": event["title"],
                "place": event["place"],
            }
            self._show(appointment, event)

    def _take_change(self, event: Event, touched: dict[str, Appointment]) -> None:
        uid = event["uid"]
        # A copy: the stored row is compared with it.
        appointment = touched.get(uid) or deepcopy(self._stored.get(uid))
        if appointment is None and event["cancelled"]:
            self._result.add_problem(event["title"], "not-known")
            return
        if appointment is None:
            appointment = Appointment(resident=self._resident, uid=uid, source={"zones": [], "changed": {}})
            self._show(appointment, event | {"rule": ""})
        if not appointment.source:
            appointment.source = {"zones": [], "changed": {}}
        changed = appointment.source.setdefault("changed", {})
        if event["sequence"] < changed.get(event["replaces"], {}).get("sequence", 0):
            self._result.add_problem(event["title"], "older")
            return
        changed[event["replaces"]] = {"text": event["text"], "sequence": event["sequence"]}
        zones = appointment.source["zones"]
        zones += [zone for zone in event["zones"] if zone not in zones]
        touched[uid] = appointment

    def _show(self, appointment: Appointment, event: Event) -> None:
        for name in SHOWN:
            setattr(appointment, name, event[name])
        appointment.title = event["title"] or _("Appointment")
        for code in event["remarks"]:
            self._result.add_problem(event["title"], code)

    def _cancel(self, event: Event) -> None:
        gone = [uid for uid in self._stored if uid == event["uid"] or uid.startswith(f"{event['uid']}#")]
        if not gone:
            self._result.add_problem(event["title"], "not-known")
        for uid in gone:
            self._cancelled.append(self._stored.pop(uid))

    def _expand(self, appointment: Appointment) -> None:
        known = self._stored.get(appointment.uid)
        if known and _is_same(known, appointment):
            self._result.same += 1
            return
        if time.monotonic() > self._until:
            self._result.add_problem(appointment.title, "too-slow")
            return
        try:
            expand(appointment)
        except CannotExpand as problem:
            self._result.add_problem(appointment.title, problem.code, **problem.values)
            return
        self._ready.append(appointment)


def _is_same(known: Appointment, appointment: Appointment) -> bool:
    """Return whether the file changes nothing; failed expansions are retried."""
    return not known.problem and (known.source, known.title) == (appointment.source, appointment.title)
