"""A certificate is renewed over HTTPS (``POST /device/v1/renew``), in the device's own name (K16)."""

from typing import Annotated

from msgspec import Meta, Struct

Pem = Annotated[str, Meta(max_length=8000)]


class RenewalRequest(Struct, frozen=True, kw_only=True):
    """A signing request (PKCS #10, PEM) of the key that the device has already."""

    csr: Pem


class Renewed(Struct, frozen=True, kw_only=True):
    """The newest certificate of the device, PEM."""

    certificate: Pem
