"""A queue for one reader in an event loop; items are added from any thread."""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedQueue(Generic[T]):
    """Holds the newest distinct items until they are read; create it in the reader's event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: dict[T, None] = {}
        self._ready = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def put(self, *items: T) -> None:
        """Add items, which are read together; ignored where the reader's loop has ended."""
        self._call(self._add_all, items)

    def ring(self) -> None:
        """Wake the reader, even if the queue is empty."""
        self._call(self._ready.set)

    async def take(self) -> list[T]:
        """Wait, and return all items, oldest first."""
        await self._ready.wait()
        self._ready.clear()
        items, self._items = self._items, {}
        return list(items)

    def _add_all(self, items: Iterable[T]) -> None:
        for item in items:
            self._add(item)

    def _add(self, item: T) -> None:
        self._items[item] = None
        if len(self._items) > self._most:
            del self._items[next(iter(self._items))]
        self._ready.set()

    def _call(self, function: object, *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)  # type: ignore[arg-type]
