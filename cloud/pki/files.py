"""Files that only their owner may read and that are written atomically."""

import os
from pathlib import Path
from tempfile import mkstemp


def write_secretly(file: Path, content: bytes) -> None:
    """Replace the file in one step; its mode is 0600."""
    handle, name = mkstemp(dir=file.parent, prefix=f".{file.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
