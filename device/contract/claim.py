"""What a desk gives a new device: a claim, the desk's address, and its fingerprint (K7).

``POST /device/v1/claim`` returns whose device a claim makes; ``GET /device/v1/authority`` returns the
certificate of the desk's authority, which the device compares with the fingerprint before it trusts anything
else.
"""

import hashlib
import re
from base64 import b32encode
from typing import Annotated

from msgspec import Meta, Struct

from device.contract.errors import Malformed
from device.contract.renewal import Pem

# Letters alone, so that nobody has to switch to digits; without I and O, which look like digits.
CLAIM_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
CLAIM_LETTERS = 8
MARK_LETTERS = 26
DEVICE_PORT = 8443

_CLAIM = re.compile(f"[{CLAIM_ALPHABET}]{{{CLAIM_LETTERS}}}")
_MARK = re.compile(f"[A-Z2-7]{{{MARK_LETTERS}}}")
_HOST = re.compile(r"[A-Z0-9]([A-Z0-9.-]{0,251}[A-Z0-9])?")
_PREFIX = "KOTIRUUTU:1"


class ClaimedFor(Struct, frozen=True, kw_only=True):
    """Whose device a claim makes; ``resident`` is empty for a device that goes into stock.

    ``replaces`` where the resident has a device already, which will be retired.
    """

    resident: str
    organisation: str
    replaces: bool


class ClaimQuestion(Struct, frozen=True, kw_only=True):
    """Looks up a claim without using it."""

    claim: Annotated[str, Meta(max_length=64)]


class AuthorityAnswer(Struct, frozen=True, kw_only=True):
    """The certificate of the desk's authority, PEM."""

    ca: Pem


class Invitation(Struct, frozen=True, kw_only=True):
    """The content of the desk's QR code. With an empty ``mark``, typed by hand, a person compares it."""

    host: str
    claim: str
    port: int = DEVICE_PORT
    mark: str = ""

    @property
    def desk_url(self) -> str:
        """Return the URL of the desk's device port."""
        return f"https://{self.host}:{self.port}"


def claim_letters(text: str) -> str:
    """Return the claim in typed or dictated text. Raises ``Malformed``."""
    letters = re.sub(r"[\s-]", "", text).upper()
    if not _CLAIM.fullmatch(letters):
        raise Malformed("the claim is not a claim code")
    return letters


def mark_of(certificate_der: bytes) -> str:
    """Return an authority's fingerprint: base32 of the first 130 bits of SHA-256 of its certificate."""
    return b32encode(hashlib.sha256(certificate_der).digest()).decode()[:MARK_LETTERS]


def invitation_text(invitation: Invitation) -> str:
    """Return the QR code's text: capitals and digits only, which keeps the code small (ISO/IEC 18004)."""
    parts = (_PREFIX, invitation.claim, invitation.mark, str(invitation.port), invitation.host.upper())
    return ":".join(parts)


def read_invitation(text: str) -> Invitation:
    """Parse the text of a QR code. Raises ``Malformed`` where it is not one of ours."""
    program, _, rest = text.strip().partition(":")
    parts = rest.split(":")
    if program != "KOTIRUUTU" or len(parts) != 5 or parts[0] != "1":
        raise Malformed("not the QR code of a care desk")
    _, claim, mark, port, host = parts
    if not _MARK.fullmatch(mark):
        raise Malformed("not the QR code of a care desk")
    return Invitation(
        claim=claim_letters(claim),
        mark=mark,
        port=_port(port),
        host=_host(host),
    )


def typed_desk(address: str) -> tuple[str, int]:
    """Parse a typed address into host and port. Raises ``Malformed``."""
    bare = address.strip().removeprefix("https://").strip("/")
    host, _, port = bare.partition(":")
    return _host(host), _port(port) if port else DEVICE_PORT


def _host(text: str) -> str:
    if not _HOST.fullmatch(text.upper()):
        raise Malformed("not the address of a care desk")
    return text.lower()


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65_536:
        raise Malformed("not the address of a care desk")
    return int(text)
