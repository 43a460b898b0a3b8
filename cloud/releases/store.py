"""Files of releases: content-addressed chunks, beside the desk's other data."""

import hashlib
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from cloud.releases.models import Release
from device.contract.errors import ContractError
from device.contract.release import (
    CHUNK_BYTES,
    LARGEST_ANSWER_BYTES,
    LARGEST_MANIFEST_BYTES,
    Manifest,
    read_manifest,
)


class ReleaseRefused(Exception):
    """The release was refused; the message says why."""


def add(file: Path) -> Release:
    """Import a signed, complete release newer than all others. Raises ``ReleaseRefused``."""
    try:
        with tarfile.open(file) as tar:
            content = _member(tar, "manifest.json", LARGEST_MANIFEST_BYTES)
            signature = _member(tar, "signature", 200).decode("ascii")
            manifest = read_manifest(content, signature, settings.RELEASE_KEY_FILE.read_bytes())
            _check_newer(manifest)
            size_bytes = _keep_chunks(tar, manifest)
    except FileNotFoundError as error:
        raise ReleaseRefused(f"there is no {error.filename}") from None
    except ContractError as error:
        raise ReleaseRefused(str(error)) from None
    except (OSError, tarfile.TarError, UnicodeDecodeError, zlib.error) as error:
        raise ReleaseRefused(f"{file} is not a whole release: {error}") from None
    try:
        with transaction.atomic():
            return Release.objects.create(
                version=manifest.version,
                number=manifest.number,
                arch=manifest.arch,
                manifest=content.decode(),
                signature=signature,
                size_bytes=size_bytes,
            )
    except IntegrityError:
        raise ReleaseRefused(f"there is a release number {manifest.number} already") from None


def chunks_of(release: Release, sha256s: Iterable[str]) -> bytes:
    """Return as many chunks as fit into one response, each after its length."""
    answer = bytearray()
    for sha256 in sha256s:
        file = _folder() / sha256
        if sha256 not in release.manifest or not file.exists():
            break
        packed = file.read_bytes()
        if answer and len(answer) + len(packed) > LARGEST_ANSWER_BYTES:
            break
        answer += len(packed).to_bytes(4) + packed
    return bytes(answer)


def _check_newer(manifest: Manifest) -> None:
    newest = Release.objects.filter(arch=manifest.arch).first()
    if newest and manifest.number <= newest.number:
        raise ReleaseRefused(f"number {manifest.number} is not newer than number {newest.number}")


def _keep_chunks(tar: tarfile.TarFile, manifest: Manifest) -> int:
    """Store the chunks; return their total size in bytes, compressed."""
    _folder().mkdir(parents=True, exist_ok=True)
    size = 0
    for sha256 in {chunk for file in manifest.files for chunk in file.chunks}:
        packed = _member(tar, f"chunks/{sha256}", CHUNK_BYTES * 2)
        if hashlib.sha256(zlib.decompressobj().decompress(packed, CHUNK_BYTES + 1)).hexdigest() != sha256:
            raise ReleaseRefused("a chunk is not what its name says: the file is damaged")
        size += len(packed)
        if not (_folder() / sha256).exists():
            part = _folder() / f"{sha256}.part"
            part.write_bytes(packed)
            part.replace(_folder() / sha256)
    return size


def _member(tar: tarfile.TarFile, name: str, most_bytes: int) -> bytes:
    try:
        member = tar.getmember(name)
    except KeyError:
        raise ReleaseRefused(f"the file is cut off, or not a release: it has no {name}") from None
    stream = tar.extractfile(member)
    if stream is None or member.size > most_bytes:
        raise ReleaseRefused(f"{name} is too large")
    content = stream.read()
    if len(content) != member.size:
        raise ReleaseRefused(f"the file is cut off in {name}")
    return content


def _folder() -> Path:
    folder: Path = settings.DATA / "releases"
    return folder
