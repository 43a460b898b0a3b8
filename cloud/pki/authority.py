"""The desk's certificate authority: its files, and signing for devices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from cloud.pki import certificates
from cloud.pki.certificates import PrivateKey
from cloud.pki.errors import AuthorityMissing, RequestRefused
from cloud.pki.files import write_secretly
from device.contract.identity import device_id

# The desk's clients of the broker, by the common name of their certificates; see kotiruutu.acl.
LINK, WEB = "desk-link", "desk-web"
NAME = "Kotiruutu care desk"


@dataclass(frozen=True)
class Issued:
    """A device's certificate, and the id that follows from its key."""

    device: str
    pem: str


@dataclass(frozen=True)
class Probe:
    """A revoked certificate with its key: a server that accepts it has not loaded the newest list."""

    serial: int
    pem: bytes


class Authority:
    """The authority whose files are in one directory; ``make_authority`` creates them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.certificate_file = directory / "ca.pem"
        self.server_key_file = directory / "server.key"
        self.server_certificate_file = directory / "server.pem"
        self.revocations_file = directory / "crl.pem"
        # For the desk's own clients only: no device can connect with it.
        self.parts_certificate_file = directory / "parts.pem"

    def client_files(self, part: str) -> tuple[Path, Path]:
        """Return certificate and key of one of the desk's clients."""
        return self.directory / f"{part}.pem", self.directory / f"{part}.key"

    def make(self, hosts: Iterable[str]) -> None:
        """Create what is missing; only the server's certificate is always renewed, for these hosts."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (self.directory / "ca.key").exists():
            self._make_root()
        if not self.parts_certificate_file.exists():
            self._make_parts()
        self._make_server(hosts)
        if not self.revocations_file.exists():
            self.revoke([])

    def sign(self, request_pem: bytes) -> Issued:
        """Return a certificate for the key in this signing request; the request's own subject is ignored.

        Raises ``RequestRefused`` for anything that is not a well-signed request with a P-256 key.
        """
        public_key = _proven_key(request_pem)
        device = device_id(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        certificate = certificates.client_certificate(
            public_key, device, authority=self.certificate, authority_key=self._key
        )
        return Issued(device, certificates.certificate_pem(certificate).decode())

    def make_probe(self) -> Probe:
        """Create a certificate only to be listed as revoked."""
        key = certificates.make_key()
        certificate = certificates.client_certificate(
            key.public_key(), "revoked", authority=self.certificate, authority_key=self._key
        )
        pem = certificates.certificate_pem(certificate) + certificates.key_pem(key)
        return Probe(certificate.serial_number, pem)

    def revoke(self, revoked: Iterable[tuple[int, datetime]]) -> None:
        """Write the list of all revoked certificates (serial number, since when)."""
        text = certificates.revocation_list(revoked, authority=self.certificate, authority_key=self._key)
        write_secretly(self.revocations_file, text)

    @cached_property
    def certificate(self) -> x509.Certificate:
        """Return the authority's own certificate."""
        return x509.load_pem_x509_certificate(self._read(self.certificate_file))

    @cached_property
    def _key(self) -> PrivateKey:
        key = load_pem_private_key(self._read(self.directory / "ca.key"), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise AuthorityMissing("the key of the desk's authority is of a kind it never makes")
        return key

    def _make_root(self) -> None:
        key = certificates.make_key()
        write_secretly(self.directory / "ca.key", certificates.key_pem(key))
        certificate = certificates.authority_certificate(key, NAME)
        write_secretly(self.certificate_file, certificates.certificate_pem(certificate))

    def _make_server(self, hosts: Iterable[str]) -> None:
        key = certificates.make_key()
        certificate = certificates.server_certificate(
            key.public_key(), hosts, authority=self.certificate, authority_key=self._key
        )
        write_secretly(self.server_key_file, certificates.key_pem(key))
        write_secretly(self.server_certificate_file, certificates.certificate_pem(certificate))

    def _make_parts(self) -> None:
        """Create an authority whose key is discarded, and the certificates of the desk's clients."""
        parts_key = certificates.make_key()
        parts = certificates.authority_certificate(parts_key, f"{NAME}: its own parts")
        for part in (LINK, WEB):
            key = certificates.make_key()
            certificate = certificates.client_certificate(
                key.public_key(), part, authority=parts, authority_key=parts_key
            )
            certificate_file, key_file = self.client_files(part)
            write_secretly(key_file, certificates.key_pem(key))
            write_secretly(certificate_file, certificates.certificate_pem(certificate))
        write_secretly(self.parts_certificate_file, certificates.certificate_pem(parts))

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except FileNotFoundError:
            raise AuthorityMissing("the desk has no certificate authority yet: run make_authority") from None


def desk_authority() -> Authority:
    """Return the authority of this desk, stored with its other data."""
    from django.conf import settings

    return Authority(settings.DATA / "pki")


def _proven_key(request_pem: bytes) -> ec.EllipticCurvePublicKey:
    try:
        request = x509.load_pem_x509_csr(request_pem)
        public_key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        raise RequestRefused("not a certificate signing request") from None
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(
        public_key.curve, ec.SECP256R1
    ):
        raise RequestRefused("the key must be a P-256 key")
    if not signed:
        raise RequestRefused("the signing request is not signed by its own key")
    return public_key
