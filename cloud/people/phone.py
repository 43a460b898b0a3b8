"""Telephone numbers as people write them, kept as E.164 (ITU-T)."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

REGIONS = {"Europe/Stockholm": "SE", "Europe/Copenhagen": "DK", "Europe/Oslo": "NO"}
HOME_REGION = "FI"


def e164(text: str, *, time_zone: str) -> str:
    """``040 123 4567`` → ``+358401234567``; a number without a country is one of the resident's own."""
    try:
        number = phonenumbers.parse(text, REGIONS.get(time_zone, HOME_REGION))
    except NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(_("This is not a telephone number. Example: +358 40 123 4567"), code="phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def takes_text_messages(number: str) -> bool:
    """Return whether a text message may reach this E.164 number: a mobile one, or one that may be."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except NumberParseException:
        return False
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def for_people(number: str) -> str:
    """``+358401234567`` → ``+358 40 1234567``; anything else stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number
