"""Validates messages from the desk and converts them to events. No message can stop the device."""

from collections.abc import Iterator

from msgspec import Raw, Struct

from device.contract import topics
from device.contract.checks import read_document
from device.contract.commands import Answer, Command
from device.contract.documents import AnyDocument, Document, Elements, View
from device.contract.errors import ContractError, Malformed
from device.contract.events import Received
from device.contract.topics import Channel
from device.contract.wire import read, read_union, unseal
from device.rules.events import (
    CommandArrived,
    DocumentArrived,
    DocumentRefused,
    Event,
    EventsReceived,
    InputRefused,
)
from device.rules.now import Now

_DOCUMENTS: dict[str, Document] = {channel.suffix: name for name, channel in topics.DESIRED.items()}


class Unanswerable(Struct, frozen=True):
    """A command that cannot be executed, and its answer."""

    command_id: str
    answer: Answer


class _VersionOnly(Struct):
    version: int


class _ElementsOnly(Struct):
    elements: dict[str, object] = {}


def understand(channel: Channel, payload: bytes, now: Now) -> list[Event | Unanswerable]:
    """Return the events of a message; an unusable one, in whole or in part, yields why."""
    try:
        if channel == topics.RECEIVED:
            received = read(unseal(payload, channel.type).body, Received)
            return [EventsReceived(ids=frozenset(received.ids))]
        if channel == topics.COMMAND:
            return [_command(payload, now)]
    except ContractError as error:
        return [InputRefused(source=channel.suffix, reason=error.reason, path=error.path)]
    if name := _DOCUMENTS.get(channel.suffix):
        return [*_document(name, channel, payload)]
    return [InputRefused(source=channel.suffix, reason="nothing is expected here")]


def _document(name: Document, channel: Channel, payload: bytes) -> Iterator[Event]:
    body: Raw | None = None
    try:
        body = unseal(payload, channel.type).body
        document = read_document(name, body)
    except ContractError as error:
        yield DocumentRefused(name=name, version=_version(body), reason=error.reason, path=error.path)
        return
    yield DocumentArrived(name=name, document=document)
    for path, reason in _unusable(document, body):
        yield InputRefused(source=channel.suffix, reason=reason, path=path)


def _unusable(document: AnyDocument, body: Raw) -> Iterator[tuple[str, str]]:
    """Yield elements of a valid document that this version does not support; the rest is shown."""
    if isinstance(document, View):
        for element in read(body, _ElementsOnly).elements.keys() - set(Elements.__struct_fields__):
            yield f"elements.{element}", "this version does not know the element"


def _version(body: Raw | None) -> int:
    try:
        return max(0, read(body, _VersionOnly).version) if body else 0
    except Malformed:
        return 0


def _command(payload: bytes, now: Now) -> Event | Unanswerable:
    envelope = unseal(payload, topics.COMMAND.type)
    if envelope.expires_at is None:
        return Unanswerable(envelope.id, Answer(stage="failed", reason="a command must expire"))
    if now.trusted and envelope.expired(now.wall):
        return Unanswerable(envelope.id, Answer(stage="expired"))
    try:
        command: Command = read_union(envelope.body, Command)
    except Malformed as error:
        reason = "unknown" if error.path == "kind" else str(error)
        return Unanswerable(envelope.id, Answer(stage="failed", reason=reason[:300]))
    return CommandArrived(id=envelope.id, command=command, expires_at=envelope.expires_at)
