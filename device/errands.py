"""What the device does over HTTPS, beside the link: photos, and the second way for help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from device.rules.events import Event, EventsReceived, FaultChanged
from device.settings import Identity
from device.store.database import Store
from device.store.photos import PhotoShelf

if TYPE_CHECKING:
    from device.link.https import DeskOverHttps

PHOTO_RETRY_S = 60.0


class Errands:
    """Runs on the core's loop; at most one of each kind at a time. ``handle`` gets what comes of them."""

    def __init__(
        self, identity: Identity, store: Store, *, shelf: PhotoShelf, wall: Callable[[], datetime]
    ) -> None:
        self._identity = identity
        self._store = store
        self._shelf = shelf
        self._wall = wall
        self._running: dict[str, asyncio.Task[None]] = {}

    def fetch_photos(self, wanted: Callable[[], list[str]], handle: Callable[[Event], None]) -> None:
        """Fetch what is missing, again and again until all is here; then tidy."""
        self._run("photos", self._fetch_photos(wanted, handle))

    def send_help(self, id_: str, handle: Callable[[Event], None]) -> None:
        """Hand over a call for help as it stands in the outbox."""
        self._run("help", self._send_help(id_, handle))

    async def desk_time(self) -> datetime:
        """The desk's clock. Raises ``OSError`` where it cannot be had."""
        try:
            return await (await self._desk()).time()
        except ValueError as error:
            raise OSError(str(error)) from None

    def ask(self, arrived: Callable[[bytes], None], handle: Callable[[Event], None]) -> None:
        """Fetch the commands that wait; ``arrived`` gets each as it would come by MQTT."""
        self._run("commands", self._ask(arrived, handle))

    def stop(self) -> None:
        """Leave everything where it is."""
        for task in self._running.values():
            task.cancel()

    def _run(self, kind: str, errand: Coroutine[Any, Any, None]) -> None:
        running = self._running.get(kind)
        if running and not running.done():
            errand.close()
            return
        self._running[kind] = asyncio.get_running_loop().create_task(errand)

    async def _fetch_photos(self, wanted: Callable[[], list[str]], handle: Callable[[Event], None]) -> None:
        while missing := self._shelf.missing(wanted()):
            desk = await self._desk()
            from device.link.photos import fetch_photos

            failed = await fetch_photos(desk, missing, self._shelf)
            words = "; ".join(f"{sha256[:8]}: {why}" for sha256, why in failed.items())
            handle(FaultChanged(part="photos", reason=words))
            if failed:
                await asyncio.sleep(PHOTO_RETRY_S)
        self._shelf.tidy(wanted())

    async def _send_help(self, id_: str, handle: Callable[[Event], None]) -> None:
        payload = self._store.payload_of(id_)
        if payload is None:
            return
        with self._telling(handle):
            ids = await (await self._desk()).hand_over([payload])
            handle(EventsReceived(ids=ids))

    async def _ask(self, arrived: Callable[[bytes], None], handle: Callable[[Event], None]) -> None:
        with self._telling(handle):
            for payload in await (await self._desk()).commands():
                arrived(payload)

    async def _desk(self) -> DeskOverHttps:
        """The HTTP library is not needed for a start, and a small computer takes a second to import it."""
        https = await asyncio.to_thread(import_module, "device.link.https")
        desk: DeskOverHttps = https.DeskOverHttps(self._identity, self._wall)
        return desk

    @staticmethod
    @contextmanager
    def _telling(handle: Callable[[Event], None]) -> Iterator[None]:
        """Whether the second way is open is known after each try."""
        try:
            yield
        except (OSError, ValueError) as error:
            handle(FaultChanged(part="second way", reason=str(error)))
        else:
            handle(FaultChanged(part="second way", reason=""))
