"""Certificate renewal: fetched, tested by a real connection, and only then installed (K16)."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from device.https_tasks import HttpsDesk
from device.link.session import Session
from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import CertificateRead, Event, FaultChanged, RenewalEnded
from device.rules.now import Now
from device.rules.state import State
from device.settings import Identity

PROVED_WITHIN_S = 60.0


class RenewalFailed(Exception):
    """The renewal failed; the message says why. The old certificate stays."""


class CertificateRenewal:
    """Runs renewals on the core's loop; ``handle`` gets the resulting events."""

    def __init__(
        self, identity: Identity, desk: HttpsDesk, session: Session, handle: Callable[[Event], None]
    ) -> None:
        self._identity = identity
        self._desk = desk
        self._session = session
        self._handle = handle
        self._running: asyncio.Task[None] | None = None

    def performs(self) -> Performs:
        """Return the effect that renews the certificate."""
        return {fx.RenewCertificate: self._begin}

    def read(self) -> None:
        """Report the certificate's expiry to the rules. The self-test reports one that is unreadable."""
        from cryptography import x509

        try:
            certificate = x509.load_pem_x509_certificate(self._identity.certificate.read_bytes())
        except (OSError, ValueError):
            return
        ends_at = certificate.not_valid_after_utc
        self._handle(CertificateRead(ends_at=ends_at, serial=certificate.serial_number))

    def stop(self) -> None:
        """Cancel the renewal; the old certificate stays."""
        if self._running:
            self._running.cancel()

    def _begin(self, _effect: fx.RenewCertificate, _state: State, _now: Now) -> None:
        self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._renew()
        except (RenewalFailed, OSError, ValueError) as error:
            self._handle(FaultChanged(part="certificate", reason=f"it could not be renewed: {error}"))
            self._handle(RenewalEnded(reason=str(error)))
            return
        self._handle(FaultChanged(part="certificate", reason=""))
        self.read()
        self._handle(RenewalEnded())

    async def _renew(self) -> None:
        new = self._identity.folder / "certificate.new.pem"
        pem = await (await self._desk.open()).renew()
        if pem == self._identity.certificate.read_bytes():
            return  # the desk considers it valid for long enough
        await asyncio.to_thread(self._check, pem)
        _write(new, pem)
        try:
            await self._prove(new)
        except RenewalFailed:
            new.unlink(missing_ok=True)
            raise
        new.replace(self._identity.certificate)

    def _check(self, pem: bytes) -> None:
        """Check that it is for our key and signed by our desk's authority."""
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        certificate = x509.load_pem_x509_certificate(pem)
        authority = x509.load_pem_x509_certificate(self._identity.authority.read_bytes())
        key = load_pem_private_key(self._identity.key.read_bytes(), None)
        if certificate.public_key() != key.public_key():
            raise RenewalFailed("the new certificate is not for this device's key")
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            raise RenewalFailed("the new certificate is not signed by the desk") from None

    async def _prove(self, new: Path) -> None:
        """Test that the broker accepts the certificate."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[str] = loop.create_future()

        def ended(reason: str) -> None:
            loop.call_soon_threadsafe(_resolve, outcome, reason)

        self._session.try_certificate(new, ended)
        try:
            reason = await asyncio.wait_for(outcome, PROVED_WITHIN_S)
        except TimeoutError:
            reason = "no connection was made in time"
        if reason:
            raise RenewalFailed(f"the broker did not take the new certificate: {reason}")


def _resolve(outcome: asyncio.Future[str], reason: str) -> None:
    if not outcome.done():
        outcome.set_result(reason)


def _write(path: Path, content: bytes) -> None:
    """Write the file durably before it is used."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
