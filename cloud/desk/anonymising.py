"""Anonymises a resident: records stay under a number, personal data is erased everywhere (V17)."""

import json
import logging
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.models import CharField, JSONField, Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from cloud.album.models import FamilyPicture, PausedSender
from cloud.base.seal import SealedField
from cloud.calendar.models import Appointment, CalendarFeed
from cloud.delivery.models import Delivery
from cloud.devices.models import Device, DeviceCommand, DeviceEvent, RejectedInput, Retirement
from cloud.devices.retiring import is_retired, retire
from cloud.help.models import HelpRequest, HelpStep
from cloud.messages.models import Message, ResidentPhone
from cloud.notices.models import Notice
from cloud.organisations.models import Organisation, User
from cloud.partner.models import ContactSheet, Registration, SafeWords
from cloud.people import forced_calls
from cloud.people.models import CareSettings, EscalationContact, FormerRelation, Relation, Resident
from cloud.pki.authority import Authority
from cloud.queue.models import Message as QueueMessage
from device.contract.retirement import Wipe

log = logging.getLogger(__name__)

# Tables of use only while the resident lives there, and full of names.
GONE = (
    Relation, FormerRelation, EscalationContact, FamilyPicture, PausedSender, Appointment, CalendarFeed,
    Delivery, Message, Notice, ResidentPhone, SafeWords, Registration,
)  # fmt: skip
NOBODY = "–"


@transaction.atomic
def anonymise(resident: Resident, authority: Authority, by: User | None) -> None:
    """Anonymise permanently. The tablet is retired and wiped; calls and requests stay, without the name."""
    first, last = resident.first_name, resident.last_name
    for device in Device.objects.filter(resident=resident):
        if not is_retired(device):
            retire(device, authority, Retirement.Why.OUT_OF_USE, by)
        _forget_talk(device)
    for model in GONE:
        model.objects.filter(resident=resident).delete()
    forced_calls.forget(resident)
    QueueMessage.objects.filter(visit__resident=resident).delete()
    ContactSheet.objects.filter(user__organisation__path__startswith=resident.organisation.path).delete()
    CareSettings.objects.filter(resident=resident).update(consent_by="", missed_calls_email="")
    requests = HelpRequest.objects.filter(resident=resident)
    requests.update(outcome_words="")
    notified = HelpStep.objects.filter(request__in=requests, kind=HelpStep.Kind.NOTIFIED)
    notified.update(who=NOBODY, phone="", reason="")
    resident.calls.update(reason_text="")
    resident.first_name = resident.last_name = ""
    resident.anonymised_at = timezone.now()
    resident.save()
    _blot_out(resident.organisation, first, last)
    transaction.on_commit(forget_pages)


def forget_pages() -> None:
    """Truncate SQLite's write-ahead log, which still contains old data."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                log.warning("Somebody reads the database: its log is emptied by the next checkpoint")


def _forget_talk(device: Device) -> None:
    """Delete messages between desk and device; the wipe command is still sent."""
    DeviceCommand.objects.filter(device=device).exclude(body__kind=Wipe.__struct_config__.tag).delete()
    DeviceEvent.objects.filter(device=device).delete()
    RejectedInput.objects.filter(device=device).delete()


def _blot_out(home: Organisation, first: str, last: str) -> None:
    """Replace the full name in the home's other tables: titles, notes, mails. Not that of a namesake."""
    name = f"{first} {last}".strip()
    namesakes = Resident.objects.filter(first_name=first, last_name=last)
    if not name or namesakes.filter(organisation__path__startswith=home.path).exists():
        return
    spelt = {name, json.dumps(name)[1:-1]}
    for model, path, field in _texts():
        # Not by the tables' own managers: append-only records lose the name too.
        rows: QuerySet[Model] = QuerySet(model).filter(**{f"{path}__path__startswith": home.path})
        text = rows.annotate(as_text=Cast(field, TextField()))
        for spelling in spelt:
            for pk, value in text.filter(as_text__contains=spelling).values_list("pk", field):
                plain = value.replace(name, NOBODY) if isinstance(value, str) else _without(value, name)
                QuerySet(model).filter(pk=pk).update(**{field: plain})


def _without(value: object, name: str) -> object:
    """Return the object with the name removed from all its texts."""
    return json.loads(json.dumps(value, ensure_ascii=False).replace(name, NOBODY))


def _texts() -> Iterator[tuple[type[Model], str, str]]:
    """Yield every text column of a home's tables, with its path to the organisation."""
    for model in apps.get_models():
        path = getattr(model, "organisation_path", "organisation")
        fields = {field.name: field for field in model._meta.concrete_fields}
        if not model.__module__.startswith("cloud.") or path.partition("__")[0] not in fields:
            continue
        for field in fields.values():
            is_text = isinstance(field, CharField | TextField | JSONField)
            if is_text and not isinstance(field, SealedField) and not field.primary_key and not field.choices:
                yield model, path, field.name
