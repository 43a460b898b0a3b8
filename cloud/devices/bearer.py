"""Who a device is over HTTPS: a short-lived token signed by its own key (RFC 7519, ES256)."""

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.http import HttpRequest

from cloud.devices.errors import NotAuthorised
from cloud.devices.models import Device

AUDIENCE = "kotiruutu-desk"
LONGEST_S = 60
# A tablet's clock may be off by this much and it is still heard.
LEEWAY_S = 60
_NEEDED = ["sub", "aud", "iat", "exp", "jti"]


def authenticate(request: HttpRequest) -> Device:
    """The enrolled device that signed this request's token; ``NotAuthorised`` says what is wrong."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthorised("a bearer token is needed")
    device = _claimed(token)
    try:
        claims = jwt.decode(
            token,
            _public_key(device),
            algorithms=["ES256"],
            audience=AUDIENCE,
            leeway=LEEWAY_S,
            options={"require": _NEEDED},
        )
    except jwt.InvalidTokenError as error:
        raise NotAuthorised(f"the token is not valid: {error}") from None
    if claims["exp"] - claims["iat"] > LONGEST_S:
        raise NotAuthorised(f"the token is valid for too long: at most {LONGEST_S} s")
    if not cache.add(f"token:{device.pk}:{claims['jti']}", 1, timeout=LONGEST_S + 2 * LEEWAY_S):
        raise NotAuthorised("the token has been used already")
    return device


def _claimed(token: str) -> Device:
    try:
        subject = jwt.decode(token, options={"verify_signature": False}).get("sub")
    except jwt.InvalidTokenError:
        raise NotAuthorised("the token cannot be read") from None
    device = Device.objects.filter(pk=subject).first() if isinstance(subject, str) else None
    if device is None or not device.is_enrolled:
        raise NotAuthorised("this device is not enrolled")
    return device


def _public_key(device: Device) -> ec.EllipticCurvePublicKey:
    key = x509.load_pem_x509_certificate(device.certificate_pem.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise NotAuthorised("this device's certificate is of a kind the desk never signs")
    return key
