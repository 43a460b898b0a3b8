"""Releases of the device's software, and how a device downloads the changes (K16).

``GET /device/v1/release?arch=…&number=…`` returns one that is newer than ``number``, or 204. ``POST
/device/v1/release/chunks`` returns chunks by their digests: each as its length (four bytes, big-endian) and
its bytes, in the requested order; what did not fit into one response is requested again.
"""

import re
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from msgspec import Meta, Struct

from device.contract.errors import Malformed
from device.contract.values import Identifier, Name, Sha256
from device.contract.wire import read

CHUNK_BYTES = 1 << 20
MOST_CHUNKS = 500
LARGEST_ANSWER_BYTES = 4 << 20
LARGEST_MANIFEST_BYTES = 12_000_000
LARGEST_RELEASE_BYTES = 2_000_000_000
# The only program that the system provides.
PYTHON = "/usr/bin/python3"

_PLAIN = re.compile(r"[^\x00-\x1f\\]+")
ReleasePath = Annotated[str, Meta(min_length=1, max_length=300)]


class ReleasedFile(Struct, frozen=True, kw_only=True):
    """One file, as the digests of its chunks of 1 MiB."""

    path: ReleasePath
    size: Annotated[int, Meta(ge=0, le=500_000_000)]
    chunks: Annotated[list[Sha256], Meta(max_length=500)]
    executable: bool = False


class ReleasedLink(Struct, frozen=True, kw_only=True):
    """A symbolic link, within the release or to the system's Python."""

    path: ReleasePath
    to: ReleasePath


class Manifest(Struct, frozen=True, kw_only=True):
    """The contents of a release. ``number`` orders versions: an older one is never installed."""

    version: Name
    number: Annotated[int, Meta(ge=1)]
    arch: Identifier
    files: Annotated[list[ReleasedFile], Meta(max_length=60_000)]
    links: Annotated[list[ReleasedLink], Meta(max_length=20_000)] = []


class ReleaseOffer(Struct, frozen=True, kw_only=True):
    """A manifest's exact bytes, and the signature over them (Ed25519, hex)."""

    manifest: Annotated[str, Meta(max_length=LARGEST_MANIFEST_BYTES)]
    signature: Annotated[str, Meta(max_length=128, pattern="^[0-9a-f]*$")]


class ChunkQuestion(Struct, frozen=True, kw_only=True):
    """Requests chunks of one release."""

    number: Annotated[int, Meta(ge=1)]
    chunks: Annotated[list[Sha256], Meta(min_length=1, max_length=MOST_CHUNKS)]


def number_of(version: str) -> int:
    """Return the number that orders versions: ``1.2.3`` is 1_002_003. Raises ``Malformed``."""
    parts = version.split(".")
    if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,3}", part) for part in parts):
        raise Malformed("a version is three numbers below 1000: 1.2.3", "version")
    major, minor, patch = (int(part) for part in parts)
    return (major * 1000 + minor) * 1000 + patch


def read_manifest(manifest: bytes, signature: str, key_pem: bytes) -> Manifest:
    """Verify and parse a manifest.

    Raises ``Malformed`` without a valid signature, or if it cannot be unpacked.
    """
    key = _public_key(key_pem)
    try:
        key.verify(bytes.fromhex(signature), manifest)
    except (InvalidSignature, ValueError):
        raise Malformed("the release is not signed with the key that this place trusts") from None
    release: Manifest = read(manifest, Manifest)
    if release.number != number_of(release.version):
        raise Malformed("number and version do not belong together", "number")
    if sum(file.size for file in release.files) > LARGEST_RELEASE_BYTES:
        raise Malformed("the release is too large")
    seen: set[str] = set()
    for path in (*(file.path for file in release.files), *(link.path for link in release.links)):
        if not _is_inside(path) or path in seen:
            raise Malformed("a path leaves the release, or stands there twice", path)
        seen.add(path)
    for link in release.links:
        if link.to != PYTHON and not _is_inside(_target(link)):
            raise Malformed("a link leaves the release", link.path)
    return release


def _public_key(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        raise Malformed("the key for releases cannot be read") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Malformed("the key for releases is not an Ed25519 key")
    return key


def _is_inside(path: str) -> bool:
    is_plain = _PLAIN.fullmatch(path) is not None and not path.startswith("/")
    return is_plain and not {"", ".", ".."} & set(path.split("/"))


def _target(link: ReleasedLink) -> str:
    """Return the link's target, from the top of the release; a path that leaves it keeps its dots."""
    if link.to.startswith("/"):
        return link.to
    parts = link.path.split("/")[:-1]
    for part in link.to.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
