"""What the desk's authority signs, and what it refuses."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cloud.pki.authority import LINK, WEB, Authority
from cloud.pki.errors import AuthorityMissing, RequestRefused
from device.contract.identity import device_id

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def test_its_secrets_are_for_its_owner_alone(authority: Authority) -> None:
    """Every key has mode 0600, in a directory that nobody else may enter."""
    assert authority.directory.stat().st_mode & 0o077 == 0
    for key in authority.directory.glob("*.key"):
        assert key.stat().st_mode & 0o777 == 0o600


def test_made_again_it_keeps_its_root(authority: Authority) -> None:
    """A second ``make`` gives a new server certificate; every device goes on trusting the desk."""
    root, server = authority.certificate_file.read_bytes(), authority.server_certificate_file.read_bytes()
    authority.make(["desk.example"])
    assert authority.certificate_file.read_bytes() == root
    renewed = authority.server_certificate_file.read_bytes()
    assert renewed != server
    names = x509.load_pem_x509_certificate(renewed).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["desk.example"]


@pytest.mark.requirement("K16")
def test_what_the_desk_has_itself_lasts_as_long_as_its_authority(authority: Authority) -> None:
    """Nobody watches for its end, and no tablet could reach a desk whose broker has no certificate."""
    files = [authority.server_certificate_file, authority.parts_certificate_file]
    files += [authority.client_files(part)[0] for part in (LINK, WEB)]
    ends = [x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc for file in files]
    assert min(ends) >= authority.certificate.not_valid_after_utc


@pytest.mark.requirement("V5")
def test_a_device_is_named_after_its_key(authority: Authority) -> None:
    """Whatever name the request asks for, the certificate bears the digest of the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    issued = authority.sign(_request(key, "desk-link"))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    certificate = x509.load_pem_x509_certificate(issued.pem.encode())
    assert issued.device == device_id(spki)
    assert [each.value for each in certificate.subject] == [issued.device]
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=365)
    certificate.verify_directly_issued_by(authority.certificate)


def test_each_certificate_has_a_number_of_its_own(authority: Authority) -> None:
    """Also two for the same key: each can be revoked alone."""
    request = _request(ec.generate_private_key(ec.SECP256R1()))
    serials = {
        x509.load_pem_x509_certificate(authority.sign(request).pem.encode()).serial_number for _ in range(3)
    }
    assert len(serials) == 3
    assert min(serials).bit_length() > 64


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["P-384", "Ed25519", "RSA"],
)
def test_other_kinds_of_keys_are_refused(authority: Authority, key: Key) -> None:
    """A device has a P-256 key, and nothing else."""
    with pytest.raises(RequestRefused, match="P-256"):
        authority.sign(_request(key))


def test_a_request_for_somebody_elses_key_is_refused(authority: Authority) -> None:
    """Only who has the private key can ask for its certificate."""
    request = x509.load_pem_x509_csr(_request(ec.generate_private_key(ec.SECP256R1())))
    forged = bytearray(request.public_bytes(Encoding.DER))
    forged[-1] ^= 1
    with pytest.raises(RequestRefused, match="signed"):
        authority.sign(x509.load_der_x509_csr(bytes(forged)).public_bytes(Encoding.PEM))


@pytest.mark.parametrize("text", [b"", b"nonsense", b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END"])
def test_what_is_no_request_is_refused(authority: Authority, text: bytes) -> None:
    """In plain words, and without an accident."""
    with pytest.raises(RequestRefused, match="not a certificate signing request"):
        authority.sign(text)


def test_a_desk_without_an_authority_says_so(tmp_path: Path) -> None:
    """And names the command that makes one."""
    with pytest.raises(AuthorityMissing, match="make_authority"):
        Authority(tmp_path).sign(_request(ec.generate_private_key(ec.SECP256R1())))


def _request(key: Key, name: str = "anybody") -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM)
