"""Somebody who has taken over the pages, and would like to take the authority along (V5)."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cloud.pki.authority import Authority
from cloud.pki.errors import AuthorityMissing, RequestRefused
from cloud.pki.root import Root
from cloud.pki.signing import Signer
from device.contract.identity import device_id
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import REPOSITORY

pytestmark = pytest.mark.requirement("V5")
NOBODY = "65534"


class Desk:
    """The authority as the pages have it, and the process that signs."""

    def __init__(self, folder: Path) -> None:
        self.root = Root(folder / "signer")
        self.socket = folder / "sign"
        self.authority = Authority(folder / "pki", Signer(self.socket))
        self.authority.make(["localhost"], self.root)
        command = [sys.executable, "-m", "cloud.pki", "--directory", str(self.root.directory)]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        self.signer = ManagedProcess(
            "signer", [*command, "--socket", str(self.socket)], log=folder / "log", environment=environment
        )

    def start(self) -> None:
        """And waits until it can be asked."""
        self.signer.start()
        self.signer.wait_until(self.socket.exists)

    def ask(self, line: bytes) -> dict[str, str]:
        """What the process says to this."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.socket))
            connection.sendall(line + b"\n")
            answer: dict[str, str] = msgspec.json.decode(connection.makefile("rb").readline())
            return answer


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One for all attacks: each has to leave it as it was."""
    with TemporaryDirectory(prefix="k") as folder:
        made = Desk(Path(folder))
        made.start()
        yield made
        made.signer.stop()


def csr(key: ec.EllipticCurvePrivateKey, name: str = "desk-link") -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    server = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    builder = (
        x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(server, critical=True)
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def test_the_key_is_nowhere_among_what_the_pages_have(desk: Desk) -> None:
    """Not under any name: what the pages may read has no key that fits the authority's certificate."""
    public = desk.authority.certificate.public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = desk.root.key_file.read_bytes()
    for file in desk.authority.directory.rglob("*"):
        assert key not in file.read_bytes()
    assert not (desk.authority.directory / "ca.key").exists()
    assert (
        desk.root.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        == spki
    )
    assert (desk.root.directory.stat().st_mode & 0o777, desk.root.key_file.stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_cannot_read_it(desk: Desk) -> None:
    """As the pages run under another user than the process that signs."""
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "cat"]
    desk.root.directory.parent.chmod(0o755)
    done = subprocess.run([*as_nobody, str(desk.root.key_file)], capture_output=True, text=True, check=False)
    assert "Permission denied" in done.stderr


def test_it_signs_for_devices_alone_and_by_their_keys(desk: Desk) -> None:
    """Asked for a part of the desk at localhost, it answers with a device that is named after the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    issued = desk.authority.sign(csr(key, "desk-link"))
    certificate = x509.load_pem_x509_certificate(issued.pem.encode())
    certificate.verify_directly_issued_by(desk.authority.certificate)
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert issued.device == device_id(spki)
    assert [each.value for each in certificate.subject] == [issued.device]
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_revocations_go_through_it(desk: Desk) -> None:
    """The list is signed by it and written by the pages, with serial numbers of more than 64 bits."""
    probe = desk.authority.make_probe()
    desk.authority.revoke([(probe.serial, datetime.now(UTC)), (2**150 + 1, datetime.now(UTC))])
    listed = x509.load_pem_x509_crl(desk.authority.revocations_file.read_bytes())
    public_key = desk.authority.certificate.public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    assert listed.is_signature_valid(public_key)
    assert {each.serial_number for each in listed} == {probe.serial, 2**150 + 1}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b'{"kind":"sign-server","hosts":["localhost"]}',
        b'{"kind":"sign-device","csr":"\\u0000"}',
        b'{"kind":"list-revoked","revoked":[["-1","2026-01-01T00:00:00Z"]]}',
        b'{"kind":"list-revoked","revoked":[["x","2026-01-01T00:00:00Z"]]}',
        b"[" * 100_000,
    ],
)
def test_other_questions_are_refused_and_the_next_is_answered(desk: Desk, line: bytes) -> None:
    """Whatever it is asked, it neither ends nor signs anything else."""
    pid = desk.signer.pid
    assert desk.ask(line)["kind"] == "refused"
    with pytest.raises(RequestRefused):
        desk.authority.sign(b"no request")
    assert desk.signer.pid == pid


def test_without_it_the_desk_says_so(desk: Desk) -> None:
    """An enrolment is answered with 503 and words; once it runs again, it signs again."""
    desk.signer.stop()
    with pytest.raises(AuthorityMissing, match="does not answer"):
        desk.authority.sign(csr(ec.generate_private_key(ec.SECP256R1())))
    desk.start()
    assert desk.authority.sign(csr(ec.generate_private_key(ec.SECP256R1()))).pem


def test_the_key_of_an_older_desk_moves_over(tmp_path: Path) -> None:
    """Every device goes on trusting the desk, and nothing is left where the pages can read."""
    older = Authority(tmp_path / "pki")
    older.make(["localhost"])
    before = older.certificate_file.read_bytes()
    root = Root(tmp_path / "signer")
    Authority(tmp_path / "pki").make(["localhost"], root)
    assert not (tmp_path / "pki" / "ca.key").exists()
    assert older.certificate_file.read_bytes() == root.certificate_file.read_bytes() == before
    server = x509.load_pem_x509_certificate(older.server_certificate_file.read_bytes())
    server.verify_directly_issued_by(root.certificate)
