"""Anonymises a resident: records stay under a number, personal data is erased everywhere (V17)."""

from django.db import transaction
from django.utils import timezone

from cloud.album.models import FamilyPicture, PausedSender
from cloud.calendar.models import Appointment, CalendarFeed
from cloud.delivery.models import Delivery
from cloud.desk import erasing
from cloud.devices.models import Device, DeviceCommand, DeviceEvent, RejectedInput, Retirement
from cloud.devices.retirement import is_retired, retire
from cloud.help.models import HelpRequest, HelpStep
from cloud.messages.models import Message, ResidentPhone
from cloud.notices import contracts
from cloud.notices.models import Notice
from cloud.organisations.models import User
from cloud.partner.models import ContactSheet, OperatorStep, Registration, SafeWords
from cloud.people import forced_calls, photo
from cloud.people.models import (
    CareSettings,
    DoorLook,
    EscalationContact,
    FormerRelation,
    Relation,
    Resident,
    ResidentHome,
)
from cloud.pki.authority import Authority
from cloud.queue.models import Message as QueueMessage
from device.contract.retirement import Wipe

# Tables of use only while the resident lives there, and full of names.
GONE = (
    Relation, FormerRelation, EscalationContact, FamilyPicture, PausedSender, Appointment, CalendarFeed,
    Delivery, Message, Notice, ResidentPhone, SafeWords, Registration, ResidentHome, DoorLook,
)  # fmt: skip


@transaction.atomic
def anonymise(resident: Resident, authority: Authority, by: User | None) -> None:
    """Anonymise permanently. The tablet is retired and wiped; calls and requests stay, without the name."""
    name = str(resident)
    for device in Device.objects.filter(resident=resident):
        if not is_retired(device):
            retire(device, authority, Retirement.Why.OUT_OF_USE, by)
        _forget_talk(device)
    for model in GONE:
        model.objects.filter(resident=resident).delete()
    contracts.forget(resident)
    forced_calls.forget(resident)
    QueueMessage.objects.filter(visit__resident=resident).delete()
    ContactSheet.objects.filter(user__organisation__path__startswith=resident.organisation.path).delete()
    CareSettings.objects.filter(resident=resident).update(consent_by="", missed_calls_email="")
    requests = HelpRequest.objects.filter(resident=resident)
    requests.update(outcome_words="")
    OperatorStep.objects.filter(request__in=requests).update(words="")
    notified = HelpStep.objects.filter(request__in=requests, kind=HelpStep.Kind.NOTIFIED)
    notified.update(who=erasing.NOBODY, phone="", reason="")
    resident.calls.update(reason_text="")
    resident.first_name = resident.last_name = ""
    resident.photo = None
    resident.anonymised_at = timezone.now()
    resident.save()
    photo.forget_unused(resident.organisation)
    erasing.erase(resident.organisation, name)


def _forget_talk(device: Device) -> None:
    """Delete messages between desk and device; the wipe command is still sent."""
    DeviceCommand.objects.filter(device=device).exclude(body__kind=Wipe.__struct_config__.tag).delete()
    DeviceEvent.objects.filter(device=device).delete()
    RejectedInput.objects.filter(device=device).delete()
