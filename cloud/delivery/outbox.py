"""Queues messages for delivery, and handles reports on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cloud.delivery.channel import Report, channels
from cloud.delivery.models import LONGEST_REASON, LONGEST_SUBJECT, ChannelSettings, Delivery
from cloud.delivery.retry import Progress, after_failure
from cloud.delivery.signals import delivery_moved
from cloud.notify import live_updates
from cloud.organisations.models import Organisation
from cloud.people.models import Resident

State = Delivery.State
KEPT_TRYING = timedelta(hours=24)
MOST_WAYS = 10
NO_WAY = "nobody has an address by which the desk can send"
ON_THE_WAY = (State.WAITING, State.HANDING)
WORK = "delivery"
CAME_OUT = (State.SENT, State.HANDING)
Rows = QuerySet[Delivery]


@dataclass(frozen=True)
class Address:
    """An e-mail address, a telephone number as E.164, or a contact whose phone gets notifications."""

    kind: str
    value: str


@dataclass(frozen=True)
class Letter:
    """A message with its recipient. ``key`` identifies it, so that it is queued once.

    An urgent one goes before others that are due.
    """

    key: str
    about: str
    who: str
    subject: str
    body: str
    addresses: Sequence[Address]
    resident: Resident | None = None
    is_urgent: bool = False


def put(
    organisation: Organisation, letter: Letter, due_at: datetime | None = None, until: datetime | None = None
) -> Delivery:
    """Queue the message once; without any channel it has failed, and the desk sees it."""
    now = timezone.now()
    due_at = due_at or now
    ways = ways_to(organisation, letter.addresses)
    channel, address = ways[0] if ways else ("", "")
    row, _is_new = Delivery.objects.get_or_create(
        key=letter.key,
        defaults={
            "organisation": organisation,
            "resident": letter.resident,
            "about": letter.about,
            "who": letter.who[:150],
            "subject": " ".join(letter.subject.split())[:LONGEST_SUBJECT],
            "body": letter.body,
            "is_urgent": letter.is_urgent,
            "ways": ways,
            "channel": channel,
            "address": address,
            "state": State.WAITING if ways else State.FAILED,
            "reason": "" if ways else NO_WAY,
            "due_at": due_at,
            "until": until or due_at + KEPT_TRYING,
            "created_at": now,
        },
    )
    if due_at <= now:
        live_updates.work(WORK)
    return row


def ways_to(organisation: Organisation, addresses: Sequence[Address]) -> list[list[str]]:
    """Return channel and address of every option, in the order of attempts."""
    held = settings_of(organisation)
    usable = [
        each for each in channels() if each.form is None or (each.name in held and held[each.name].is_on)
    ]
    usable.sort(key=lambda each: held[each.name].place if each.name in held else 0)
    ways = [[each.name, to.value] for to in addresses for each in usable if each.kind == to.kind]
    return [way for at, way in enumerate(ways) if way not in ways[:at]][:MOST_WAYS]


def settings_of(organisation: Organisation) -> dict[str, ChannelSettings]:
    """Return each channel's settings from this organisation or its nearest ancestor."""
    rows = ChannelSettings.objects.nearest_first(organisation)
    return {row.channel: row for row in reversed(rows)}


def own_settings(channel: str, organisation: int) -> ChannelSettings | None:
    """Return this organisation's own settings, or None."""
    return ChannelSettings.objects.filter(channel=channel, organisation=organisation).first()


def cancel(rows: Rows) -> int:
    """Cancel messages that were not sent yet; return how many."""
    return rows.filter(state=State.WAITING).update(state=State.CANCELLED)


def fail(row: Delivery, reason: str, now: datetime, *, permanent: bool) -> None:
    """Record a failed attempt: retry, use the next channel, or show the failure at the desk."""
    progress = Progress(row.way, row.tries, len(row.ways))
    then = after_failure(progress, now, row.until, permanent=permanent)
    row.reason, row.claimed_by, row.claimed_until = reason[:LONGEST_REASON], "", None
    row.tries = then.tries
    row.state = State.WAITING if then.at else State.FAILED
    if then.at:
        row.way, row.due_at = then.way, then.at
        row.channel, row.address = row.ways[then.way]
    row.save(update_fields=_MOVED)
    delivery_moved.send(Delivery, row=row)


_MOVED = ["reason", "claimed_by", "claimed_until", "tries", "state", "way", "due_at", "channel", "address"]


def take_report(channel: str, report: Report) -> bool:
    """Handle a gateway's report; return False for an unknown message."""
    named = {"pk": report.id} if report.id else {"reference": report.reference, "channel": channel}
    now = timezone.now()
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",))
        row = rows.filter(**named).order_by("-created_at").first()
        if row is None:
            return False
        if row.channel != channel or row.state not in (*CAME_OUT, State.DELIVERED):
            # A late report of an abandoned channel, or a duplicate.
            return True
        if report.state == "failed":
            if row.state != State.DELIVERED:
                fail(row, report.reason or "not delivered", now, permanent=True)
            return True
        row.state = State.READ if report.state == "read" else State.DELIVERED
        row.sent_at, row.delivered_at = row.sent_at or now, row.delivered_at or now
        row.read_at = now if report.state == "read" else row.read_at
        row.save(update_fields=["state", "sent_at", "delivered_at", "read_at"])
        delivery_moved.send(Delivery, row=row)
    return True


def is_sent_by(message_id: str, settings: ChannelSettings) -> bool:
    """Return whether the message exists and was sent with these settings."""
    try:
        pk = UUID(message_id)
    except ValueError:
        return False
    row = Delivery.objects.filter(pk=pk).select_related("organisation").first()
    return row is not None and settings.organisation_id in row.organisation.line
