"""What became of reminders on the screen, by the device's own words (M11)."""

from datetime import timedelta

from cloud.calendar.models import Appointment, ReminderEntry
from cloud.devices.models import Device
from cloud.people.models import Resident
from device.contract.events import Event
from device.contract.reminders import ReminderAnswered, ReminderShown

# As long as the events of a device are kept.
KEPT = timedelta(days=90)
MOST_SHOWN = 20


def take_in(device: Device, event: Event) -> None:
    """Notes it for the resident who has the device; inside the transaction that stores the event."""
    what = event.what
    resident: Resident | None = device.resident
    if resident is None or not isinstance(what, ReminderShown | ReminderAnswered):
        return
    appointment = _appointment(resident, what.appointment_id)
    if appointment is None:
        return
    entry, _is_new = ReminderEntry.objects.get_or_create(
        resident=resident,
        appointment=appointment,
        starts=what.starts,
        lead_min=what.lead_min,
        defaults={"title": appointment.title, "shown_at": event.happened_at},
    )
    if isinstance(what, ReminderAnswered):
        entry.answer, entry.answered_at = what.answer, event.happened_at
        entry.save(update_fields=["answer", "answered_at"])
    ReminderEntry.objects.filter(resident=resident, shown_at__lt=event.happened_at - KEPT).delete()


def _appointment(resident: Resident, id_: str) -> Appointment | None:
    """One of the resident's own; a device that lies names nobody else's."""
    is_number = id_.isascii() and id_.isdigit() and len(id_) < 19
    return Appointment.objects.filter(resident=resident, pk=int(id_)).first() if is_number else None
