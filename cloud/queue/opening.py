"""Whether a queue is open, in the customer's wall time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cloud.base.opening_hours import turns
from cloud.queue.models import Queue


def is_open(queue: Queue, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether it is open: always without hours; it may have opened yesterday."""
    if queue.is_closed:
        return False
    if not queue.hours:
        return True
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=1), today)
    return any(
        opens <= now < closes
        for day in days
        for opens, closes in turns(queue.hours, queue.closed_on, day, zone)
    )
