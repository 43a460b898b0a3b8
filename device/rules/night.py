"""Whether it is night for the resident: softer, dimmer, darker."""

from zoneinfo import ZoneInfo

from device.contract.documents import View
from device.rules.local_time import is_within
from device.rules.now import Now


def is_night(view: View, now: Now) -> bool:
    """Return whether it is night by the view's theme; False without a trusted clock."""
    if not now.trusted:
        return False
    wall = now.wall.astimezone(ZoneInfo(view.time_zone)).strftime("%H:%M")
    return is_within(wall, view.theme.night_from, view.theme.night_until)
