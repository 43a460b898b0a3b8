"""X.509 certificates (RFC 5280) of the desk's own authority, and their permitted uses."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

# Of the authority, and of the desk's own servers and processes: nothing watches for their end.
AUTHORITY_LIFE = timedelta(days=20 * 365)
DEVICE_LIFE = timedelta(days=5 * 365)
# An expired list would lock every device out, and the broker reads it from a file of our own.
REVOCATIONS_LIFE = AUTHORITY_LIFE
# A tablet without a clock battery starts slightly in the past.
BEFORE = timedelta(days=1)

PrivateKey = ec.EllipticCurvePrivateKey
Host = x509.DNSName | x509.IPAddress


def make_key() -> PrivateKey:
    """Return a new P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: PrivateKey) -> bytes:
    """Return the key as PKCS #8 PEM, not encrypted: the file's mode protects it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM)


def name(common_name: str) -> x509.Name:
    """Return an X.509 name with only this common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def authority_certificate(key: PrivateKey, common_name: str) -> x509.Certificate:
    """Return a root certificate that signs certificates and revocation lists, but no other authority."""
    subject = name(common_name)
    return (
        _valid(x509.CertificateBuilder(), AUTHORITY_LIFE)
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def server_certificate(
    public_key: ec.EllipticCurvePublicKey,
    hosts: Iterable[str],
    *,
    authority: x509.Certificate,
    authority_key: PrivateKey,
) -> x509.Certificate:
    """Return a certificate for broker and HTTPS port, with these host names and addresses."""
    names = [_host(host) for host in hosts]
    builder = _leaf(public_key, str(names[0].value), Purpose.SERVER_AUTH, AUTHORITY_LIFE)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _issued(builder, authority, authority_key)


def client_certificate(
    public_key: ec.EllipticCurvePublicKey,
    common_name: str,
    *,
    authority: x509.Certificate,
    authority_key: PrivateKey,
    life: timedelta,
) -> x509.Certificate:
    """Return a client certificate for a device or a process of the desk."""
    builder = _leaf(public_key, common_name, Purpose.CLIENT_AUTH, life)
    return _issued(builder, authority, authority_key)


def revocation_list(
    revoked: Iterable[tuple[int, datetime]], *, authority: x509.Certificate, authority_key: PrivateKey
) -> bytes:
    """Return the list of revoked serial numbers (RFC 5280, 5) as PEM."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(now - BEFORE)
        .next_update(now + REVOCATIONS_LIFE)
    )
    for serial, at in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority_key, SHA256()).public_bytes(Encoding.PEM)


def _leaf(
    public_key: ec.EllipticCurvePublicKey, common_name: str, purpose: x509.ObjectIdentifier, life: timedelta
) -> x509.CertificateBuilder:
    return (
        _valid(x509.CertificateBuilder(), life)
        .subject_name(name(common_name))
        .public_key(public_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _issued(
    builder: x509.CertificateBuilder, authority: x509.Certificate, authority_key: PrivateKey
) -> x509.Certificate:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        builder.issuer_name(authority.subject)
        .add_extension(issuer, critical=False)
        .sign(authority_key, SHA256())
    )


def _valid(builder: x509.CertificateBuilder, life: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + life)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _host(host: str) -> Host:
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return x509.DNSName(host)
    return x509.IPAddress(address)
