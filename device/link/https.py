"""HTTPS requests to the desk, authenticated as this device: photos, and the fallback for help."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from msgspec import Raw
from msgspec.json import encode

from device.contract.errors import ContractError
from device.contract.events import Received
from device.contract.readiness import Gap, Readiness
from device.contract.release import ChunkQuestion, ReleaseOffer
from device.contract.renewal import RenewalRequest, Renewed
from device.contract.retirement import Retired
from device.contract.wire import read
from device.link.bearer import DeviceToken
from device.link.trust import trust
from device.settings import Identity

_TIMEOUT_S = 8.0

T = TypeVar("T")


class DeskUnreachable(OSError):
    """The desk did not answer as expected; the message says why, for the health page."""


class DeviceRetired(DeskUnreachable):
    """The desk has retired this device, which must wipe its data (K17)."""

    def __init__(self, receipt: str) -> None:
        super().__init__("the desk has retired this device")
        self.receipt = receipt


class DeskOverHttps:
    """A client of one desk; every request carries a token signed with this device's key."""

    def __init__(self, identity: Identity, now: Callable[[], datetime]) -> None:
        key = load_pem_private_key(identity.key.read_bytes(), None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise DeskUnreachable("the device's key is not an elliptic-curve key")
        self._identity = identity
        self._token = DeviceToken(identity.device, key, now)
        self._context = trust(identity.authority)

    def client(self) -> httpx.AsyncClient:
        """Return an HTTP client for use with ``async with``."""
        return httpx.AsyncClient(
            base_url=self._identity.desk_url,
            auth=self._token,
            verify=self._context,
            timeout=_TIMEOUT_S,
            trust_env=False,
        )

    async def hand_over(self, events: list[bytes]) -> frozenset[str]:
        """Send events as on ``up/event``; return the ids that are committed. Raises ``DeskUnreachable``."""
        answer = await self._ask("POST", "events", b"[" + b",".join(events) + b"]")
        return frozenset(self._read(answer, Received).ids)

    async def commands(self) -> list[bytes]:
        """Fetch envelopes as on ``down/command``, the oldest first. Raises ``DeskUnreachable``."""
        return [bytes(each) for each in self._read(await self._ask("GET", "commands"), list[Raw])]

    async def renew(self) -> bytes:
        """Fetch a certificate for this device's key, PEM: a new one, or the newest.

        Raises ``DeskUnreachable``.
        """
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        csr = request.sign(self._token.key, SHA256()).public_bytes(Encoding.PEM).decode()
        answer = self._read(await self._ask("POST", "renew", encode(RenewalRequest(csr=csr))), Renewed)
        return answer.certificate.encode()

    async def missing(self) -> tuple[Gap, ...]:
        """Fetch what the desk's setup of this device lacks. Raises ``DeskUnreachable``."""
        return tuple(self._read(await self._ask("GET", "missing"), Readiness).missing)

    async def release(self, arch: str, number: int) -> ReleaseOffer | None:
        """Fetch the offer of a release newer than this number, or None. Raises ``DeskUnreachable``."""
        answer = await self._ask("GET", f"release?arch={arch}&number={number}")
        return self._read(answer, ReleaseOffer) if answer else None

    async def chunks(self, number: int, sha256s: list[str]) -> list[tuple[str, bytes]]:
        """Fetch packed chunks with their digests, as many as fit one response. Raises ``DeskUnreachable``."""
        question = encode(ChunkQuestion(number=number, chunks=sha256s))
        answer = await self._ask("POST", "release/chunks", question)
        found, at = [], 0
        for sha256 in sha256s:
            if at == len(answer):
                break
            size = int.from_bytes(answer[at : at + 4])
            found.append((sha256, answer[at + 4 : at + 4 + size]))
            at += 4 + size
        if not found or at != len(answer):
            raise DeskUnreachable("the desk's answer was cut off")
        return found

    async def _ask(self, method: str, what: str, content: bytes | None = None) -> bytes:
        try:
            async with self.client() as client:
                url = f"/device/v1/{what}"
                response = await client.request(method, url, content=content)
        except (httpx.HTTPError, OSError) as error:
            raise DeskUnreachable(
                f"the desk cannot be reached over HTTPS: {str(error) or type(error).__name__}"
            ) from None
        if response.status_code == httpx.codes.GONE:
            raise DeviceRetired(self._read(response.content, Retired).receipt)
        if response.status_code not in (httpx.codes.OK, httpx.codes.NO_CONTENT):
            raise DeskUnreachable(f"the desk answered {response.status_code} over HTTPS")
        return response.content

    @staticmethod
    def _read(content: bytes, type_: type[T]) -> T:
        try:
            return read(Raw(content), type_)
        except ContractError as error:
            raise DeskUnreachable(f"the desk answered nonsense over HTTPS: {error}") from None

    async def time(self) -> datetime:
        """Return the desk's clock, to the second, from the Date header (RFC 9110, 6.6.1).

        Raises ``DeskUnreachable``.
        """
        try:
            async with self.client() as client:
                response = await client.head("/device/v1/events")
            return parsedate_to_datetime(response.headers["date"])
        except (httpx.HTTPError, OSError, KeyError, ValueError) as error:
            raise DeskUnreachable(f"the desk's clock is not known: {error}") from None
