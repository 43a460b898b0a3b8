"""What stays of a retired device until the desk knows that all else is gone (K17)."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from device.contract.values import Language

NAME = "retired.json"
_BLOCK_BYTES = 1 << 20


class Farewell(Struct, frozen=True, kw_only=True):
    """Who the device was, and the desk that is to be told. It says nothing about a person."""

    device: str
    desk_url: str
    receipt: str
    language: Language = "fi"
    is_told: bool = False


def read_farewell(identity_dir: Path) -> Farewell | None:
    """None where this device is not retired."""
    try:
        return msgspec.json.decode((identity_dir / NAME).read_bytes(), type=Farewell)
    except (OSError, msgspec.MsgspecError):
        return None


def write_farewell(identity_dir: Path, farewell: Farewell) -> None:
    """On the disk before anything else goes: a power cut must not leave half of a person behind."""
    new = identity_dir / f"{NAME}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(farewell))
        file.flush()
        os.fsync(file.fileno())
    new.replace(identity_dir / NAME)
    _sync_folder(identity_dir)


def wipe(identity_dir: Path, *folders: Path) -> None:
    """The key first, then every file of these folders; again is harmless. Raises ``OSError``.

    Files are overwritten before they go, as far as the disk does that in place. The desk's own certificate
    stays, by which it is recognised.
    """
    kept = {identity_dir / NAME, identity_dir / "ca.pem"}
    for file in (identity_dir / "key.pem", identity_dir / "link.json"):
        _shred(file)
    for folder in (identity_dir, *folders):
        for place, names, files in os.walk(folder):
            links = [name for name in names if Path(place, name).is_symlink()]
            for name in (*files, *links):
                if Path(place, name) not in kept:
                    _shred(Path(place, name))
            _sync_folder(Path(place))


def _shred(file: Path) -> None:
    try:
        if file.is_file() and not file.is_symlink():
            _overwrite(file)
        file.unlink()
    except FileNotFoundError:
        return


def _overwrite(file: Path) -> None:
    with file.open("r+b") as stream:
        left = os.fstat(stream.fileno()).st_size
        while left > 0:
            left -= stream.write(bytes(min(left, _BLOCK_BYTES)))
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
