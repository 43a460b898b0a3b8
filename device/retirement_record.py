"""The record that a retired device keeps until the desk has received its receipt (K17)."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from device.contract.values import Language
from device.durable_files import FOR_OWNER_ONLY, replace_file, sync_folder

NAME = "retired.json"
_BLOCK_BYTES = 1 << 20


class RetirementRecord(Struct, frozen=True, kw_only=True):
    """The device's id, and the desk to notify. It contains no personal data."""

    device: str
    desk_url: str
    receipt: str
    language: Language = "fi"
    is_confirmed: bool = False


def read_retirement_record(identity_dir: Path) -> RetirementRecord | None:
    """Return the record; None where this device is not retired."""
    try:
        return msgspec.json.decode((identity_dir / NAME).read_bytes(), type=RetirementRecord)
    except (OSError, msgspec.MsgspecError):
        return None


def write_retirement_record(identity_dir: Path, record: RetirementRecord) -> None:
    """Save the record before anything is erased: a power cut must not leave a device half erased."""
    replace_file(identity_dir / NAME, msgspec.json.encode(record), FOR_OWNER_ONLY)


def wipe(identity_dir: Path, *folders: Path) -> None:
    """Erase the key first, then every file of these folders; repeating it is safe. Raises ``OSError``.

    Files are overwritten before they are deleted, as far as the disk does that in place. The desk's own
    certificate stays, by which it is identified.
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
            sync_folder(Path(place))


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
