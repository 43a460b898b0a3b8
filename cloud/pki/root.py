"""The key of the desk's authority, and all that is ever signed with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from cloud.pki import certificates
from cloud.pki.certificates import PrivateKey
from cloud.pki.errors import AuthorityMissing, RequestRefused
from cloud.pki.files import write_secretly
from device.contract.identity import device_id

NAME = "Kotiruutu care desk"


@dataclass(frozen=True)
class Issued:
    """A device's certificate, and the name that follows from its key."""

    device: str
    pem: str


class Root:
    """Key and certificate of the authority, in a directory that only the signing process may enter."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.key_file = directory / "ca.key"
        self.certificate_file = directory / "ca.pem"

    def make(self) -> None:
        """Creates both where there is no key yet."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.key_file.exists():
            return
        key = certificates.make_key()
        write_secretly(self.key_file, certificates.key_pem(key))
        certificate = certificates.authority_certificate(key, NAME)
        write_secretly(self.certificate_file, certificates.certificate_pem(certificate))

    def sign_device(self, request_pem: bytes) -> Issued:
        """A certificate for the key in this signing request; the request's own subject is ignored.

        Raises ``RequestRefused`` for anything that is not a well-signed request with a P-256 key.
        """
        public_key = _proven_key(request_pem)
        device = device_id(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        certificate = certificates.client_certificate(
            public_key,
            device,
            authority=self.certificate,
            authority_key=self._key,
            life=certificates.DEVICE_LIFE,
        )
        return Issued(device, certificates.certificate_pem(certificate).decode())

    def sign_server(self, public_key: ec.EllipticCurvePublicKey, hosts: Iterable[str]) -> bytes:
        """A certificate with which broker and desk answer under these hosts, as PEM."""
        certificate = certificates.server_certificate(
            public_key, hosts, authority=self.certificate, authority_key=self._key
        )
        return certificates.certificate_pem(certificate)

    def list_revoked(self, revoked: Iterable[tuple[int, datetime]]) -> bytes:
        """The list of all revoked certificates (serial number, since when), as PEM."""
        return certificates.revocation_list(revoked, authority=self.certificate, authority_key=self._key)

    @cached_property
    def certificate(self) -> x509.Certificate:
        """Return the authority's own certificate, which devices and processes trust."""
        return x509.load_pem_x509_certificate(read(self.certificate_file))

    @cached_property
    def _key(self) -> PrivateKey:
        key = load_pem_private_key(read(self.key_file), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise AuthorityMissing("the key of the desk's authority is of a kind it never makes")
        return key


def read(file: Path) -> bytes:
    """A file of the authority. Raises ``AuthorityMissing``."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise AuthorityMissing("the desk has no certificate authority yet: run make_authority") from None


def _proven_key(request_pem: bytes) -> ec.EllipticCurvePublicKey:
    try:
        request = x509.load_pem_x509_csr(request_pem)
        public_key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, InvalidSignature, x509.InvalidVersion):
        raise RequestRefused("not a certificate signing request") from None
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(
        public_key.curve, ec.SECP256R1
    ):
        raise RequestRefused("the key must be a P-256 key")
    if not signed:
        raise RequestRefused("the signing request is not signed by its own key")
    return public_key
