"""The desk's certificate authority: its files, and signing for devices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from cloud.pki import certificates
from cloud.pki.files import write_secretly
from cloud.pki.root import NAME, Issued, Root, read
from cloud.pki.signing import Signer

# The desk's clients of the broker, by the common name of their certificates; see kotiruutu.acl.
LINK, WEB = "desk-link", "desk-web"


@dataclass(frozen=True)
class Probe:
    """A revoked certificate with its key: a server that accepts it has not loaded the newest list."""

    serial: int
    pem: bytes


class Authority:
    """The authority whose files are in one directory; ``make_authority`` creates them.

    Its own key is read by the signing process alone where there is one (``signer``), else it is beside them.
    """

    def __init__(self, directory: Path, signer: Signer | None = None) -> None:
        self.directory = directory
        self._signer = signer or Root(directory)
        self.certificate_file = directory / "ca.pem"
        self.server_key_file = directory / "server.key"
        self.server_certificate_file = directory / "server.pem"
        self.revocations_file = directory / "crl.pem"
        # For the desk's own clients only: no device can connect with it.
        self.parts_certificate_file = directory / "parts.pem"

    def client_files(self, part: str) -> tuple[Path, Path]:
        """Return certificate and key of one of the desk's clients."""
        return self.directory / f"{part}.pem", self.directory / f"{part}.key"

    def make(self, hosts: Iterable[str], root: Root | None = None) -> None:
        """Create what is missing; only the server's certificate is always renewed, for these hosts.

        ``root`` is where the signing process has its key, which nobody else may read.
        """
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = Root(self.directory)
        root = root or beside
        if root.directory != self.directory:
            _move(beside, root)
        root.make()
        write_secretly(self.certificate_file, read(root.certificate_file))
        if not self.parts_certificate_file.exists():
            self._make_parts()
        key = certificates.make_key()
        write_secretly(self.server_key_file, certificates.key_pem(key))
        write_secretly(self.server_certificate_file, root.sign_server(key.public_key(), hosts))
        if not self.revocations_file.exists():
            write_secretly(self.revocations_file, root.list_revoked([]))

    def sign(self, request_pem: bytes) -> Issued:
        """Return a certificate for the key in this signing request; the request's own subject is ignored.

        Raises ``RequestRefused`` for anything that is not a well-signed request with a P-256 key.
        """
        return self._signer.sign_device(request_pem)

    def make_probe(self) -> Probe:
        """Create a certificate only to be listed as revoked."""
        key = certificates.make_key()
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
        pem = self.sign(request.public_bytes(Encoding.PEM)).pem.encode()
        return Probe(x509.load_pem_x509_certificate(pem).serial_number, pem + certificates.key_pem(key))

    def revoke(self, revoked: Iterable[tuple[int, datetime]]) -> None:
        """Write the list of all revoked certificates (serial number, since when)."""
        write_secretly(self.revocations_file, self._signer.list_revoked(revoked))

    @cached_property
    def certificate(self) -> x509.Certificate:
        """Return the authority's own certificate."""
        return x509.load_pem_x509_certificate(read(self.certificate_file))

    def _make_parts(self) -> None:
        """Create an authority whose key is discarded, and the certificates of the desk's clients."""
        parts_key = certificates.make_key()
        parts = certificates.authority_certificate(parts_key, f"{NAME}: its own parts")
        for part in (LINK, WEB):
            key = certificates.make_key()
            certificate = certificates.client_certificate(
                key.public_key(),
                part,
                authority=parts,
                authority_key=parts_key,
                life=certificates.AUTHORITY_LIFE,
            )
            certificate_file, key_file = self.client_files(part)
            write_secretly(key_file, certificates.key_pem(key))
            write_secretly(certificate_file, certificates.certificate_pem(certificate))
        write_secretly(self.parts_certificate_file, certificates.certificate_pem(parts))


def desk_authority() -> Authority:
    """Return the authority of this desk, stored with its other data."""
    from django.conf import settings

    signer = Signer(Path(settings.SIGNER_SOCKET)) if settings.SIGNER_SOCKET else None
    return Authority(settings.DATA / "pki", signer)


def _move(beside: Root, root: Root) -> None:
    """Move the key of a desk that was set up before there was a signing process."""
    if beside.key_file.exists() and not root.key_file.exists():
        root.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secretly(root.certificate_file, read(beside.certificate_file))
        write_secretly(root.key_file, read(beside.key_file))
        beside.key_file.unlink()
