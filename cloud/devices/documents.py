"""The documents of a device, made from what the desk knows, and pushed when they differ (K1).

Domains register what they know of each document in ``AppConfig.ready``.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cloud.devices.models import DesiredDocument, Device
from cloud.notify import nudge
from cloud.organisations.models import Organisation
from cloud.people.models import Contact, Resident
from device.contract.checks import read_document
from device.contract.documents import DOCUMENTS, AnyDocument, Document
from device.contract.errors import Malformed
from device.contract.wire import LARGEST_MESSAGE_BYTES

ENVELOPE_BYTES = 1_000
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
    documents: dict[Document, AnyDocument] = {}
    for name, make_empty in DOCUMENTS.items():
        document: AnyDocument = make_empty(version=NO_VERSION)
        for composer in _composers[name]:
            document = composer(device, document)
        documents[name] = document
    return documents


def refresh(device: Device) -> None:
    """Brings the device's documents up to date; those that changed get the next version and go out.

    Raises ``ValidationError``, for the one who saves, where the device could not use a document.
    """
    with transaction.atomic():
        # One at a time for each device: the later one sees what the earlier one saved.
        device = Device.objects.select_for_update(of=("self",)).select_related("resident").get(pk=device.pk)
        changed = [_save(device, name, body) for name, body in compose(device).items()]
        if any(changed):
            nudge.wake(device.pk)
            nudge.changed(device.organisation, nudge.DEVICE)


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
    for device in Device.objects.filter(organisation__path__startswith=organisation.path):
        refresh(device)


def with_version(document: DesiredDocument) -> AnyDocument:
    """The document as the contract has it; the stored body is without its version."""
    name: Document = document.name  # type: ignore[assignment]
    return read_document(name, msgspec.json.encode({**document.body, "version": document.version}))


def _save(device: Device, name: Document, document: AnyDocument) -> bool:
    body = _checked(name, document)
    stored = DesiredDocument.objects.filter(device=device, name=name).first()
    if stored is None:
        DesiredDocument.objects.create(
            device=device, name=name, version=1, body=body, saved_at=timezone.now()
        )
        return True
    if stored.body == body:
        return False
    stored.version, stored.body, stored.saved_at = stored.version + 1, body, timezone.now()
    # What the device refused was an earlier word; this one it has not seen yet.
    stored.rejected_version, stored.rejected_path, stored.rejected_reason = None, "", ""
    stored.save()
    return True


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
