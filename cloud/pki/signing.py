"""What the desk's other processes ask the signing process, over a Unix socket: one line each way."""

import socket
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from cloud.pki.errors import AuthorityMissing, RequestRefused
from cloud.pki.root import Issued

PATIENCE_S = 20.0
# A list of a hundred thousand revoked certificates has room.
LARGEST_BYTES = 12_000_000


class SignDevice(Struct, frozen=True, tag_field="kind", tag="sign-device"):
    """A device's signing request (PKCS #10, PEM)."""

    csr: str


class ListRevoked(Struct, frozen=True, tag_field="kind", tag="list-revoked"):
    """Serial numbers, in decimal as they have more than 64 bits, and since when each is revoked."""

    revoked: list[tuple[str, datetime]]


class Signed(Struct, frozen=True, tag_field="kind", tag="signed"):
    """What was asked for, as PEM; ``device`` is the name that follows from its key."""

    pem: str
    device: str = ""


class Refused(Struct, frozen=True, tag_field="kind", tag="refused"):
    """Why not, in words for the one who asked."""

    why: str


class Signer:
    """A client of the signing process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sign_device(self, request_pem: bytes) -> Issued:
        """As ``Root.sign_device``, by the process that holds the key."""
        signed = self._ask(SignDevice(request_pem.decode(errors="replace")))
        return Issued(signed.device, signed.pem)

    def list_revoked(self, revoked: Iterable[tuple[int, datetime]]) -> bytes:
        """As ``Root.list_revoked``, by the signer's process, which holds the key."""
        return self._ask(ListRevoked([(str(serial), at) for serial, at in revoked])).pem.encode()

    def _ask(self, wanted: SignDevice | ListRevoked) -> Signed:
        try:
            with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rb") as answers:
                connection.settimeout(PATIENCE_S)
                connection.connect(str(self._path))
                connection.sendall(msgspec.json.encode(wanted) + b"\n")
                answer = msgspec.json.decode(answers.readline(LARGEST_BYTES), type=Signed | Refused)
        except (OSError, msgspec.MsgspecError):
            raise AuthorityMissing("the desk's signing process does not answer: is it running?") from None
        if isinstance(answer, Refused):
            raise RequestRefused(answer.why)
        return answer
