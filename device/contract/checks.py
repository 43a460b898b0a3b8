"""Checks of documents beyond their types: time zones and dates that exist, unique contacts."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Raw

from device.contract.documents import DOCUMENTS, AnyDocument, Calendar, Document, Occurrence, People, View
from device.contract.errors import Malformed
from device.contract.wire import read


def read_document(name: Document, body: bytes | Raw) -> AnyDocument:
    """Parse a document. Raises ``Malformed`` with the path of its first invalid field."""
    document: AnyDocument = read(body, DOCUMENTS[name])
    for path, reason in _wrong(document):
        raise Malformed(reason, path)
    return document


def _wrong(document: AnyDocument) -> Iterator[tuple[str, str]]:
    match document:
        case View(time_zone=zone) if not _is_zone(zone):
            yield "time_zone", f"unknown time zone '{zone}'"
        case People(contacts=contacts):
            seen: set[str] = set()
            for index, contact in enumerate(contacts):
                if contact.id in seen:
                    yield f"contacts[{index}].id", f"'{contact.id}' stands twice"
                seen.add(contact.id)
        case Calendar():
            yield from _wrong_in_calendar(document)


def _wrong_in_calendar(calendar: Calendar) -> Iterator[tuple[str, str]]:
    for index, occurrence in enumerate(calendar.occurrences):
        for name, reason in _wrong_in_occurrence(occurrence):
            yield f"occurrences[{index}].{name}", reason
    if calendar.known_until and not _is_valid(date.fromisoformat, calendar.known_until):
        yield "known_until", f"no such day: '{calendar.known_until}'"
    for index, day in enumerate(calendar.cafe.closed_on):
        if not _is_valid(date.fromisoformat, day):
            yield f"cafe.closed_on[{index}]", f"no such day: '{day}'"


def _wrong_in_occurrence(occurrence: Occurrence) -> Iterator[tuple[str, str]]:
    if occurrence.time_zone and not _is_zone(occurrence.time_zone):
        yield "time_zone", f"unknown time zone '{occurrence.time_zone}'"
    for name, instant in (("starts", occurrence.starts), ("ends", occurrence.ends)):
        if instant and not _is_valid(datetime.fromisoformat, instant):
            yield name, f"no such day: '{instant}'"
    if occurrence.ends and occurrence.ends < occurrence.starts:
        yield "ends", "ends before it starts"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_valid(parse: object, text: str) -> bool:
    try:
        parse(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True
