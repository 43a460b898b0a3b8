"""Authentication of devices over HTTPS: a short-lived token signed with their key (RFC 7519, ES256)."""

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from cloud.devices.errors import DeviceRetired, NotAuthorised
from cloud.devices.models import Device, UsedToken

AUDIENCE = "kotiruutu-desk"
LONGEST_S = 60
# Tolerance for a tablet's clock.
LEEWAY_S = 60
LONGEST_ID = 64
_NEEDED = ["sub", "aud", "iat", "exp", "jti"]


def authenticate(request: HttpRequest) -> Device:
    """Return the enrolled device that signed this request's token. Raises ``NotAuthorised``."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthorised("a bearer token is needed")
    device, certificate_pem = _claimed(token)
    try:
        claims = jwt.decode(
            token,
            _public_key(certificate_pem),
            algorithms=["ES256"],
            audience=AUDIENCE,
            leeway=LEEWAY_S,
            options={"require": _NEEDED},
        )
    except jwt.InvalidTokenError as error:
        raise NotAuthorised(f"the token is not valid: {error}") from None
    begins, ends = claims["iat"], claims["exp"]
    if not isinstance(begins, int | float) or not isinstance(ends, int | float):
        raise NotAuthorised("the token is not valid: iat and exp are numbers (RFC 7519, 2)")
    if ends - begins > LONGEST_S:
        raise NotAuthorised(f"the token is valid for too long: at most {LONGEST_S} s")
    _use(device, str(claims["jti"]))
    if not device.is_enrolled:
        raise DeviceRetired(device.retirement.receipt)
    return device


def _use(device: Device, token_id: str) -> None:
    """Record the token as used in the database, which all web processes share."""
    if len(token_id) > LONGEST_ID:
        raise NotAuthorised(f"the token is not valid: jti has at most {LONGEST_ID} characters")
    if not _storable(token_id):
        raise NotAuthorised("the token is not valid: jti is no plain text")
    try:
        with transaction.atomic():
            UsedToken.objects.create(device=device, token_id=token_id, used_at=timezone.now())
    except IntegrityError:
        raise NotAuthorised("the token has been used already") from None


def _claimed(token: str) -> tuple[Device, str]:
    """Return the device named in the token, and the certificate to verify it with."""
    try:
        subject = jwt.decode(token, options={"verify_signature": False}).get("sub")
    except jwt.InvalidTokenError:
        raise NotAuthorised("the token cannot be read") from None
    known = Device.objects.select_related("retirement")
    is_name = isinstance(subject, str) and _storable(subject)
    device = known.filter(pk=subject).first() if is_name else None
    if device is not None and device.is_enrolled:
        return device, device.certificate_pem
    if device is not None and hasattr(device, "retirement"):
        return device, device.retirement.certificate_pem
    raise NotAuthorised("this device is not enrolled")


def _storable(text: str) -> bool:
    """Return whether every database takes this text: JSON also has NUL and lone surrogates."""
    return text.isascii() and text.isprintable()


def _public_key(certificate_pem: str) -> ec.EllipticCurvePublicKey:
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise NotAuthorised("this device's certificate is of a kind the desk never signs")
    return key
