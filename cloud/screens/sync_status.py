"""The sync status of a device's documents (K1)."""

from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from cloud.devices.models import DesiredDocument, Device
from device.contract.documents import Document

State = Literal["painted", "rejected", "offline", "received", "sent"]

TITLES: dict[Document, object] = {
    "view": _("View"),
    "people": _("People"),
    "calendar": _("Calendar"),
    "policy": _("Permissions"),
    "queue": _("Customer service"),
    "messages": _("Messages"),
}


class SyncStatus(NamedTuple):
    """The sync status of one document."""

    title: object
    state: State
    document: DesiredDocument


def sync_status_of(device: Device) -> list[SyncStatus]:
    """Return the status of all written documents, in the contract's order."""
    documents = {document.name: document for document in device.documents.all()}
    return [
        SyncStatus(title, state_of(documents[name], device.online), documents[name])
        for name, title in TITLES.items()
        if name in documents
    ]


def state_of(document: DesiredDocument, online: bool) -> State:
    """How far the document has come."""
    if document.rejected_version is not None:
        return "rejected"
    if document.painted_version == document.version:
        return "painted"
    if not online:
        return "offline"
    return "received" if document.received_version == document.version else "sent"
