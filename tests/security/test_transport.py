"""Attacks on the way between a browser and the desk."""

from typing import Any

from django.test import Client

from cloud.desk.middleware import HSTS_S


def test_turning_https_into_http(client: Client, db: None, settings: Any) -> None:
    """A browser that has been here comes by HTTPS for a year (RFC 6797); trials without TLS stay possible."""
    settings.SESSION_COOKIE_SECURE = True
    assert client.get("/sign-in/").headers["Strict-Transport-Security"] == f"max-age={HSTS_S}"
    settings.SESSION_COOKIE_SECURE = False
    assert "Strict-Transport-Security" not in client.get("/sign-in/").headers
