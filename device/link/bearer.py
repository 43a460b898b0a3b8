"""Authentication of the device over HTTPS: a token signed with its key (RFC 7519, ES256)."""

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from device.contract.identity import new_id

AUDIENCE = "kotiruutu-desk"
VALID = timedelta(seconds=60)


def authorization(device: str, key: EllipticCurvePrivateKey, now: datetime) -> str:
    """Return the value of the ``Authorization`` header, valid for one request within a minute of ``now``."""
    claims = {"sub": device, "aud": AUDIENCE, "iat": now, "exp": now + VALID, "jti": new_id(now)}
    return f"Bearer {jwt.encode(claims, key, algorithm='ES256')}"


class DeviceToken(httpx.Auth):
    """Signs each request, and a refused one once more with the desk's own time: ``now`` may be wrong."""

    def __init__(self, device: str, key: EllipticCurvePrivateKey, now: Callable[[], datetime]) -> None:
        self.key = key
        self._device = device
        self._now = now
        self._desk_ahead = timedelta()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request, and after a 401 once more by the ``Date`` of the response (RFC 9110, 6.6.1)."""
        self._sign(request)
        response = yield request
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        try:
            self._desk_ahead = parsedate_to_datetime(response.headers["date"]) - self._now()
        except (KeyError, ValueError, TypeError):
            return
        self._sign(request)
        yield request

    def _sign(self, request: httpx.Request) -> None:
        now = self._now() + self._desk_ahead
        request.headers["Authorization"] = authorization(self._device, self.key, now)
