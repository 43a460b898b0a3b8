"""One-time codes from an authenticator app (TOTP, RFC 6238), beside the password.

Users with codes enter one at each sign-in, or use a passkey; users whose role requires that must set one of
them up first.
"""

from base64 import b32encode
from typing import Any

import segno
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cloud.organisations.access import CODE_MISSING, CODE_STATE, CODE_WANTED
from cloud.organisations.models import CodeRule, User

SPARE_CODES = 8


def begin(session: SessionBase, user: User) -> None:
    """Start a session, marked as lacking a code where one is needed."""
    session.pop(CODE_STATE, None)
    if user.codes_since or user.passkeys.exists():
        session[CODE_STATE] = CODE_WANTED
    elif is_needed(user):
        session[CODE_STATE] = CODE_MISSING


def is_needed(user: User) -> bool:
    """Return whether an organisation requires codes for one of the user's roles."""
    held = list(user.grants.select_related("organisation"))
    places = {number for grant in held for number in grant.organisation.line}
    rules = set(CodeRule.objects.filter(organisation__in=places).values_list("role", "organisation"))
    return any((grant.role, number) in rules for grant in held for number in grant.organisation.line)


def prepare(user: User) -> TOTPDevice:
    """Return the key to be scanned; the same until a code has confirmed it."""
    device, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return device


def picture(device: TOTPDevice) -> str:
    """Return the key as a QR code, as a data URL."""
    return str(segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=2))


def typed_key(device: TOTPDevice) -> str:
    """Return the key for manual entry, in groups of four."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


@transaction.atomic
def switch_on(session: SessionBase, user: User, code: str) -> list[str]:
    """Enable codes; return recovery codes, shown once, or an empty list where the code was wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(code):
        return []
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    user.codes_since = timezone.now()
    user.save(update_fields=["codes_since"])
    session.pop(CODE_STATE, None)
    return _new_spare_codes(user)


@transaction.atomic
def switch_off(user: User) -> None:
    """Disable one-time codes and their reserve codes; passkeys stay."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()
    user.codes_since = None
    user.save(update_fields=["codes_since"])


@transaction.atomic
def enter(session: SessionBase, user: User, code: str) -> bool:
    """Return whether the code was right; wrong ones delay the next attempt (django-otp's throttling)."""
    plain = code.replace(" ", "").lower()
    devices: list[Any] = [
        *TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True),
        *StaticDevice.objects.select_for_update().filter(user=user, confirmed=True),
    ]
    # Each kind has its own alphabet, so that a wrong code throttles only one of them.
    is_number = plain.isdigit()
    for device in devices:
        if isinstance(device, TOTPDevice) == is_number and device.verify_token(plain):
            session.pop(CODE_STATE, None)
            return True
    return False


def _new_spare_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="spare")
    # Never only digits: those are taken for codes of the app.
    codes = [f"{StaticToken.random_token()}x" for _number in range(SPARE_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes
