"""The album of a resident, as part of the message document."""

from django.db.models import QuerySet
from msgspec.structs import replace

from cloud.album.models import FamilyPicture
from cloud.devices.models import Device
from cloud.people.models import Contact
from device.contract.messages import MOST_PICTURES, AlbumPicture, MessagePlan


def album(device: Device, document: MessagePlan) -> MessagePlan:
    """Add the resident's pictures to the document, the newest first."""
    rows = FamilyPicture.objects.filter(resident=device.resident).defer("data")
    pictures = [
        AlbumPicture(
            id=str(row.pk),
            sender=row.sender[:150],
            words=row.words,
            photo=row.sha256 or None,
            sent_at=row.sent_at,
        )
        for row in (rows[:MOST_PICTURES] if device.resident else [])
    ]
    return replace(document, album=pictures)


def picture_of(device: Device, sha256: str) -> tuple[bytes, str] | None:
    """Return a picture that was sent to this device's resident, with its type, or None."""
    row = FamilyPicture.objects.filter(resident=device.resident_id, sha256=sha256).first()
    return (bytes(row.data), "image/jpeg") if row and device.resident_id else None


def sent_by(contact: Contact) -> QuerySet[FamilyPicture]:
    """Return what this contact has sent to residents they still know, the newest first."""
    rows = FamilyPicture.objects.filter(contact=contact, resident__relations__contact=contact)
    return rows.select_related("resident", "message")
