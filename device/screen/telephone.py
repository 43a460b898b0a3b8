"""Formats telephone numbers as the country does."""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from device.contract.values import TimeZone

REGIONS = {"Europe/Helsinki": "FI", "Europe/Stockholm": "SE", "Europe/Copenhagen": "DK", "Europe/Oslo": "NO"}


@lru_cache(maxsize=256)
def spaced(number: str, time_zone: TimeZone) -> str:
    """Format ``+358401234567`` as ``040 1234567`` at home, ``+358 40 1234567`` abroad; else unchanged."""
    home = REGIONS.get(time_zone)
    try:
        parsed = phonenumbers.parse(number, home)
    except NumberParseException:
        return number
    is_at_home = home is not None and phonenumbers.region_code_for_number(parsed) == home
    way = PhoneNumberFormat.NATIONAL if is_at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, way)
