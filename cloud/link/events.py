"""Stores each event of a device once, whichever way and however often it arrives."""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from msgspec import Struct

from cloud.devices.incoming import handle_event
from cloud.devices.models import Device, DeviceEvent
from cloud.devices.rejected import reject
from cloud.notify import live_updates
from device.contract import topics
from device.contract.cafe import TableAnswered, TableEntered
from device.contract.errors import Malformed
from device.contract.events import CallAnswered, HelpRaised, SelfTested, WireEvent
from device.contract.identity import is_identifier
from device.contract.queue import QueueMessageSent
from device.contract.wire import Envelope, read, unseal

log = logging.getLogger(__name__)

_LEFT_OUT = {
    str(kind.__struct_config__.tag): names
    for kind, names in (
        (CallAnswered, ("answer",)),
        # The conversation stores it, for as long as the queue keeps that.
        (QueueMessageSent, ("text",)),
        (TableEntered, ("sound", "picture")),
        (TableAnswered, ("answer",)),
    )
}
LARGEST_SEQUENCE = 2**63 - 1
LARGEST_UNKNOWN_BYTES = 16_000


class _What(Struct):
    kind: str = "unreadable"
    help_id: str = ""


class _Envelope(Struct):
    """The envelope fields that are stored of an event that cannot be parsed."""

    sequence: int = 0
    happened_at: datetime | None = None
    clock_trusted: bool = False
    what: _What = msgspec.field(default_factory=_What)


@dataclass(frozen=True)
class ReadEvent:
    """A device's event as it is stored.

    ``event`` is None where it cannot be used: with a ``problem``, or of a kind only a newer version knows.
    """

    device: Device
    row: DeviceEvent
    event: WireEvent | None
    problem: Malformed | None


def read_event(device: Device, payload: bytes) -> ReadEvent:
    """Read an event, also one with an invalid field. Raises ``ContractError`` for an invalid envelope."""
    envelope = unseal(payload, topics.EVENT.type)
    id_ = _uuid(envelope.id)
    event, problem = _read(envelope)
    frame = _frame(envelope)
    happened_at = frame.happened_at
    row = DeviceEvent(
        id=id_,
        device=device,
        sequence=max(0, min(frame.sequence, LARGEST_SEQUENCE)),
        kind=frame.what.kind[:64].replace("\0", "\ufffd"),
        body=_for_the_record(bytes(envelope.body), frame.what.kind, is_known=event is not None),
        happened_at=happened_at if happened_at and happened_at.tzinfo else envelope.sent_at,
        clock_trusted=frame.clock_trusted,
    )
    return ReadEvent(device, row, event, problem)


def keep_events(events: Sequence[ReadEvent]) -> None:
    """Store and handle those that are new, in their order; all may be acknowledged after the commit.

    One with an invalid field is recorded as rejected too. Raises ``Malformed`` for an id of another device.
    """
    ids = [each.row.pk for each in events]
    owners = dict(DeviceEvent.objects.filter(pk__in=ids).values_list("pk", "device"))
    new = []
    for each in events:
        if each.row.pk not in owners:
            new.append(each)
        if owners.setdefault(each.row.pk, each.device.pk) != each.device.pk:
            raise Malformed("this id belongs to an event of another device", "id")
    for each in _stored(new):
        if each.problem:
            reject(each.device, topics.EVENT.suffix, str(each.problem))
        if each.event:
            handle_event(each.device, each.event)
        is_moved = each.event is not None and isinstance(each.event.what, SelfTested)
        live_updates.changed(
            each.device.organisation, live_updates.DEVICE, "" if is_moved else each.device.pk
        )


def _stored(new: Sequence[ReadEvent]) -> Sequence[ReadEvent]:
    """Store them; return those that nobody else has stored at the same moment."""
    # In one order everywhere: two that store the same events never wait for each other.
    rows = sorted((each.row for each in new), key=lambda row: row.pk)
    try:
        with transaction.atomic():
            DeviceEvent.objects.bulk_create(rows)
    except IntegrityError:
        stored = {row.pk for row in rows if _is_stored_alone(row)}
        return [each for each in new if each.row.pk in stored]
    return new


def _is_stored_alone(row: DeviceEvent) -> bool:
    """Return False where the event has come by another way meanwhile."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not DeviceEvent.objects.filter(pk=row.pk, device=row.device_id).exists():
            raise Malformed("this id belongs to an event of another device", "id") from None
        return False
    return True


def _read(envelope: Envelope) -> tuple[WireEvent | None, Malformed | None]:
    try:
        event: WireEvent = read(envelope.body, WireEvent)
    except Malformed as error:
        # An unknown kind is not an error of the device.
        problem = None if error.path == "what.kind" else error
        return _salvage_help(envelope), problem
    return event, None


def _salvage_help(envelope: Envelope) -> WireEvent | None:
    """Return a help request even where its details cannot be parsed."""
    frame = _frame(envelope)
    if frame.what.kind != HelpRaised.__struct_config__.tag:
        return None
    id_ = frame.what.help_id
    help_id = id_ if is_identifier(id_) else envelope.id
    return WireEvent(
        sequence=max(1, frame.sequence),
        boot_id="unreadable",
        monotonic_s=0.0,
        happened_at=envelope.sent_at,
        clock_trusted=False,
        what=HelpRaised(help_id=help_id, source="button"),
    )


def _frame(envelope: Envelope) -> _Envelope:
    with contextlib.suppress(Malformed):
        return read(envelope.body, _Envelope)
    with contextlib.suppress(Malformed):
        return _Envelope(what=read(envelope.body, _OnlyWhat).what)
    return _Envelope()


class _OnlyWhat(Struct):
    what: _What


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("not a UUID", "id") from None


def _for_the_record(body: bytes, kind: str, *, is_known: bool) -> Any:
    """Return the event to store: without NUL, which PostgreSQL refuses, and session descriptions.

    These contain addresses of the resident's home, for that call only. Of unknown kinds only a limited size
    is stored.
    """
    if not is_known and len(body) > LARGEST_UNKNOWN_BYTES:
        return {"left_out_bytes": len(body)}
    found = msgspec.json.decode(body.replace(b"\\u0000", b"\\ufffd"))
    for name in _LEFT_OUT.get(kind, ()):
        found["what"].pop(name, None)
    return found
