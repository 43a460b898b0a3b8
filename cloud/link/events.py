"""Stores each event of a device once, whichever way and however often it arrives."""

import contextlib
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
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


def keep_event(device: Device, payload: bytes) -> str:
    """Store and handle the event; return its id, which may be acknowledged after the commit.

    An event of a kind that only a newer version knows is stored for later; one with an invalid field is
    stored too, and recorded as rejected. Raises ``ContractError`` where even the envelope is invalid.
    """
    envelope = unseal(payload, topics.EVENT.type)
    id_ = _uuid(envelope.id)
    event, problem = _read(envelope)
    frame = _frame(envelope)
    happened_at = frame.happened_at
    stored, is_new = DeviceEvent.objects.get_or_create(
        id=id_,
        defaults={
            "device": device,
            "sequence": max(0, min(frame.sequence, LARGEST_SEQUENCE)),
            "kind": frame.what.kind[:64].replace("\0", "\ufffd"),
            "body": _for_the_record(bytes(envelope.body), frame.what.kind, is_known=event is not None),
            "happened_at": happened_at if happened_at and happened_at.tzinfo else envelope.sent_at,
            "clock_trusted": frame.clock_trusted,
        },
    )
    if stored.device_id != device.pk:
        raise Malformed("this id belongs to an event of another device", "id")
    if is_new:
        if problem:
            reject(device, topics.EVENT.suffix, str(problem))
        if event:
            handle_event(device, event)
        is_moved = event is not None and isinstance(event.what, SelfTested)
        live_updates.changed(device.organisation, live_updates.DEVICE, "" if is_moved else device.pk)
    return str(id_)


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
