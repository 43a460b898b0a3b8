"""Quiet hours: non-urgent messages wait for their end. Pure."""

from datetime import datetime, time, timedelta

from device.contract.wall_time import resolve_gap


def not_before(local: datetime, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """Return the same time, or the end of the current quiet hours; ``local`` is aware."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return local
    wall = local.time().replace(tzinfo=None)
    if quiet_from < quiet_until:
        if not quiet_from <= wall < quiet_until:
            return local
        day = local.date()
    else:
        if quiet_until <= wall < quiet_from:
            return local
        day = local.date() + timedelta(days=1 if wall >= quiet_from else 0)
    end = resolve_gap(datetime.combine(day, quiet_until, local.tzinfo))
    return max(local, end)
