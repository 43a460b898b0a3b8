"""What the device does over HTTPS, beside the link: photos, and the second way for help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import Event, EventsReceived, FaultChanged, RetirementTold
from device.rules.moment import Moment
from device.rules.state import State
from device.settings import Identity
from device.store.database import Store
from device.store.photos import PhotoShelf
from hal.ports import Clock

if TYPE_CHECKING:
    from device.link.https import DeskOverHttps

PHOTO_RETRY_S = 60.0


class HttpsDesk:
    """The desk, asked over HTTPS. The library is loaded when it is first needed."""

    def __init__(self, identity: Identity, clock: Clock) -> None:
        self._identity = identity
        self._clock = clock

    async def open(self) -> DeskOverHttps:
        """The HTTP library is not needed for a start, and a small computer takes a second to import it."""
        https = await asyncio.to_thread(import_module, "device.link.https")
        trusted = self._clock.read().trusted
        desk: DeskOverHttps = https.DeskOverHttps(self._identity, self.wall, is_clock_trusted=trusted)
        if not trusted:
            # A token of 1970 would be refused: the desk's own clock is asked first.
            ahead = await desk.time() - self.wall()
            desk = https.DeskOverHttps(self._identity, lambda: self.wall() + ahead, is_clock_trusted=trusted)
        return desk

    def wall(self) -> datetime:
        """The device's own clock."""
        return self._clock.read().wall

    async def time(self) -> datetime:
        """The desk's clock. Raises ``OSError`` where it cannot be had."""
        try:
            return await (await self.open()).time()
        except ValueError as error:
            raise OSError(str(error)) from None


class PhotoErrands:
    """Fetches the photos that ``wanted`` names and that are missing; ``handle`` gets what comes of it."""

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
        self._errands = _Errands()

    def performs(self) -> Performs:
        """The one effect that is about photos."""
        return {fx.FetchPhotos: lambda _effect, _state, _now: self.fetch()}

    def fetch(self) -> None:
        """Fetch what is missing, again and again until all is here; then tidy."""
        self._errands.run("photos", self._fetch())

    def stop(self) -> None:
        """Leave everything where it is."""
        self._errands.stop()

    async def _fetch(self) -> None:
        while missing := self._shelf.missing(self._wanted()):
            reason = await self._fetch_missing(missing)
            self._handle(FaultChanged(part="photos", reason=reason))
            if reason:
                await asyncio.sleep(PHOTO_RETRY_S)
        self._shelf.tidy(self._wanted())

    async def _fetch_missing(self, missing: list[str]) -> str:
        """Why not all are here now; empty where they are."""
        try:
            desk = await self._desk.open()
            from device.link.photos import fetch_photos

            failed = await fetch_photos(desk, missing, self._shelf)
        except (OSError, ValueError) as error:
            return f"the desk cannot be asked: {error}"
        return "; ".join(f"{sha256[:8]}: {why}" for sha256, why in failed.items())


class SecondWay:
    """Takes help to the desk and fetches commands where MQTT does not.

    ``arrived`` gets each command as it would come by MQTT; ``handle`` what comes of an errand.
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
        self._errands = _Errands()

    def performs(self) -> Performs:
        """The effects that go by HTTPS because MQTT may not work."""
        return {fx.SendByHttps: self._send_help, fx.AskByHttps: self._ask}

    def stop(self) -> None:
        """Leave everything where it is."""
        self._errands.stop()

    def _send_help(self, effect: fx.SendByHttps, _state: State, _now: Moment) -> None:
        """Hand over a call for help as it stands in the outbox."""
        self._errands.run("help", self._hand_over(effect.id))

    def _ask(self, _effect: fx.AskByHttps, _state: State, _now: Moment) -> None:
        """Fetch the commands that wait."""
        self._errands.run("commands", self._fetch_commands())

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
        """Whether the second way is open is known after each try."""
        try:
            yield
        except (OSError, ValueError) as error:
            if receipt := getattr(error, "receipt", ""):
                self._handle(RetirementTold(receipt=receipt))
            self._handle(FaultChanged(part="second way", reason=str(error)))
        else:
            self._handle(FaultChanged(part="second way", reason=""))


class _Errands:
    """Runs on the core's loop; at most one of each kind at a time."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}

    def run(self, kind: str, errand: Coroutine[Any, Any, None]) -> None:
        running = self._running.get(kind)
        if running and not running.done():
            errand.close()
            return
        self._running[kind] = asyncio.get_running_loop().create_task(errand)

    def stop(self) -> None:
        for task in self._running.values():
            task.cancel()
