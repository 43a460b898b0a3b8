"""Expands recurrences on the desk, up to a horizon (decision 0020).

The calendar libraries run in a process of their own (``_worker``), which ends when it computes too long;
the calendar is then rejected with the reason.
"""

import atexit
import base64
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.timezone import localdate

from cloud.calendar.models import Appointment
from cloud.people.models import Resident

HORIZON = timedelta(days=60)
# From yesterday: an occurrence may still be running, and a screen may be a zone behind.
BEFORE = timedelta(days=1)
# For one request: of the processor, which other work does not make longer, and until the answer is there.
MOST_CPU_S, DEADLINE_S = 2.0, 15.0

Json = dict[str, Any]


class CannotExpand(Exception):
    """Why a calendar cannot be used: a code with its values."""

    def __init__(self, code: str, values: Json) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class CalendarWorker:
    """Manages the worker process: started when needed, killed when late, one request at a time."""

    def __init__(self, most_cpu_s: float = MOST_CPU_S, deadline_s: float = DEADLINE_S) -> None:
        self._most_cpu_s = most_cpu_s
        self._deadline_s = deadline_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: Json) -> Json:
        """Return the answer. Raises ``CannotExpand`` with its problem, or ``too-slow``."""
        with self._lock:
            line = self._exchange(json.dumps(request).encode() + b"\n")
        answer: Json = json.loads(line)
        if problem := answer.get("problem"):
            raise CannotExpand(*problem)
        return answer

    def stop(self) -> None:
        """Kill the worker process; the next file starts a new one."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()

    def _exchange(self, request: bytes) -> bytes:
        try:
            process = self._process
            if process is None or process.poll() is not None:
                process = self._start()
            return _talk(process, request, time.monotonic() + self._deadline_s)
        except (OSError, TimeoutError):
            self.stop()
            raise CannotExpand("too-slow", {}) from None

    def _start(self) -> subprocess.Popen[bytes]:
        """Return a process that is ready: importing the libraries does not count as the request's time."""
        command = [sys.executable, "-m", "cloud.calendar._worker", str(self._most_cpu_s)]
        process = self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        _talk(process, b"{}\n", time.monotonic() + 60)
        return process


def _talk(process: subprocess.Popen[bytes], request: bytes, until: float) -> bytes:
    """Write a line and read one, both before ``until`` (monotonic seconds)."""
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    writer, reader = process.stdin.fileno(), process.stdout.fileno()
    os.set_blocking(writer, False)
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(writer, selectors.EVENT_WRITE)
        selector.register(reader, selectors.EVENT_READ)
        while not answer.endswith(b"\n"):
            ready = selector.select(max(0.0, until - time.monotonic()))
            if not ready or time.monotonic() >= until:
                raise TimeoutError
            for key, _events in ready:
                if key.fd == reader:
                    read = os.read(reader, 65_536)
                    if not read:
                        raise BrokenPipeError
                    answer += read
                    continue
                request = request[os.write(writer, request) :]
                if not request:
                    selector.unregister(writer)
    return bytes(answer)


_worker = CalendarWorker()
atexit.register(_worker.stop)


def read_file(content: bytes) -> Json:
    """Return the events of a file; see ``_worker.read_file``. Raises ``CannotExpand`` for the whole file."""
    encoded = base64.b64encode(content).decode()
    return _worker.ask({"kind": "read", "content": encoded})


def expand(appointment: Appointment) -> None:
    """Set the occurrences up to the horizon; the row is not saved.

    Raises ``CannotExpand`` where its recurrence is invalid; known occurrences stay as they were.
    """
    appointment.problem = ""
    if not repeats(appointment):
        appointment.occurrences, appointment.expanded_until, appointment.later = [], "", ""
        return
    today = localdate()
    answer = expand_source(source_of(appointment), today)
    appointment.occurrences, appointment.later = answer["occurrences"], answer["later"]
    appointment.expanded_until = (today + HORIZON).isoformat()


def expand_source(source: str, today: date) -> Json:
    """Return when a series happens, from yesterday to the horizon. Raise ``CannotExpand``."""
    span = {"first": (today - BEFORE).isoformat(), "last": (today + HORIZON + timedelta(days=1)).isoformat()}
    return _worker.ask({"kind": "expand", "source": source} | span)


def repeats(appointment: Appointment) -> bool:
    """Return whether the appointment recurs."""
    master = appointment.source.get("master", "")
    return bool(appointment.rule or appointment.source.get("changed") or "\nRDATE" in master)


def occurrences(appointment: Appointment) -> list[Json]:
    """Return all occurrences as the worker writes them; a single one where nothing repeats."""
    return appointment.occurrences if repeats(appointment) else [_single(appointment)]


def next_start(appointment: Appointment, zone: ZoneInfo, now: datetime) -> str:
    """Return the wall time of the next or current occurrence, in its own zone; empty once it is over."""
    for each in occurrences(appointment):
        own = ZoneInfo(each["time_zone"]) if each["time_zone"] else zone
        if max(each["ends"], each["starts"]) >= f"{now.astimezone(own):%Y-%m-%dT%H:%M}":
            return str(each["starts"])
    return appointment.later


def due() -> QuerySet[Appointment]:
    """Return appointments not expanded up to today's horizon; failed ones wait until they are edited."""
    until = (localdate() + HORIZON).isoformat()
    short = Appointment.objects.filter(problem="").exclude(expanded_until=until)
    return short.exclude(expanded_until="", rule="")


def renew(resident: Resident) -> bool:
    """Expand a resident's due appointments again; return whether there were any."""
    rows = list(due().filter(resident=resident))
    for appointment in rows:
        try:
            expand(appointment)
        except CannotExpand as problem:
            appointment.problem = problem.code
        appointment.save(update_fields=["occurrences", "expanded_until", "later", "problem"])
    return bool(rows)


def source_of(appointment: Appointment) -> str:
    """Return the series as iCalendar (RFC 5545)."""
    source = appointment.source
    events = [source["master"]] if source.get("master") else []
    events += [each["text"] for each in source.get("changed", {}).values()]
    if not source:
        events = [_event_of(appointment)]
    return calendar_of(events, source.get("zones", []))


def calendar_of(events: list[str], zones: list[str]) -> str:
    """Return events, each as text, as one calendar with the zones that they name."""
    parts = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kotiruutu//EN", *zones, *events]
    return "\r\n".join(part.strip("\r\n") for part in parts) + "\r\nEND:VCALENDAR\r\n"


def _event_of(appointment: Appointment) -> str:
    zone = f";TZID={appointment.time_zone}" if appointment.time_zone else ""
    times = [("DTSTART", appointment.starts)] + ([("DTEND", appointment.ends)] if appointment.ends else [])
    lines = ["BEGIN:VEVENT", "UID:own"]
    for name, at in times:
        compact = at.replace("-", "").replace(":", "")
        value = f";VALUE=DATE:{compact[:8]}" if appointment.all_day else f"{zone}:{compact}00"
        lines.append(name + value)
    return "\r\n".join([*lines, f"RRULE:{appointment.rule}", "END:VEVENT"])


def _single(appointment: Appointment) -> Json:
    return {
        "title": appointment.title,
        "place": appointment.place,
        "starts": appointment.starts,
        "ends": appointment.ends,
        "all_day": appointment.all_day,
        "time_zone": appointment.time_zone,
    }
