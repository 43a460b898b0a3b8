"""Stores a device's reports: documents, commands, presence, health."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
from django.utils import timezone

from cloud.devices import commands, faults
from cloud.devices.incoming import handle_answer, reach_changed
from cloud.devices.models import DesiredDocument, Device, DeviceCommand
from cloud.devices.rejected import storable
from cloud.notify import live_updates
from device.contract.commands import Answer
from device.contract.documents import Document, Reported
from device.contract.errors import Malformed
from device.contract.vital import Heartbeat, Presence
from device.contract.wire import Envelope, read

# Unchanged health is saved no more often than this.
CALM = timedelta(seconds=20)
_ORDER = ("", "received", "shown")
_NOTHING = Reported(document="view")


Documents = Mapping[str, DesiredDocument]


def keep_reported(device: Device, documents: Documents, name: Document, envelope: Envelope) -> None:
    """Save which version of a document the device has received, painted or rejected."""
    said: Reported = read(envelope.body, Reported)
    if said.document != name:
        raise Malformed(f"'{said.document}' is not what this topic is for", "document")
    if name in documents and _keep_state(documents[name], said):
        live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)


def keep_answer(device: Device, envelope: Envelope) -> None:
    """Save a stage of a command; a final one closes it, and later ones are ignored."""
    answer: Answer = read(envelope.body, Answer)
    command = _command(device, envelope.correlation or "")
    # The desk expires commands by its own clock; if the device did execute it, that counts.
    is_closed = command.final and not (command.stage == "expired" and answer.final)
    if is_closed or (not answer.final and _ORDER.index(answer.stage) <= _ORDER.index(command.stage)):
        return
    reason = storable(answer.reason)
    if answer.final:
        # Handlers first: ending a call at the desk locks it before its commands.
        handle_answer(command, answer.stage, reason)
        commands.close(command, answer.stage, reason)
    else:
        still_open = DeviceCommand.objects.filter(pk=command.pk, final=False)
        still_open.update(stage=answer.stage, reason=reason)
    live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)


def keep_presence(device: Device, documents: Documents, envelope: Envelope, broker: str) -> bool:
    """Save presence and return whether the device is online. The will of an older session is ignored.

    An online device lists its versions: a document that it does not list is missing.
    """
    said: Presence = read(envelope.body, Presence)
    if said.session < device.session:
        return False
    is_news = (said.online, said.session) != (device.online, device.session)
    is_news |= said.online and device.broker != broker
    if is_news:
        facts: dict[str, object] = {"online": said.online, "session": said.session}
        if said.online:
            facts |= {"heard_at": timezone.now(), "broker": broker}
        _update(device, **facts)
        reach_changed.send(Device, device=device)
    if said.online and said.documents is not None:
        stated: dict[str, Reported] = {each.document: each for each in said.documents}
        changed = [_keep_state(row, stated.get(row.name, _NOTHING)) for row in documents.values()]
        is_news |= any(changed)
    if is_news:
        live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)
    return said.online


def keep_heartbeat(device: Device, envelope: Envelope, broker: str) -> bool:
    """Save a heartbeat's health; return whether the device row must be written."""
    said: Heartbeat = read(envelope.body, Heartbeat)
    health, before, now = msgspec.to_builtins(said), device.heartbeat or {}, timezone.now()
    is_news = (device.online, device.broker) != (True, broker) or any(
        health[field] != before.get(field) for field in ("version", "clock_trusted", "faults", "fitted")
    )
    if not is_news and device.heard_at and now - device.heard_at < CALM:
        return False
    # Only what is wrong with a device moves it in a list.
    is_moved = faults.heard(device, now)
    if health["faults"] != before.get("faults", []):
        faults.keep_heartbeat(device, said, now)
        is_moved = True
    device.heartbeat, device.heard_at, device.online = _storable(health), now, True
    device.broker = broker
    if is_news or is_moved:
        live_updates.changed(device.organisation, live_updates.DEVICE, "" if is_moved else device.pk)
    return True


def _keep_state(row: DesiredDocument, said: Reported) -> bool:
    """Return whether the report changes the document's state."""
    why = said.rejected
    facts: dict[str, object] = {
        "received_version": said.received_version,
        "painted_version": said.painted_version,
        "painted_at": said.painted_at,
        "rejected_version": why.version if why else None,
        "rejected_path": storable(why.path) if why else "",
        "rejected_reason": storable(why.reason) if why else "",
    }
    if said.received_version > row.version:
        # The desk was restored from a backup: its next version must be newer than the device's.
        facts["version"] = said.received_version + 1
    if all(getattr(row, field) == value for field, value in facts.items()):
        return False
    _update(row, **facts)
    return True


def _update(row: Device | DesiredDocument, **facts: object) -> None:
    """Update the row in the database and in this batch."""
    for field, value in facts.items():
        setattr(row, field, value)
    type(row).objects.filter(pk=row.pk).update(**facts)


def _command(device: Device, correlation: str) -> DeviceCommand:
    try:
        return DeviceCommand.objects.get(pk=UUID(correlation), device=device)
    except (ValueError, DeviceCommand.DoesNotExist):
        raise Malformed("answers no command to this device", "correlation") from None


def _storable(health: object) -> object:
    text = msgspec.json.encode(health).replace(b"\\u0000", b"\\ufffd")
    return msgspec.json.decode(text)
