"""Composes a device's documents, and sends them when they change (K1).

Domains register composers for each document in ``AppConfig.ready``.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.devices.models import DesiredDocument, Device, DueRefresh
from cloud.notify import live_updates
from cloud.organisations.models import Organisation
from cloud.people.models import Contact, Resident
from device.contract.checks import read_document
from device.contract.documents import DOCUMENTS, AnyDocument, Document
from device.contract.errors import Malformed
from device.contract.wire import LARGEST_MESSAGE_BYTES

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Model)

ENVELOPE_BYTES = 1_000
MOST_WITHIN, BATCH = 20, 50
# The device rejected an earlier version; it has not seen the new one yet.
_NOT_REJECTED: dict[str, Any] = {"rejected_version": None, "rejected_path": "", "rejected_reason": ""}
_WRITTEN = ["version", "body", "saved_at", *_NOT_REJECTED]
# The version is set when a document is saved.
NO_VERSION = 1

# Receives the document as the previous composers have left it.
Composer = Callable[[Device, Any], AnyDocument]

# Brings up to date what composers read, and may write for that; composers do not.
Preparation = Callable[[Collection[Resident]], None]

_preparations: dict[Document, list[Preparation]] = defaultdict(list)
_loaded_along: list[str] = []
_composers: dict[Document, list[Composer]] = defaultdict(list)


def register(name: Document, composer: Composer) -> None:
    """Register a composer of this document; the first one gets it empty."""
    _composers[name].append(composer)


def load_along(related: str) -> None:
    """Names what composers read of a device's resident (``resident__view``), for batches to load at once."""
    _loaded_along.append(related)


def prepare(name: Document, preparation: Preparation) -> None:
    """Add what is done for residents before this document is composed; also without a device."""
    _preparations[name].append(preparation)


def compose(device: Device, only: Collection[Document] = tuple(DOCUMENTS)) -> dict[Document, AnyDocument]:
    """Compose documents of this device; one without a resident contains no personal data."""
    return {name: _compose_one(device, name) for name in only}


def refresh(device: Device) -> None:
    """Update the device's documents; changed ones get the next version and are sent.

    Raises ``ValidationError``, for the user who saves, where a document is invalid.
    """
    with transaction.atomic():
        # One at a time for each device: the later one sees what the earlier one saved.
        device = _locked(Device.objects.select_related("resident")).get(pk=device.pk)
        _prepare([device.resident])
        changed = [_save(device, name, body) for name, body in compose(device).items()]
        if any(changed):
            live_updates.wake(device.pk)
            live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)


def refresh_one(device: Device, name: Document) -> None:
    """Update one document, and leave the others unchanged."""
    with transaction.atomic():
        device = _locked(Device.objects.select_related("resident")).get(pk=device.pk)
        _prepare([device.resident], (name,))
        if _save(device, name, _compose_one(device, name)):
            live_updates.wake(device.pk)
            live_updates.changed(device.organisation, live_updates.DEVICE, device.pk)


def refresh_resident(resident: Resident, only: Document | None = None) -> None:
    """Update the resident's device, if there is one: all documents, or one of them."""
    device = Device.objects.filter(resident=resident).first()
    if device and only:
        refresh_one(device, only)
    elif device:
        refresh(device)
    else:
        _prepare([resident], (only,) if only else tuple(DOCUMENTS))


def refresh_residents(residents: Collection[Resident], only: Collection[Document]) -> None:
    """Update these documents of many residents' devices, in short transactions."""
    devices = dict(Device.objects.filter(resident__in=residents).values_list("resident", "pk"))
    refresh_many(list(devices.values()), only)
    without = [resident for resident in residents if resident.pk not in devices]
    for at in range(0, len(without), BATCH):
        _prepare(without[at : at + BATCH], only)


def refresh_contact(contact: Contact, only: Document | None = None) -> None:
    """Update the devices of all residents who know this contact (V15): all documents, or one of them."""
    for device in Device.objects.filter(resident__relations__contact=contact).distinct():
        if only:
            refresh_one(device, only)
        else:
            refresh(device)


def refresh_organisation(organisation: Organisation) -> None:
    """Update every device of this organisation and of those below it."""
    devices = list(Device.objects.filter(organisation__path__startswith=organisation.path))
    # The first ones within the user's transaction, so that invalid documents are reported. The rest after it:
    # meanwhile no help request could be written.
    for device in devices[:MOST_WITHIN]:
        refresh(device)
    if len(devices) > MOST_WITHIN:
        due = DueRefresh.objects.create(organisation=organisation, since=timezone.now())
        transaction.on_commit(lambda: finish(due))


def finish(due: DueRefresh) -> None:
    """Update the due devices in short transactions of many each; repeating it is safe."""
    ours = Device.objects.filter(organisation__path__startswith=due.organisation.path)
    refresh_many(list(ours.values_list("pk", flat=True)))
    DueRefresh.objects.filter(pk=due.pk).delete()


def refresh_many(names: Sequence[str], only: Collection[Document] = tuple(DOCUMENTS)) -> None:
    """Bring these documents of many devices up to date, in short transactions of a batch each."""
    for at in range(0, len(names), BATCH):
        for pk in _refresh_batch(names[at : at + BATCH], only):
            _refresh_alone(pk, only)


