"""Composes the message plan of a device, which works without a link."""

from datetime import datetime, timedelta
from itertools import accumulate

from django.db.models import Q
from django.utils import timezone

from cloud.delivery.models import Delivery
from cloud.devices.documents import NO_VERSION
from cloud.devices.models import Device
from cloud.messages.models import Message, ReminderChannel
from cloud.messages.planning import HORIZON, WINDOW
from device.contract import messages as contract

# A shown message stays until it is answered, up to this time.
STAYS = timedelta(days=2)
# The broker takes a megabyte: of very long texts a device has the next ones first, then those that follow.
MOST_TEXT_BYTES = 400_000
# Where the text message has failed the screen shows it: nothing is dropped.
ON_PHONE_ONLY = Q(channel=ReminderChannel.PHONE) & (
    Q(delivery=None) | ~Q(delivery__state=Delivery.State.FAILED)
)


def message_plan(device: Device, _document: contract.MessagePlan) -> contract.MessagePlan:
    """Return the messages of the coming days."""
    if device.resident is None:
        return contract.MessagePlan(version=NO_VERSION, window=WINDOW)
    now = timezone.now()
    rows = Message.objects.filter(
        resident=device.resident, state__in=Message.OPEN, due_at__lt=now + HORIZON, until__gt=now - STAYS
    ).exclude(ON_PHONE_ONLY)
    shown = [_message(row) for row in rows if _is_shown_until_answered(row, now)]
    return contract.MessagePlan(version=NO_VERSION, window=WINDOW, messages=_next_ones(shown))


def _next_ones(messages: list[contract.PlannedMessage]) -> list[contract.PlannedMessage]:
    """Return as many of the next messages as one document holds."""
    sizes = accumulate(len(each.body.encode()) for each in messages)
    fitting = sum(1 for size in sizes if size <= MOST_TEXT_BYTES)
    return messages[: min(fitting, contract.MOST_MESSAGES)]


def _is_shown_until_answered(row: Message, now: datetime) -> bool:
    return row.state == Message.State.SHOWN or row.until > now


def _message(row: Message) -> contract.PlannedMessage:
    return contract.PlannedMessage(
        id=str(row.pk),
        title=row.title,
        body=row.body,
        about=row.about,
        due_at=row.due_at,
        until=row.until,
        any_hour=row.any_hour,
        asks_confirmation=row.asks_confirmation,
        sender=row.sender,
        photo=row.photo or None,
    )
