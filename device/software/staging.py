"""Assembles a release in the spare slot, from the current software and downloaded chunks (K16)."""

import hashlib
import os
import py_compile
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

from device.contract.release import CHUNK_BYTES, Manifest, ReleasedFile
from device.durable_files import sync_folder
from device.software.slots import MANIFEST, Slots

# Free space beside the release itself, for the database and later growth.
LEFT_FREE_BYTES = 200_000_000


class StagingFailed(Exception):
    """The release cannot be assembled; the message says why."""


class Staging:
    """Assembles a release; ``base`` is the current software. All progress survives a restart."""

    def __init__(self, slots: Slots, base: Path, manifest: Manifest, manifest_bytes: bytes) -> None:
        self._slots = slots
        self._base = base
        self._manifest = manifest
        self._bytes = manifest_bytes
        self._chunks = slots.folder / "chunks"
        self._chunks.mkdir(parents=True, exist_ok=True)
        self._kept = {file.path for file in manifest.files if _is_same(base / file.path, file)}

    @property
    def missing(self) -> list[str]:
        """Return digests of chunks that are neither in the current software nor downloaded."""
        wanted = (
            chunk for file in self._manifest.files if file.path not in self._kept for chunk in file.chunks
        )
        return [chunk for chunk in dict.fromkeys(wanted) if not (self._chunks / chunk).exists()]

    def put(self, sha256: str, packed: bytes) -> None:
        """Store a chunk. Raises ``StagingFailed`` where its digest differs."""
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(packed, CHUNK_BYTES + 1)
        except zlib.error:
            raise StagingFailed("a chunk is damaged") from None
        if len(data) > CHUNK_BYTES or not unpacker.eof or hashlib.sha256(data).hexdigest() != sha256:
            raise StagingFailed("a chunk is not the one that was named: its digest differs")
        part = self._chunks / f"{sha256}.part"
        part.write_bytes(data)
        part.replace(self._chunks / sha256)

    def assemble(self) -> str:
        """Return the slot of the complete release. Raises ``StagingFailed`` and ``OSError``."""
        name = self._slots.spare
        if not name:
            raise StagingFailed("there is no spare slot while a release is on trial")
        slot, part = self._slots.folder / name, self._slots.folder / f"{name}.part"
        # First: a slot without it is invalid.
        (slot / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(slot, ignore_errors=True)
        shutil.rmtree(part, ignore_errors=True)
        # On a small disk the new release has the room of the one before the last.
        self._need_room()
        part.mkdir()
        for file in self._manifest.files:
            self._place(file, part / file.path)
        for link in self._manifest.links:
            (part / link.path).parent.mkdir(parents=True, exist_ok=True)
            (part / link.path).symlink_to(link.to)
        # All at once: syncing thousands of files one by one would keep a card busy for an hour.
        os.sync()
        # Last: a slot with its manifest is complete.
        (part / MANIFEST).write_bytes(self._bytes)
        os.sync()
        part.rename(slot)
        sync_folder(self._slots.folder)
        shutil.rmtree(self._chunks, ignore_errors=True)
        return name

    def _need_room(self) -> None:
        needed = LEFT_FREE_BYTES + sum(file.size for file in self._manifest.files)
        free = shutil.disk_usage(self._slots.folder).free
        if free < needed:
            raise StagingFailed(
                f"the disk is too full: {free // 1_000_000} of {needed // 1_000_000} MB are free"
            )

    def _place(self, file: ReleasedFile, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        if file.path in self._kept:
            self._take_over(file, to)
        else:
            with to.open("wb") as stream:
                for chunk in file.chunks:
                    stream.write(self._chunk(chunk))
            if to.suffix == ".py":
                _compile(to)
        to.chmod(0o755 if file.executable else 0o644)

    def _chunk(self, sha256: str) -> bytes:
        """Return a chunk, verified: after a power cut a damaged one is downloaded again."""
        data = (self._chunks / sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            (self._chunks / sha256).unlink()
            raise StagingFailed("a chunk was damaged on the disk")
        return data

    def _take_over(self, file: ReleasedFile, to: Path) -> None:
        """Copy, not link: damage in one slot must not affect the other. Compiled code is included."""
        source = self._base / file.path
        shutil.copy2(source, to)
        if not _is_same(to, file):
            raise StagingFailed(f"the disk does not keep what is written: {file.path}")
        for compiled in (
            source.parent.glob(f"__pycache__/{source.stem}.*.pyc") if source.suffix == ".py" else ()
        ):
            (to.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(compiled, to.parent / "__pycache__" / compiled.name)


def staged(slots: Slots) -> tuple[str, Path] | None:
    """Return the spare slot and its manifest, where it holds a complete release."""
    name = slots.spare
    manifest = slots.folder / name / MANIFEST
    return (name, manifest) if name and manifest.exists() else None


def pieces(path: Path) -> Iterator[bytes]:
    """Yield a file in chunks as a release has them."""
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece


def _is_same(path: Path, file: ReleasedFile) -> bool:
    try:
        if path.stat().st_size != file.size:
            return False
        return [hashlib.sha256(piece).hexdigest() for piece in pieces(path)] == file.chunks
    except OSError:
        return False


def _compile(source: Path) -> None:
    """Compile for a fast start; errors show when the file is run."""
    try:
        py_compile.compile(str(source), doraise=True)
    except (py_compile.PyCompileError, OSError):
        return
