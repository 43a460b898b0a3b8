"""Builds a release: the tablet's files as content-addressed chunks, and a signed manifest (K16)."""

import argparse
import hashlib
import io
import os
import runpy
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from device.contract.errors import ContractError
from device.contract.release import (
    CHUNK_BYTES,
    Manifest,
    ReleasedFile,
    ReleasedLink,
    number_of,
    read_manifest,
)


class ReleaseFailed(Exception):
    """The release could not be built; the message says why."""


def make_keys(secret: Path, public: Path) -> None:
    """Create a key pair. Raises ``OSError``, also where a key already exists."""
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def build(options: argparse.Namespace) -> Manifest:
    """Build the release of the tablet's package, or of ``tree``. Raises ``ReleaseFailed``."""
    key = _secret_key(options.key)
    if options.tree:
        return write_release(options.tree, options.into, key, options.arch)
    try:
        from provisioning.package.contents import TABLET
        from provisioning.package.tree import HOME, PackageFailed, build_tree
    except ImportError:
        raise ReleaseFailed("releases are built from a clone of the project") from None
    with tempfile.TemporaryDirectory(dir=options.into.parent) as folder:
        try:
            build_tree(TABLET, options.arch, Path(folder) / "root")
        except PackageFailed as error:
            raise ReleaseFailed(str(error)) from None
        tree = Path(folder) / "root" / HOME
        return write_release(tree, options.into, key, options.arch)


def write_release(tree: Path, into: Path, key: Ed25519PrivateKey, arch: str) -> Manifest:
    """Write a tar file: ``manifest.json``, ``signature``, and each chunk once, compressed with zlib."""
    version = str(runpy.run_path(str(tree / "device/__init__.py"))["VERSION"])
    files, links = _entries(tree)
    try:
        number = number_of(version)
    except ContractError as error:
        raise ReleaseFailed(f"{version}: {error}") from None
    manifest = Manifest(version=version, number=number, arch=arch, files=files, links=links)
    content = msgspec.json.encode(manifest)
    signature = key.sign(content).hex()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        read_manifest(content, signature, public)
    except ContractError as error:
        raise ReleaseFailed(str(error)) from None
    part = into.with_name(f"{into.name}.part")
    with tarfile.open(part, "w") as tar:
        _add(tar, "manifest.json", content)
        _add(tar, "signature", signature.encode())
        written: set[str] = set()
        for file in files:
            for sha256, piece in zip(file.chunks, _pieces(tree / file.path), strict=True):
                if sha256 not in written:
                    written.add(sha256)
                    _add(tar, f"chunks/{sha256}", zlib.compress(piece, 9))
    part.replace(into)
    return manifest


def _entries(tree: Path) -> tuple[list[ReleasedFile], list[ReleasedLink]]:
    files, links = [], []
    for path in sorted(tree.rglob("*")):
        name = str(path.relative_to(tree))
        if path.is_symlink():
            links.append(ReleasedLink(path=name, to=str(path.readlink())))
        elif path.is_file() and "__pycache__" not in path.parts:
            chunks = [hashlib.sha256(piece).hexdigest() for piece in _pieces(path)]
            status = path.stat()
            is_executable = bool(status.st_mode & 0o100)
            files.append(
                ReleasedFile(path=name, size=status.st_size, chunks=chunks, executable=is_executable)
            )
    return files, links


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    tar.addfile(about, io.BytesIO(content))


def _secret_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise ReleaseFailed(f"{path} cannot be read: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseFailed(f"{path} is not the secret key of release-key")
    return key
