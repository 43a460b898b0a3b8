"""``docs/asyncapi.json``: the wire contract as an AsyncAPI 3.0 document, seen from the device."""

import json
from typing import Any

from device.contract.topics import DOWN, PARTITIONS, ROOT, UP, Channel
from device.contract.wire import SCHEMA
from docs.generate.contract import bodies
from docs.generate.types import REFERENCE, newest_sample, schemas


def page() -> str:
    """The whole document, as indented JSON."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    """The AsyncAPI document. An operation ``receive`` is the device's: the desk sends there."""
    channels = (*DOWN, *UP)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kotiruutu: what the care desk and a device say to each other",
            "version": f"{SCHEMA}.0.0",
            "description": "Generated from device/contract; contract.md says the same in words.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_name(channel): _channel(channel) for channel in channels},
        "operations": {
            f"{action}-{_name(channel)}": _operation(action, channel)
            for action, group in (("receive", DOWN), ("send", UP))
            for channel in group
        },
        "components": {
            "messages": {channel.type: _message(channel) for channel in channels},
            "schemas": schemas(),
        },
    }


def _name(channel: Channel) -> str:
    return channel.suffix.replace("/", "-")


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": f"{ROOT}/{{partition}}/{{device}}/{channel.suffix}",
        "description": channel.what,
        "parameters": {
            "partition": {"description": "First character of the device", "enum": list(PARTITIONS)},
            "device": {"description": "Base32 of the first 80 bits of SHA-256 of the device's public key"},
        },
        "messages": {channel.type: {"$ref": f"#/components/messages/{channel.type}"}},
    }


def _operation(action: str, channel: Channel) -> dict[str, Any]:
    reference = f"#/channels/{_name(channel)}"
    return {
        "action": action,
        "channel": {"$ref": reference},
        "messages": [{"$ref": f"{reference}/messages/{channel.type}"}],
        "bindings": {"mqtt": {"qos": channel.qos, "retain": False, "bindingVersion": "0.2.0"}},
    }


def _message(channel: Channel) -> dict[str, Any]:
    structs = bodies(channel)
    references = [{"$ref": REFERENCE.format(name=struct.__name__)} for struct in structs]
    body = references[0] if len(references) == 1 else {"oneOf": references}
    envelope = {"$ref": REFERENCE.format(name="Envelope")}
    typed = {"type": "object", "properties": {"type": {"const": channel.type}, "body": body}}
    samples = [
        {"name": struct.__name__, "payload": _sealed(channel, newest_sample(struct))} for struct in structs
    ]
    return {"name": channel.type, "payload": {"allOf": [envelope, typed]}, "examples": samples}


def _sealed(channel: Channel, body: Any) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "schema": SCHEMA,
        "id": "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6071",
        "type": channel.type,
        "sent_at": "2026-11-21T12:02:07Z",
        "body": body,
    }
    if channel.suffix == "down/command":
        envelope["expires_at"] = "2026-11-21T12:02:52Z"
    if channel.type == "answer":
        envelope["correlation"] = "01a2b3c4-d5e6-7f80-9a1b-2c3d4e5f6070"
    return envelope
