"""STUN and TURN servers for calls."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha1

from django.conf import settings

from device.contract.ice import IceServer

# Longer than any call: a credential that expires would end the call.
LIFETIME = timedelta(hours=6)


def ice_servers(user: str, now: datetime) -> list[IceServer]:
    """Return servers with expiring credentials as in "A REST API for access to TURN services"."""
    return _until(now + LIFETIME, user)


def daily_ice_servers(user: str, now: datetime) -> list[IceServer]:
    """Return the same servers all day long (UTC), good for that day and the next: documents are kept."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _until(today + timedelta(days=2), user)


def _until(expires: datetime, user: str) -> list[IceServer]:
    servers = []
    if settings.STUN_URLS:
        servers.append(IceServer(urls=settings.STUN_URLS))
    if settings.TURN_URLS and settings.TURN_SECRET:
        username = f"{int(expires.timestamp())}:{user}"
        servers.append(
            IceServer(urls=settings.TURN_URLS, username=username, credential=_credential(username))
        )
    return servers


def _credential(username: str) -> str:
    # SHA-1 is what the servers expect (coturn's use-auth-secret).
    digest = hmac.new(settings.TURN_SECRET.encode(), username.encode(), sha1).digest()
    return base64.b64encode(digest).decode()
