"""One demo at a time in one folder."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class AlreadyRunning(Exception):
    """Another demo runs in this folder."""


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Lock the folder until the end of the block; the kernel releases it in any case."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(
                f"A demo runs in {folder} already (process {file.read().strip() or 'unknown'}). "
                "Look at its own terminal for the address, or end it there with Ctrl-C."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
