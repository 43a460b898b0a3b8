"""Sends by SMS to the resident's phone what no tablet shows or is to go there. Several run (M3, M6, M8)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cloud.base import due_work
from cloud.delivery import outbox
from cloud.delivery.models import Delivery
from cloud.delivery.outbox import Address, Letter
from cloud.devices.documents import refresh_resident
from cloud.devices.faults import SILENCE
from cloud.devices.models import Device
from cloud.messages.models import Message, ReminderChannel, ResidentPhone
from cloud.messages.planning import WINDOW, replan
from cloud.screens.zone import zone_of
from device.contract.message_times import Span, verdict

POLL_S = 5.0
# Without a tablet nothing else plans the reminders of coming days.
PLANS_EACH = timedelta(minutes=30)
MOST_A_TURN = 500
BATCH = 50
ABOUT = "message-to-resident"
# What goes to the phone whether a tablet shows it or not.
BY_PHONE = (ReminderChannel.PHONE, ReminderChannel.BOTH)
# What was shown is no text message any more, unless it was to be both; what was answered never is.
WANTED = Q(state=Message.State.PLANNED) | Q(state=Message.State.SHOWN, channel=ReminderChannel.BOTH)


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
    is_silent = Q(state=Message.State.PLANNED) & ~Exists(heard.filter(heard_at__gt=now - SILENCE))
    in_its_place = Q(channel=ReminderChannel.SCREEN_OR_PHONE) & is_silent
    rows = Message.objects.filter(WANTED, due_at__lte=now, until__gt=now, sender="")
    to_phone = rows.filter(resident__own_phone__isnull=False, delivery=None)
    return to_phone.filter(in_its_place | Q(channel__in=BY_PHONE)).order_by("due_at")


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
        follow(message.delivery)
    return True


def follow(row: Delivery, **_more: Any) -> None:
    """Let the screen show what was to be a text message only, once that has failed."""
    if row.about == ABOUT and row.state == Delivery.State.FAILED:
        failed = Message.objects.filter(delivery=row, channel=ReminderChannel.PHONE, state__in=Message.OPEN)
        for message in failed.select_related("resident"):
            # Not while this row is locked: composing documents locks in another order.
            transaction.on_commit(partial(refresh_resident, message.resident, "messages"), robust=True)


def text_of(message: Message) -> str:
    """Return the text; a reminder's is complete, for others the title is included."""
    if message.appointment and message.body:
        return message.body
    return "\n".join(filter(None, (message.title, message.body)))


def _withdraw() -> None:
    """Cancel messages that were moved, withdrawn or shown meanwhile."""
    wanted = Message.objects.filter(WANTED, delivery=OuterRef("pk"))
    outbox.cancel(Delivery.objects.filter(~Exists(wanted), about=ABOUT, state=Delivery.State.WAITING))


def _plan(now: datetime) -> None:
    is_due = Q(planned_at=None) | ~Q(planned_at__gt=now - PLANS_EACH, planned_at__lte=now)
    rows = list(ResidentPhone.objects.filter(is_due).select_related("resident")[:MOST_A_TURN])
    mine = [row for row in rows if ResidentPhone.objects.filter(is_due, pk=row.pk).update(planned_at=now)]
    for at in range(0, len(mine), BATCH):
        replan([row.resident for row in mine[at : at + BATCH]], now)
