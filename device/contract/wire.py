"""The envelope of every message on the wire, as JSON text (RFC 8259)."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from device.contract.errors import Malformed, TooLarge, UnknownKind, UnknownSchema
from device.contract.identity import new_id
from device.contract.values import Identifier

SCHEMA = 1
LARGEST_MESSAGE_BYTES = 1_000_000

T = TypeVar("T")
Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset; sent in UTC")]

_NOUNS = {
    "bool": "a boolean",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "object": "an object",
    "array": "a list",
    "null": "nothing",
}


class Envelope(Struct, frozen=True, kw_only=True):
    """The fields around a message's ``body``; ``id`` is a UUIDv7 (RFC 9562)."""

    schema: int
    id: Identifier
    type: Annotated[str, Meta(min_length=1, max_length=64)]
    sent_at: Instant
    body: Raw
    expires_at: Instant | None = None
    correlation: Identifier | None = None

    def expired(self, now: datetime) -> bool:
        """Return whether this message has expired and must be ignored."""
        return self.expires_at is not None and now >= self.expires_at


def seal(  # noqa: PLR0913 - the fields of the envelope
    body: Struct,
    type_: str,
    *,
    sent_at: datetime,
    id_: str | None = None,
    expires_at: datetime | None = None,
    correlation: str | None = None,
) -> bytes:
    """Encode one message with its envelope."""
    envelope = Envelope(
        schema=SCHEMA,
        id=id_ or new_id(sent_at),
        type=type_,
        sent_at=sent_at.astimezone(UTC),
        expires_at=expires_at.astimezone(UTC) if expires_at else None,
        correlation=correlation,
        body=Raw(msgspec.json.encode(body)),
    )
    return msgspec.json.encode(envelope)


def unseal(payload: bytes, *expected_types: str) -> Envelope:
    """Decode an envelope; its body stays unparsed.

    Raises ``TooLarge``, ``Malformed``, ``UnknownSchema``, or ``UnknownKind`` for a type not expected here.
    """
    if len(payload) > LARGEST_MESSAGE_BYTES:
        size_mb, most_mb = len(payload) / 1e6, LARGEST_MESSAGE_BYTES / 1e6
        raise TooLarge(f"too large: {size_mb:.1f} MB, at most {most_mb:.0f} MB")
    try:
        # The decoder skips unknown fields, and would detect invalid UTF-8 in them only later.
        payload.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 (RFC 8259, 8.1): {error.reason} at byte {error.start}") from None
    schema = read(payload, _SchemaOnly).schema
    if schema != SCHEMA:
        raise UnknownSchema(f"unknown schema version {schema}", "schema")
    envelope = read(payload, Envelope)
    if envelope.type not in expected_types:
        raise UnknownKind(f"unknown type '{envelope.type}'", "type")
    return envelope


class _SchemaOnly(Struct):
    schema: int


def read(payload: bytes | Raw, type_: type[T]) -> T:
    """Decode a value. Raises ``Malformed`` with the path of the invalid field."""
    value: T = read_union(payload, type_)
    return value


def read_union(payload: bytes | Raw, union: Any) -> Any:
    """Decode one of several tagged types (``A | B``), as ``read`` does."""
    try:
        return msgspec.json.decode(payload, type=union)
    except msgspec.ValidationError as error:
        raise _explain(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not valid JSON: {error}") from None


def _explain(message: str) -> Malformed:
    """Split msgspec's "Expected `bool`, got `str` - at `$.elements.cafe`" into path and reason."""
    text, _, path = message.partition(" - at `")
    expected = re.match(r"Expected `(\w+)(?: \| null)?`, got", text)
    reason = f"expected {_NOUNS.get(expected[1], expected[1])}" if expected else text[0].lower() + text[1:]
    return Malformed(reason.replace("`", "'"), path.rstrip("`").removeprefix("$").lstrip("."))
