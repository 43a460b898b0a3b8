"""The hash-chained logs of forced calls, the desk's and each device's (K5)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, cast

import msgspec
from django.db.models import Exists, OuterRef, Q, Subquery
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
    """A place where a log was tampered with, a device's or else the desk's own of an organisation.

    ``call`` is named where its entry is missing.
    """

    organisation: Organisation
    number: int
    why: Why
    call: str = ""
    device: Device | None = None

    @property
    def whose(self) -> str:
        """Return whose log it is, in words."""
        return str(self.device or self.organisation)


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


def verify(entries: Iterable[ForcedCallEntry], calls: ScopedQuerySet[Call]) -> Iterator[Broken]:
    """Yield every broken place among ``linked`` entries, and every one of these calls without an entry."""
    for entry in entries:
        yield from _verify(entry)
    for call in _unlogged(calls):
        yield Broken(call.organisation, 0, "unlogged", call.pk)


def linked(entries: ScopedQuerySet[ForcedCallEntry]) -> ScopedQuerySet[Any]:
    """Return these entries, the oldest first, each with the digest of the one before it."""
    before = ForcedCallEntry.objects.filter(
        organisation=OuterRef("organisation"), number=OuterRef("number") - 1
    ).values("sha256")
    return entries.select_related("organisation").annotate(before=Subquery(before)).order_by("pk")


def _verify(entry: ForcedCallEntry) -> Iterator[Broken]:
    before: str | None = entry.before  # type: ignore[attr-defined]
    if entry.number == 1:
        before = NOTHING_BEFORE
    if before is None:
        yield Broken(entry.organisation, entry.number, "gap")
    elif entry.previous_sha256 != before:
        yield Broken(entry.organisation, entry.number, "order")
    if digest_of(entry) != entry.sha256:
        yield Broken(entry.organisation, entry.number, "changed")


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


def verify_devices(entries: Iterable[DeviceLogEntry]) -> Iterator[Broken]:
    """Yield every broken place among ``by_device`` entries, as received."""
    for device, own in groupby(entries, lambda entry: entry.device):
        yield from _verify_device(device, own)


def by_device(entries: ScopedQuerySet[DeviceLogEntry]) -> ScopedQuerySet[DeviceLogEntry]:
    """Return these entries in the order of each device's log."""
    rows = entries.select_related("device__resident", "device__organisation")
    return rows.order_by("device", "number", "pk")


def _verify_device(device: Device, log: Iterable[DeviceLogEntry]) -> Iterator[Broken]:
    before: DeviceLogEntry | None = None
    for entry in log:
        if entry.wrong:
            yield Broken(device.organisation, entry.number, cast(Why, entry.wrong), device=device)
        elif before and entry.previous_sha256 != before.sha256:
            yield Broken(device.organisation, entry.number, "order", device=device)
        elif _is_changed(entry):
            yield Broken(device.organisation, entry.number, "changed", device=device)
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


def _unlogged(calls: ScopedQuerySet[Call]) -> Iterable[Call]:
    """Return forced calls without an entry: entries were removed from the end."""
    logged = ForcedCallEntry.objects.filter(call_id=OuterRef("pk"), organisation=OuterRef("organisation"))
    own = logged.order_by()
    is_over = Exists(own.exclude(what=ForcedCallEntry.What.ASKED))
    missing = ~Exists(own) | Q(state=Call.State.ENDED) & ~is_over
    forced = calls.filter(kind=Call.Kind.FORCED).filter(missing)
    return forced.select_related("organisation").order_by("organisation", "offered_at")


def _storable(body: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(body).replace(b"\\u0000", b"\\ufffd"))
