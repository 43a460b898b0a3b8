"""Whether a queue takes customers at a moment, by its hours in the customer's wall time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cloud.queue.models import Queue


def is_open(queue: Queue, zone: ZoneInfo, now: datetime) -> bool:
    """Without hours it is always open; closing at or before opening is the next day."""
    if queue.is_closed:
        return False
    if not queue.hours:
        return True
    local = now.astimezone(zone)
    today = local.date()
    return any(_covers(queue, day, local.replace(tzinfo=None)) for day in (today, today - timedelta(days=1)))


def _covers(queue: Queue, day: date, wall: datetime) -> bool:
    if day.isoformat() in queue.closed_on:
        return False
    for each in queue.hours:
        if day.isoweekday() not in each["days"]:
            continue
        opens, closes = time.fromisoformat(each["opens"]), time.fromisoformat(each["closes"])
        until = day if closes > opens else day + timedelta(days=1)
        if datetime.combine(day, opens) <= wall < datetime.combine(until, closes):
            return True
    return False
