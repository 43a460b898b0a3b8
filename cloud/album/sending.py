"""Turns a relative's picture or text into a message on the screen and an item of the album."""

from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cloud.album.models import FamilyPicture, PausedSender
from cloud.devices.documents import refresh_resident
from cloud.messages.models import TITLE_LENGTH, Message
from cloud.people.models import Contact, Relation, Resident
from cloud.screens.models import ResidentView
from device.contract.identity import new_id
from device.contract.message_times import message_span
from device.contract.messages import MOST_PICTURES

MOST_A_DAY = 20


def residents_of(contact: Contact) -> list[Resident]:
    """Return the residents the contact may send to: those who see the contact and have not paused them."""
    paused = PausedSender.objects.filter(contact=contact).values("resident")
    relations = Relation.objects.filter(contact=contact, visible_to_resident=True)
    rows = relations.exclude(resident__in=paused).select_related("resident")
    return [row.resident for row in rows.order_by("resident__first_name", "pk")]


@transaction.atomic
def send(contact: Contact, resident: Resident, words: str, jpeg: bytes) -> FamilyPicture:
    """Send to the screen. Raises ``ValidationError`` with readable text."""
    now = timezone.now()
    # One at a time for each sender, so that the daily limit holds.
    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    today = FamilyPicture.objects.filter(
        contact=contact, resident=resident, sent_at__gt=now - timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        raise ValidationError(_("That is enough for today. Tomorrow you can send more."))
    span = message_span(now)
    picture = FamilyPicture(
        resident=resident, contact=contact, sender=str(contact), words=words, data=jpeg,
        sha256=sha256(jpeg).hexdigest() if jpeg else "", sent_at=now,
    )  # fmt: skip
    picture.message = Message.objects.create(
        resident=resident,
        key=f"family-{new_id(now)}",
        title=_title(resident, contact, is_picture=bool(jpeg)),
        body=words,
        due_at=span.due_at,
        until=span.until,
        sender=str(contact)[:TITLE_LENGTH],
        photo=picture.sha256,
    )
    picture.save()
    _forget_oldest(resident)
    refresh_resident(resident, "messages")
    return picture


def _title(resident: Resident, contact: Contact, *, is_picture: bool) -> str:
    view = ResidentView.objects.filter(resident=resident).first()
    with translation.override(view.language if view else "fi"):
        words = _("%(name)s sent you a picture") if is_picture else _("%(name)s wrote to you")
        return (words % {"name": contact.first_name or contact})[:TITLE_LENGTH]


def _forget_oldest(resident: Resident) -> None:
    """Delete the oldest items beyond the album's limit."""
    rows = FamilyPicture.objects.filter(resident=resident).order_by("-pk")
    for oldest_kept in rows.values_list("pk", flat=True)[MOST_PICTURES - 1 : MOST_PICTURES]:
        rows.filter(pk__lt=oldest_kept).delete()
