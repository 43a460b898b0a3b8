"""The documents of a device, made from what the desk knows, and pushed when they differ (K1).

Domains register what they know of each document in ``AppConfig.ready``.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.devices.models import DesiredDocument, Device, DueRefresh
from cloud.notify import nudge
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
_WRITTEN = ["version", "body", "saved_at", "rejected_version", "rejected_path", "rejected_reason"]
# Versions are given when a document is saved.
NO_VERSION = 1

# Takes the document as the composers before it have left it.
Composer = Callable[[Device, Any], AnyDocument]

_composers: dict[Document, list[Composer]] = defaultdict(list)


def register(name: Document, composer: Composer) -> None:
    """Adds to the document what the composer knows; the first one gets it empty."""
    _composers[name].append(composer)


def compose(device: Device) -> dict[Document, AnyDocument]:
    """All documents of this device; one without a resident shows nothing about anybody."""
    return {name: _compose_one(device, name) for name in DOCUMENTS}


def refresh(device: Device) -> None:
    """Brings the device's documents up to date; those that changed get the next version and go out.

    Raises ``ValidationError``, for the one who saves, where the device could not use a document.
    """
    with transaction.atomic():
        # One at a time for each device: the later one sees what the earlier one saved.
        device = _locked(Device.objects.select_related("resident")).get(pk=device.pk)
        changed = [_save(device, name, body) for name, body in compose(device).items()]
        if any(changed):
            nudge.wake(device.pk)
            nudge.changed(device.organisation, nudge.DEVICE)


def refresh_one(device: Device, name: Document) -> None:
    """Brings one document up to date, the others left as they are."""
    with transaction.atomic():
        device = _locked(Device.objects.select_related("resident")).get(pk=device.pk)
        if _save(device, name, _compose_one(device, name)):
            nudge.wake(device.pk)


def refresh_resident(resident: Resident) -> None:
    """Brings the documents of the resident's device up to date, if there is one."""
    for device in Device.objects.filter(resident=resident):
        refresh(device)


def refresh_contact(contact: Contact) -> None:
    """Brings the devices of all residents who know this contact up to date (V15)."""
    for device in Device.objects.filter(resident__relations__contact=contact).distinct():
        refresh(device)


def refresh_organisation(organisation: Organisation) -> None:
    """Brings every device of this organisation, and of those below it, up to date."""
    devices = list(Device.objects.filter(organisation__path__startswith=organisation.path))
    # These in the transaction of whoever saves, who so hears of what no device could use. The rest after it:
    # nobody's help can be written meanwhile.
    for device in devices[:MOST_WITHIN]:
        refresh(device)
    if len(devices) > MOST_WITHIN:
        due = DueRefresh.objects.create(organisation=organisation, since=timezone.now())
        transaction.on_commit(lambda: finish(due))


def finish(due: DueRefresh) -> None:
    """Brings all of its devices up to date, in short transactions of many each; twice does no harm."""
    ours = Device.objects.filter(organisation__path__startswith=due.organisation.path)
    devices = list(ours.values_list("pk", flat=True))
    for at in range(0, len(devices), BATCH):
        for pk in _refresh_batch(devices[at : at + BATCH]):
            refresh(Device.objects.get(pk=pk))
    DueRefresh.objects.filter(pk=due.pk).delete()


def _refresh_batch(names: Sequence[str]) -> set[str]:
    """Composes first, and locks only to write; those of which somebody else saved a document meanwhile."""
    stored = DesiredDocument.objects.filter(device__in=names)
    before = {(row.device_id, row.name): row for row in stored}
    devices = Device.objects.select_related("resident", "organisation").in_bulk(names)
    composed = {pk: _usable(device) for pk, device in devices.items()}
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
        DesiredDocument.objects.bulk_update(rows, _WRITTEN)
        _tell([devices[pk] for pk in {row.device_id for row in rows}])
    return overtaken


def _tell(devices: Iterable[Device]) -> None:
    organisations = set()
    for device in devices:
        nudge.wake(device.pk)
        organisations.add(device.organisation)
    for organisation in organisations:
        nudge.changed(organisation, nudge.DEVICE)


def _usable(device: Device) -> dict[str, dict[str, Any]]:
    """What the device can use; what it cannot stays as it was, and whoever saves it by itself hears why."""
    bodies: dict[str, dict[str, Any]] = {}
    for name, document in compose(device).items():
        try:
            bodies[name] = _checked(name, document)
        except ValidationError as error:
            log.warning("The %s of %s cannot be used: %s", name, device.pk, error)
    return bodies


def with_version(document: DesiredDocument) -> AnyDocument:
    """The document as the contract has it; the stored body is without its version."""
    name: Document = document.name  # type: ignore[assignment]
    return read_document(name, msgspec.json.encode({**document.body, "version": document.version}))


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
    """Whether it is another document now; then it has the next version, and is still to be written."""
    if stored.body == body:
        return False
    stored.version, stored.body, stored.saved_at = stored.version + 1, body, timezone.now()
    # What the device refused was an earlier word; this one it has not seen yet.
    stored.rejected_version, stored.rejected_path, stored.rejected_reason = None, "", ""
    return True


def _locked(rows: QuerySet[M]) -> QuerySet[M]:
    """Until the end of the transaction; others may still refer to them."""
    return rows.select_for_update(of=("self",), no_key=True)


def _checked(name: Document, document: AnyDocument) -> dict[str, Any]:
    """The body without its version, once it is known that the device can read it."""
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
