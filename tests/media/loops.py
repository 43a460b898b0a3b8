"""An event loop for tests with coroutines: Playwright occupies the one of the main thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(story: Coroutine[Any, Any, T], timeout_s: float = 15.0) -> T:
    """Run a coroutine on a loop in a thread and return its result."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asyncio.wait_for(story, timeout_s))).result()
