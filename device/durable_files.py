"""Files that are whole after a power cut: the old content or the new."""

import os
from pathlib import Path

FOR_OWNER_ONLY = 0o600
AS_USUAL = 0o666


def replace_file(file: Path, content: bytes, mode: int = AS_USUAL) -> None:
    """Replace the file in one step; ``mode`` is reduced by the umask. Raises ``OSError``."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Flush renamed and deleted entries to the disk. Raises ``OSError``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
