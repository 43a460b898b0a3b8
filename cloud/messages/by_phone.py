"""Sends messages that no tablet shows as SMS to the resident's phone (M3, M8). Several may run."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cloud.base import due_work
from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.devices.faults import SILENCE
from cloud.devices.models import Device
from cloud.messages.models import Message, ResidentPhone
from cloud.messages.planning import WINDOW, replan
from cloud.screens.zone import zone_of
from device.contract.message_times import Span, verdict

POLL_S = 5.0
# Without a tablet nothing else plans the reminders of coming days.
PLANS_EACH = timedelta(minutes=30)
MOST_A_TURN = 500
ABOUT = "message-to-resident"


class PhoneWatch:
    """Sends by text message or e-mail, every few seconds, what no tablet has shown in time."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, self.turn)

    def turn(self) -> int:
        """Plan, queue what is due, and cancel what no longer is; return how many were queued."""
        now = self._clock()
        _plan(now)
        _withdraw()
        return sum(_put(pk, now) for pk in list(_due(now).values_list("pk", flat=True)[:MOST_A_TURN]))


def _due(now: datetime) -> QuerySet[Message]:
    """Return due messages, without those of relatives: pictures wait for the tablet."""
    heard = Device.objects.filter(resident=OuterRef("resident"), use=Device.Use.IN_USE)
    rows = Message.objects.filter(state=Message.State.PLANNED, due_at__lte=now, until__gt=now, sender="")
    to_phone = rows.filter(resident__own_phone__isnull=False, delivery=None)
    return to_phone.filter(~Exists(heard.filter(heard_at__gt=now - SILENCE))).order_by("due_at")


def _put(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        locked = Message.objects.select_for_update(of=("self",), skip_locked=True)
        message = locked.filter(pk=pk, delivery=None).select_related("resident__own_phone").first()
        if message is None:
            return False
        resident, span = message.resident, Span(due_at=message.due_at, until=message.until)
        window = None if message.any_hour else WINDOW
        if verdict(span, window, zone_of(resident), now) != "now":
            return False
        to = Address("phone", resident.own_phone.number)
        letter = Letter(
            f"message-{pk}", ABOUT, str(resident), message.title, text_of(message), [to], resident
        )
        message.delivery = outbox.put(resident.organisation, letter, now, message.until)
        message.save(update_fields=["delivery"])
    return True


def text_of(message: Message) -> str:
    """Return the text; a reminder's is complete, for others the title is included."""
    if message.appointment and message.body:
        return message.body
    return "\n".join(filter(None, (message.title, message.body)))


def _withdraw() -> None:
    """Cancel messages that were moved, withdrawn or shown meanwhile."""
    wanted = Message.objects.filter(delivery=OuterRef("pk"), state=Message.State.PLANNED)
    outbox.cancel(Delivery.objects.filter(~Exists(wanted), about=ABOUT, state=Delivery.State.WAITING))


def _plan(now: datetime) -> None:
    is_due = Q(planned_at=None) | ~Q(planned_at__gt=now - PLANS_EACH, planned_at__lte=now)
    for row in ResidentPhone.objects.filter(is_due).select_related("resident__organisation")[:MOST_A_TURN]:
        if ResidentPhone.objects.filter(is_due, pk=row.pk).update(planned_at=now):
            replan(row.resident, now)
