"""The hash-chained logs of forced calls, the desk's and each device's (K5)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, cast

import msgspec
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cloud.base.seal import mac
from cloud.calls.models import Call, DeviceLogEntry, ForcedCallEntry
from cloud.devices.models import Device
from cloud.organisations.models import Organisation
from cloud.organisations.scope import ScopedQuerySet
from device.contract.call_log import NOTHING_BEFORE, digest
from device.contract.events import CallLogged

_FIELDS = (
    "number", "what", "call_id", "resident_id", "contact_id", "reason", "reason_text", "at", "outcome",
    "seconds", "previous_sha256",
)  # fmt: skip

Why = Literal["gap", "order", "changed", "digest", "unlogged"]


@dataclass(frozen=True)
class Broken:
    """A place where a log was tampered with; ``call`` is named where its entry is missing."""

    whose: str
    number: int
    why: Why
    call: str = ""


def note(call: Call, what: ForcedCallEntry.What) -> None:
    """Append the outcome of a forced call; within the caller's transaction."""
    # One writer at a time for each log.
    Organisation.objects.select_for_update().get(pk=call.organisation_id)
    last = ForcedCallEntry.objects.filter(organisation=call.organisation_id).order_by("-number").first()
    entry = ForcedCallEntry(
        organisation_id=call.organisation_id,
        number=last.number + 1 if last else 1,
        what=what,
        call_id=call.pk,
        resident_id=call.resident_id,
        contact_id=call.contact_id or 0,
        reason=call.reason,
        reason_text=call.reason_text,
        at=timezone.now(),
        outcome=call.why,
        # As the database will return it: 40 and 40.0 have different digests.
        seconds=round(float(call.seconds), 3),
        previous_sha256=last.sha256 if last else NOTHING_BEFORE,
    )
    entry.sha256 = digest_of(entry)
    entry.save()


def digest_of(entry: ForcedCallEntry) -> str:
    """Return the HMAC over the compact JSON of the entry's fields, including the previous digest.

    Its key is not in the database: write access alone does not allow tampering.
    """
    said = {name: getattr(entry, name) for name in _FIELDS}
    said["at"] = entry.at.isoformat(timespec="microseconds")
    return mac(json.dumps(said, separators=(",", ":")))


def verify(entries: ScopedQuerySet[ForcedCallEntry], calls: ScopedQuerySet[Call]) -> Iterator[Broken]:
    """Yield every broken place of the logs of these entries, and every call without an entry."""
    rows = entries.select_related("organisation").order_by("organisation", "number").iterator()
    for organisation, log in groupby(rows, lambda entry: entry.organisation):
        yield from _verify(organisation, log)
    for call in _unlogged(calls, entries):
        yield Broken(call.organisation.name, 0, "unlogged", call.pk)


def _verify(organisation: Organisation, log: Iterable[ForcedCallEntry]) -> Iterator[Broken]:
    before, number = NOTHING_BEFORE, 0
    for entry in log:
        if entry.number != number + 1:
            yield Broken(organisation.name, entry.number, "gap")
        elif entry.previous_sha256 != before:
            yield Broken(organisation.name, entry.number, "order")
        if digest_of(entry) != entry.sha256:
            yield Broken(organisation.name, entry.number, "changed")
        before, number = entry.sha256, entry.number


def keep(device: Device, said: CallLogged) -> DeviceLogEntry:
    """Store an entry of the device's log and any error in it; duplicates are stored once."""
    known = DeviceLogEntry.objects.filter(device=device, number=said.number, sha256=said.sha256).first()
    if known and digest(said) == said.sha256:
        return known
    last = DeviceLogEntry.objects.filter(device=device).order_by("-number", "-pk").first()
    return DeviceLogEntry.objects.create(
        device=device,
        number=said.number,
        call_id=said.call_id,
        contact_id=said.contact_id,
        body=_storable(msgspec.to_builtins(said)),
        previous_sha256=said.previous_sha256,
        sha256=said.sha256,
        wrong=_wrong(said, last),
    )


def verify_devices(entries: ScopedQuerySet[DeviceLogEntry]) -> Iterator[Broken]:
    """Yield every broken place of the devices' logs that these entries are, as received."""
    rows = entries.select_related("device__resident").order_by("device", "number", "pk").iterator()
    for device, log in groupby(rows, lambda entry: entry.device):
        yield from _verify_device(device, log)


def _verify_device(device: Device, log: Iterable[DeviceLogEntry]) -> Iterator[Broken]:
    before: DeviceLogEntry | None = None
    for entry in log:
        if entry.wrong:
            yield Broken(str(device), entry.number, cast(Why, entry.wrong))
        elif before and entry.previous_sha256 != before.sha256:
            yield Broken(str(device), entry.number, "order")
        elif _is_changed(entry):
            yield Broken(str(device), entry.number, "changed")
        before = entry


def _wrong(said: CallLogged, last: DeviceLogEntry | None) -> Why | Literal[""]:
    if digest(said) != said.sha256:
        return "digest"
    number, before = (last.number, last.sha256) if last else (0, NOTHING_BEFORE)
    if said.number != number + 1:
        return "gap"
    return "" if said.previous_sha256 == before else "order"


def _is_changed(entry: DeviceLogEntry) -> bool:
    """Return whether it was changed after it arrived; without the name this is unknown (V17)."""
    if not entry.body.get("name"):
        return False
    return digest(msgspec.convert(entry.body, CallLogged)) != entry.sha256


def _unlogged(calls: ScopedQuerySet[Call], entries: ScopedQuerySet[ForcedCallEntry]) -> Iterable[Call]:
    """Return forced calls without an entry: entries were removed from the end."""
    own = entries.filter(call_id=OuterRef("pk"), organisation=OuterRef("organisation")).order_by()
    is_over = Exists(own.exclude(what=ForcedCallEntry.What.ASKED))
    missing = ~Exists(own) | Q(state=Call.State.ENDED) & ~is_over
    forced = calls.filter(kind=Call.Kind.FORCED).filter(missing)
    return forced.select_related("organisation").order_by("organisation", "offered_at")


def _storable(body: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(body).replace(b"\\u0000", b"\\ufffd"))
