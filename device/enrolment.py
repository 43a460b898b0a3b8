"""Enrolment: the device creates its key, and exchanges a claim for a certificate from the desk."""

import json
import ssl
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from device.contract.identity import device_id
from device.contract.values import Language
from device.durable_files import FOR_OWNER_ONLY, replace_file
from device.link.trust import trust

TIMEOUT_S = 20.0


class EnrolmentFailed(Exception):
    """Enrolment failed; the text says why, for the installer.

    ``status`` is the desk's HTTP status, 0 without a response.
    """

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Link:
    """The desk's address and this device's id; saved as ``link.json``."""

    device: str
    desk_url: str
    broker_host: str
    broker_port: int
    language: str = "fi"


def enrol(desk_url: str, authority: Path, claim: str, into: Path) -> Link:
    """Enrol with the desk whose authority's certificate is in the file ``authority``.

    Writes ``key.pem, certificate.pem, ca.pem, link.json`` to the directory ``into``; an existing key is kept,
    so that a retry does not create a second device. Raises ``EnrolmentFailed``.
    """
    if not desk_url.startswith("https://"):
        raise EnrolmentFailed("the desk's address must begin with https://")
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _key(into / "key.pem")
    except OSError as error:
        raise EnrolmentFailed(f"{into} cannot be written: {error.strerror}") from None
    try:
        context = trust(authority)
    except (OSError, ssl.SSLError):
        raise EnrolmentFailed(f"{authority} does not hold the certificate of the desk's authority") from None
    answer = _ask(desk_url.rstrip("/"), context, {"claim": claim, "csr": _request(key)})
    link = _checked(answer, key, desk_url.rstrip("/"))
    replace_file(into / "certificate.pem", answer["certificate"].encode(), FOR_OWNER_ONLY)
    replace_file(into / "ca.pem", answer["ca"].encode(), FOR_OWNER_ONLY)
    # A retired device starts with a new key.
    (into / "retired.json").unlink(missing_ok=True)
    # Last: a directory with this file is complete.
    replace_file(into / "link.json", json.dumps(asdict(link), indent=2).encode() + b"\n", FOR_OWNER_ONLY)
    return link


def _key(file: Path) -> ec.EllipticCurvePrivateKey:
    if file.exists():
        key = load_pem_private_key(file.read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key
        raise EnrolmentFailed(f"{file} is not a P-256 key")
    made = ec.generate_private_key(ec.SECP256R1())
    replace_file(file, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), FOR_OWNER_ONLY)
    return made


def _request(key: ec.EllipticCurvePrivateKey) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def _ask(desk_url: str, context: ssl.SSLContext, wish: dict[str, str]) -> dict[str, Any]:
    try:
        response = httpx.post(f"{desk_url}/device/v1/enrol", json=wish, verify=context, timeout=TIMEOUT_S)
        answer = response.json()
    except httpx.HTTPError as error:
        raise EnrolmentFailed(_plainly(desk_url, error)) from None
    except ValueError:
        raise EnrolmentFailed(f"{desk_url} answered nonsense: is it a Kotiruutu care desk?") from None
    if response.status_code != httpx.codes.OK:
        reason = answer.get("error") if isinstance(answer, dict) else None
        raise EnrolmentFailed(f"the desk refused: {reason or response.status_code}", response.status_code)
    return answer if isinstance(answer, dict) else {}


def _plainly(desk_url: str, error: httpx.HTTPError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"{desk_url} is not the desk that this certificate belongs to"
    return f"the desk at {desk_url} cannot be reached: {str(error) or type(error).__name__}"


def _checked(answer: dict[str, Any], key: ec.EllipticCurvePrivateKey, desk_url: str) -> Link:
    """Return the link in the desk's answer, if the certificate matches our key and id."""
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    device = device_id(spki)
    try:
        certificate = x509.load_pem_x509_certificate(answer["certificate"].encode())
        certified = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        x509.load_pem_x509_certificate(answer["ca"].encode())
        broker = str(answer["broker_host"]), int(answer["broker_port"])
        language = msgspec.convert(answer.get("language", "fi"), Language)
        link = Link(device, desk_url, *broker, language)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise EnrolmentFailed(f"{desk_url} answered nonsense: is it a Kotiruutu care desk?") from None
    if certified != spki or answer.get("device") != device:
        raise EnrolmentFailed("the desk's certificate is not for this device's key")
    return link
