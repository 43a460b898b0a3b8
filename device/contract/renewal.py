"""Renewal of a certificate over HTTPS (``POST /device/v1/renew``), authenticated by the device (K16)."""

from typing import Annotated

from msgspec import Meta, Struct

Pem = Annotated[str, Meta(max_length=8000)]


class RenewalRequest(Struct, frozen=True, kw_only=True):
    """A signing request (PKCS #10, PEM) for the device's existing key."""

    csr: Pem


class Renewed(Struct, frozen=True, kw_only=True):
    """The newest certificate of the device, PEM."""

    certificate: Pem
