"""Office hours by the resident's own clock: which number of a contact holds now (S7)."""

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
        """Whether the office answers at this moment; across DST it is the wall clock that counts."""
        return in_office_hours(moment.astimezone(self.zone), self.opens, self.until, self.closed_on)
