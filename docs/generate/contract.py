"""``docs/contract.md``: topics, messages, fields and samples of the wire contract, for people."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from msgspec import Struct

from device.contract.documents import DOCUMENTS
from device.contract.topics import DOWN, PARTITIONS, ROOT, UP, Channel
from device.contract.wire import LARGEST_MESSAGE_BYTES, SCHEMA, Envelope
from docs.generate.types import Schema, contract_types, newest_sample, schemas
from docs.generate.words import describe

INTRODUCTION = f"""\
<!-- Generated from device/contract by `make docs`: change the code, not this page. -->
# The wire contract

What the care desk and a device say to each other, version {SCHEMA}. Any program that keeps to this page
can drive a device, or be one. [asyncapi.json](asyncapi.json) says the same to machines (AsyncAPI 3.0).

- **Desired and reported documents** are long-lived state. The desk sends what should be while the
  device is there; the device validates, applies and paints it, and only then reports the version it has
  painted. A document that cannot be used is rejected with the path of the wrong field, and the last good
  one stays on the screen.
- **The broker keeps nothing that matters**: no message is retained. Coming online, and at each roll call,
  a device names every document that it has, in its presence; the desk sends what differs, and open commands.
- **Commands** say: do this now. They always expire, and are answered in stages. One seen twice is answered
  again and not done twice.
- **Events** say what happened: at least once, in order per device, never lost. An event leaves the device's
  outbox only when `down/received` names its id, which the desk sends once the event is in its database.

Topics are `{ROOT}/<partition>/<device>/…`. `<device>` is the base32 of the first 80 bits of the SHA-256 of
the device's public key; `<partition>` is its first character, one of `{PARTITIONS}`. A device reads only
its own `down/#` and writes only its own `up/#`; the broker knows it by its certificate (mutual TLS).

A payload is JSON text of at most {LARGEST_MESSAGE_BYTES:,} bytes: one envelope with the message in `body`.
The JSON is authoritative; properties of MQTT 5 only mirror it, so that MQTT 3.1.1 will do. Unknown fields are
ignored. An unknown command is answered `failed`. Photos are named by their SHA-256 and fetched over HTTPS.
"""


def page() -> str:
    """The whole page, as Markdown."""
    shown: list[type[Struct]] = [Envelope]
    parts = [INTRODUCTION, "## Topics\n", "\n".join(_topics()), "\n## Envelope\n", _section(Envelope, 0)]
    for title, structs in _chapters():
        parts.append(f"\n## {title}\n")
        parts += [_section(struct, 3) for struct in structs]
        shown += structs
    parts.append("\n## Parts of messages\n")
    parts += [_section(struct, 3) for struct in contract_types() if struct not in shown]
    return "\n".join(parts).rstrip() + "\n"


def bodies(channel: Channel) -> tuple[type[Struct], ...]:
    """The structs that may be the body of a message on this channel."""
    return get_args(channel.body) or (channel.body,)


def _topics() -> Iterator[str]:
    yield "| topic | direction | QoS | `type` | what |"
    yield "|---|---|---|---|---|"
    for direction, channels in (("desk → device", DOWN), ("device → desk", UP)):
        for channel in channels:
            yield (
                f"| `{channel.suffix}` | {direction} | {channel.qos} | `{channel.type}` | {channel.what} |"
            )


def _chapters() -> Iterator[tuple[str, list[type[Struct]]]]:
    """Documents, then one chapter for each other type of message, each once."""
    yield "Documents", list(DOCUMENTS.values())
    seen = set(DOCUMENTS.values())
    for channel in (*DOWN, *UP):
        new = [body for body in bodies(channel) if body not in seen]
        if new:
            yield f"Type `{channel.type}`", new
            seen.update(new)  # type: ignore[arg-type]


def _section(struct: type[Struct], level: int) -> str:
    schema = schemas()[struct.__name__]
    lines = [f"{'#' * level} {struct.__name__}\n"] if level else []
    lines.append(schema["description"].replace("``", "`") + "\n")
    if fields := list(_fields(schema)):
        lines += ["| field | type | if left out |", "|---|---|---|", *fields, ""]
    sample = newest_sample(struct)
    if sample is not None:
        lines += ["```json", json.dumps(sample, indent=2, ensure_ascii=False), "```\n"]
    return "\n".join(lines)


def _fields(schema: Schema) -> Iterator[str]:
    for name, field in schema["properties"].items():
        missing = "**required**" if name in schema.get("required", ()) else _default(field)
        yield f"| `{name}` | {describe(field)} | {missing} |"


def _default(field: Schema) -> str:
    default: Any = field.get("default")
    if "$ref" in field:
        return "its own defaults"
    return "nothing" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"
