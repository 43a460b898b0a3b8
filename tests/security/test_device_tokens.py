"""Attacks on the token by which a tablet speaks over HTTPS (RFC 7519)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.test import RequestFactory

from cloud.devices.bearer import AUDIENCE, authenticate
from cloud.devices.errors import NotAuthorised
from cloud.devices.models import Device, UsedToken
from cloud.devices.retention import forget
from cloud.pki.certificates import authority_certificate, certificate_pem, make_key
from tests.cloud.homes import Home

Ask = Callable[..., Device]


@pytest.fixture
def ask(home: Home) -> Ask:
    """Asks as the home's device, with these claims in its token."""
    key = make_key()
    home.device.certificate_pem = certificate_pem(authority_certificate(key, "x")).decode()
    home.device.save()

    def asked(**changes: Any) -> Device:
        now = datetime.now(UTC)
        claims = {"sub": home.device.pk, "aud": AUDIENCE, "iat": now, "exp": now + timedelta(seconds=60)}
        token = jwt.encode(claims | {"jti": "1"} | changes, key, algorithm="ES256")
        return authenticate(RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"}))

    return asked


def test_replaying_a_token_after_many_others(ask: Ask) -> None:
    """A copied token stays used, however many came after it; the fresh ones all work."""
    ask(jti="copied")
    for number in range(400):
        ask(jti=f"fresh-{number}")
    with pytest.raises(NotAuthorised, match="used already"):
        ask(jti="copied")


def test_times_written_as_text(ask: Ask) -> None:
    """No failure of the desk, but a refusal in words."""
    with pytest.raises(NotAuthorised, match="not valid"):
        ask(iat=str(int(datetime.now(UTC).timestamp())))


def test_filling_the_desk_with_long_token_ids(ask: Ask) -> None:
    """An id of 65 characters is refused, and used ones are forgotten after a day."""
    with pytest.raises(NotAuthorised, match="at most 64"):
        ask(jti="x" * 65)
    ask()
    forget(datetime.now(UTC) + timedelta(days=2))
    assert UsedToken.objects.count() == 0
