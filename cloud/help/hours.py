"""Office hours in the resident's time zone: which number of a contact to use now (S7)."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from device.contract.hours import in_office_hours


@dataclass(frozen=True)
class OfficeHours:
    """Wall time in ``zone``, on working days; ``until`` at or before ``opens`` is the next day."""

    opens: time
    until: time
    zone: ZoneInfo
    closed_on: frozenset[str] = frozenset()

    def at(self, moment: datetime) -> bool:
        """Return whether the office is open at this moment, by wall time also across DST changes."""
        return in_office_hours(moment.astimezone(self.zone), self.opens, self.until, self.closed_on)
