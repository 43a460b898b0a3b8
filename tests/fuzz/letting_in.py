"""Readers of what lets somebody in: codes, signing requests, releases, and browsers' keys."""

from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.pki.certificates import make_key
from cloud.pki.errors import RequestRefused
from cloud.pki.root import Root
from cloud.push.encryption import browser_key
from cloud.push.keys import decoded
from device.contract import claim, release
from device.contract.errors import ContractError
from device.rules.setup.network import wifi_code
from docs.generate.types import SAMPLES
from tests.fuzz.parser import Parser

_INVITATION = claim.Invitation(host="desk.example", claim="ABCDEFGH", mark="A" * 26)
_MANIFEST = (SAMPLES / "v1" / "manifest.json").read_bytes()


@cache
def _release_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def _signed_release(manifest: bytes) -> None:
    """Signed with the right key: those who build releases may err too."""
    key = _release_key()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    release.read_manifest(manifest, key.sign(manifest).hex(), public)


@cache
def _root() -> Root:
    root = Root(Path("build") / "fuzz-authority")
    root.make()
    return root


def _signing_requests() -> list[bytes]:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(make_key(), SHA256())
    return [request.public_bytes(Encoding.PEM)]


LETTING_IN = (
    Parser(
        name="code-of-the-desk",
        samples=[claim.invitation_text(_INVITATION).encode()],
        parse=lambda octets: claim.read_invitation(octets.decode(errors="replace")),
        refusals=(ContractError,),
    ),
    Parser(
        name="claim",
        samples=[b"ABCD-EFGH", b"abcdefgh"],
        parse=lambda octets: claim.claim_letters(octets.decode(errors="replace")),
        refusals=(ContractError,),
    ),
    Parser(
        name="address-of-the-desk",
        samples=[b"https://desk.example:8443/", b"desk.example"],
        parse=lambda octets: claim.typed_desk(octets.decode(errors="replace")),
        refusals=(ContractError,),
    ),
    Parser(
        name="code-of-a-router",
        samples=[rb"WIFI:T:WPA;S:Koti\;verkko;P:sala\:sana;;", b"WIFI:S:open;;"],
        parse=lambda octets: wifi_code(octets.decode(errors="replace")),
    ),
    Parser(
        name="release",
        samples=[_MANIFEST],
        parse=_signed_release,
        refusals=(ContractError,),
        in_tests=500,
    ),
    Parser(
        name="signing-request",
        samples=_signing_requests(),
        parse=lambda octets: _root().sign_device(octets),
        refusals=(RequestRefused,),
        in_tests=500,
    ),
    Parser(
        name="key-of-a-browser",
        samples=[b"BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"],
        parse=lambda octets: browser_key(decoded(octets.decode(errors="replace"))),
        refusals=(ValueError,),
    ),
)
