"""A disk that takes no byte more: what this process, or another, writes is refused by the kernel."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_disk(pid: int = 0) -> Iterator[None]:
    """While this lasts each write of process ``pid`` (0: this one) fails (setrlimit(2), RLIMIT_FSIZE)."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