def _refresh_batch(names: Sequence[str], only: Collection[Document]) -> set[str]:
    """Compose first, and lock only to write; return devices whose documents changed meanwhile."""
    stored = DesiredDocument.objects.filter(device__in=names)
    before = {(row.device_id, row.name): row for row in stored}
    devices = Device.objects.select_related("organisation", "resident", *_loaded_along).in_bulk(names)
    _prepare([device.resident for device in devices.values()], only)
    composed = {pk: _usable(device, only) for pk, device in devices.items()}
    with transaction.atomic():
        # One at a time for each device, as in ``refresh``.
        list(_locked(Device.objects.filter(pk__in=names).only("pk").order_by("pk")))
        versions = dict(stored.values_list("pk", "version"))
        overtaken = {row.device_id for row in before.values() if versions.get(row.pk) != row.version}
        overtaken |= {
            pk for pk, bodies in composed.items() if any((pk, name) not in before for name in bodies)
        }
        rows = [
            before[pk, name]
            for pk, bodies in composed.items()
            for name, body in bodies.items()
            if pk not in overtaken and _moves_on(before[pk, name], body)
        ]
        # What is alike in all rows is one short statement.
        changed = DesiredDocument.objects.filter(pk__in=[row.pk for row in rows])
        changed.update(saved_at=timezone.now(), **_NOT_REJECTED)
        DesiredDocument.objects.bulk_update(rows, ["version", "body"])
        _tell([devices[pk] for pk in {row.device_id for row in rows}])
    return overtaken


def _refresh_alone(pk: str, only: Collection[Document]) -> None:
    """Update these documents of one device; an invalid one stays unchanged, and holds up no other device."""
    device = Device.objects.select_related("resident").filter(pk=pk).first()
    if device is None:
        return
    for name in only:
        try:
            refresh_one(device, name)
        except ValidationError as error:
            log.warning("The %s of %s cannot be used: %s", name, pk, error)


def _tell(devices: Collection[Device]) -> None:
    changed = set()
    for device in devices:
        live_updates.wake(device.pk)
        changed.add((device.organisation, device.pk if len(devices) <= MOST_WITHIN else ""))
    for organisation, row in changed:
        live_updates.changed(organisation, live_updates.DEVICE, row)


def _usable(device: Device, only: Collection[Document]) -> dict[str, dict[str, Any]]:
    """Return the valid documents; an invalid one stays unchanged, and saving it alone raises the error."""
    bodies: dict[str, dict[str, Any]] = {}
    for name, document in compose(device, only).items():
        try:
            bodies[name] = _checked(name, document)
        except ValidationError as error:
            log.warning("The %s of %s cannot be used: %s", name, device.pk, error)
    return bodies


def with_version(document: DesiredDocument) -> AnyDocument:
    """Return the document for the contract; the stored body has no version."""
    name: Document = document.name  # type: ignore[assignment]
    return read_document(name, msgspec.json.encode({**document.body, "version": document.version}))


def _prepare(residents: Iterable[Resident | None], only: Collection[Document] = tuple(DOCUMENTS)) -> None:
    those = [each for each in residents if each is not None]
    if those:
        for preparation in (each for name in only for each in _preparations[name]):
            preparation(those)


def _compose_one(device: Device, name: Document) -> AnyDocument:
    document: AnyDocument = DOCUMENTS[name](version=NO_VERSION)
    for composer in _composers[name]:
        document = composer(device, document)
    return document


def _save(device: Device, name: Document, document: AnyDocument) -> bool:
    body = _checked(name, document)
    stored = DesiredDocument.objects.filter(device=device, name=name).first()
    if stored is None:
        DesiredDocument.objects.create(
            device=device, name=name, version=1, body=body, saved_at=timezone.now()
        )
        return True
    if not _moves_on(stored, body):
        return False
    stored.save(update_fields=_WRITTEN)
    return True


def _moves_on(stored: DesiredDocument, body: dict[str, Any]) -> bool:
    """Return whether the document changed; then it has the next version, and must be saved."""
    if stored.body == body:
        return False
    stored.version, stored.body, stored.saved_at = stored.version + 1, body, timezone.now()
    for field, value in _NOT_REJECTED.items():
        setattr(stored, field, value)
    return True


def _locked(rows: QuerySet[M]) -> QuerySet[M]:
    """Lock the rows until the end of the transaction; others may still refer to them."""
    return rows.select_for_update(of=("self",), no_key=True)


def _checked(name: Document, document: AnyDocument) -> dict[str, Any]:
    """Return the body without its version, validated against the contract."""
    encoded = msgspec.json.encode(document)
    most = LARGEST_MESSAGE_BYTES - ENVELOPE_BYTES
    if len(encoded) > most:
        words = _("This is too much for the device: %(size).1f MB of %(document)s, at most %(most).1f MB.")
        sizes = {"size": len(encoded) / 1e6, "document": name, "most": most / 1e6}
        raise ValidationError(words, code="too-large", params=sizes)
    try:
        read_document(name, encoded)
    except Malformed as error:
        words = _("The device cannot show this: %(reason)s")
        raise ValidationError(words, code="malformed", params={"reason": str(error)}) from None
    body: dict[str, Any] = msgspec.json.decode(encoded)
    del body["version"]
    return body
