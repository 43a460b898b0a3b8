"""Telephone numbers as people write them, stored as E.164 (ITU-T)."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

REGIONS = {"Europe/Stockholm": "SE", "Europe/Copenhagen": "DK", "Europe/Oslo": "NO"}
HOME_REGION = "FI"


def e164(text: str, *, time_zone: str) -> str:
    """Convert ``040 123 4567`` to ``+358401234567``; the default country is the resident's."""
    try:
        number = phonenumbers.parse(text, REGIONS.get(time_zone, HOME_REGION))
    except NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(_("This is not a telephone number. Example: +358 40 123 4567"), code="phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def takes_text_messages(number: str) -> bool:
    """Return whether this E.164 number may receive SMS: a mobile number, or possibly one."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except NumberParseException:
        return False
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def for_people(number: str) -> str:
    """Format ``+358401234567`` as ``+358 40 1234567``; anything else is unchanged."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number
