"""The desk's loops, as they run beside a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cloud.base.due_work import Loop


@contextmanager
def running(loop: Loop) -> Iterator[None]:
    """As long as the test goes on."""
    stopping = threading.Event()
    thread = threading.Thread(target=loop, args=(stopping,))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(10)
