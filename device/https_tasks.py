"""HTTPS tasks beside the link: photos, and the fallback for help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import Event, EventsReceived, FaultChanged, RetirementReceived
from device.rules.now import Now
from device.rules.state import State
from device.settings import Identity
from device.store.database import Store
from device.store.photos import PhotoShelf
from hal.ports import Clock

if TYPE_CHECKING:
    from device.link.https import DeskOverHttps

PHOTO_RETRY_S = 60.0


class HttpsDesk:
    """Access to the desk over HTTPS. The library is imported when it is first needed."""

    def __init__(self, identity: Identity, clock: Clock) -> None:
        self._identity = identity
        self._clock = clock

    async def open(self) -> DeskOverHttps:
        """Return a client. The HTTP library is not needed for a start, and takes a second to import."""
        https = await asyncio.to_thread(import_module, "device.link.https")
        desk: DeskOverHttps = https.DeskOverHttps(self._identity, self.wall)
        return desk

    def wall(self) -> datetime:
        """Return the time of the device's own clock."""
        return self._clock.read().wall

    async def time(self) -> datetime:
        """Return the desk's clock. Raises ``OSError`` where it is unreachable."""
        try:
            return await (await self.open()).time()
        except ValueError as error:
            raise OSError(str(error)) from None


class PhotoDownloads:
    """Downloads missing photos that ``wanted`` lists; ``handle`` gets the resulting events."""

    def __init__(
        self,
        desk: HttpsDesk,
        shelf: PhotoShelf,
        *,
        wanted: Callable[[], list[str]],
        handle: Callable[[Event], None],
    ) -> None:
        self._desk = desk
        self._shelf = shelf
        self._wanted = wanted
        self._handle = handle
        self._tasks = _Tasks()

    def performs(self) -> Performs:
        """Return the effect that fetches photos."""
        return {fx.FetchPhotos: lambda _effect, _state, _now: self.fetch()}

    def fetch(self) -> None:
        """Download missing photos, with retries until all are here; then delete unused ones."""
        self._tasks.run("photos", self._fetch())

    def stop(self) -> None:
        """Cancel the downloads; the next start begins them anew."""
        self._tasks.stop()

    async def _fetch(self) -> None:
        while missing := self._shelf.missing(self._wanted()):
            reason = await self._fetch_missing(missing)
            self._handle(FaultChanged(part="photos", reason=reason))
            if reason:
                await asyncio.sleep(PHOTO_RETRY_S)
        self._shelf.tidy(self._wanted())

    async def _fetch_missing(self, missing: list[str]) -> str:
        """Return why some photos are still missing; empty where none are."""
        try:
            desk = await self._desk.open()
            from device.link.photos import fetch_photos

            failed = await fetch_photos(desk, missing, self._shelf)
        except (OSError, ValueError) as error:
            return f"the desk cannot be asked: {error}"
        return "; ".join(f"{sha256[:8]}: {why}" for sha256, why in failed.items())


class HelpFallback:
    """Sends help and fetches commands over HTTPS where MQTT fails.

    ``arrived`` gets each command as from MQTT; ``handle`` gets the resulting events.
    """

    def __init__(
        self,
        desk: HttpsDesk,
        store: Store,
        *,
        arrived: Callable[[bytes], None],
        handle: Callable[[Event], None],
    ) -> None:
        self._desk = desk
        self._store = store
        self._arrived = arrived
        self._handle = handle
        self._tasks = _Tasks()

    def performs(self) -> Performs:
        """Return the effects that use HTTPS because MQTT may be down."""
        return {fx.SendByHttps: self._send_help, fx.AskByHttps: self._ask}

    def stop(self) -> None:
        """Cancel all tasks; events stay in the outbox until they are received."""
        self._tasks.stop()

    def _send_help(self, effect: fx.SendByHttps, _state: State, _now: Now) -> None:
        """Send a help request as it is in the outbox."""
        self._tasks.run("help", self._hand_over(effect.id))

    def _ask(self, _effect: fx.AskByHttps, _state: State, _now: Now) -> None:
        self._tasks.run("commands", self._fetch_commands())

    async def _hand_over(self, id_: str) -> None:
        payload = self._store.payload_of(id_)
        if payload is None:
            return
        with self._telling():
            ids = await (await self._desk.open()).hand_over([payload])
            self._handle(EventsReceived(ids=ids))

    async def _fetch_commands(self) -> None:
        with self._telling():
            for payload in await (await self._desk.open()).commands():
                self._arrived(payload)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Report the outcome of an attempt as the fallback's health."""
        try:
            yield
        except (OSError, ValueError) as error:
            if receipt := getattr(error, "receipt", ""):
                self._handle(RetirementReceived(receipt=receipt))
            self._handle(FaultChanged(part="https fallback", reason=str(error)))
        else:
            self._handle(FaultChanged(part="https fallback", reason=""))


class _Tasks:
    """Runs tasks on the core's loop; at most one of each kind at a time."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}

    def run(self, kind: str, task: Coroutine[Any, Any, None]) -> None:
        running = self._running.get(kind)
        if running and not running.done():
            task.close()
            return
        self._running[kind] = asyncio.get_running_loop().create_task(task)

    def stop(self) -> None:
        for task in self._running.values():
            task.cancel()
