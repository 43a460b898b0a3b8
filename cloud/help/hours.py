"""Office hours by the resident's own clock: which number of a contact holds now (S7)."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class OfficeHours:
    """Wall time in ``zone``; ``until`` at or before ``opens`` is the next day."""

    opens: time
    until: time
    zone: ZoneInfo

    def at(self, moment: datetime) -> bool:
        """Whether the office answers at this moment; across DST it is the wall clock that counts."""
        wall = moment.astimezone(self.zone).time().replace(tzinfo=None)
        if self.opens < self.until:
            return self.opens <= wall < self.until
        return wall >= self.opens or wall < self.until
