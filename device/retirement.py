"""Retirement: the core stops, all data is erased, and the desk is notified until it confirms (K17)."""

import asyncio
import logging
import os
from collections.abc import Callable

from msgspec.json import encode
from msgspec.structs import replace

from device.contract.identity import new_id
from device.contract.retirement import Wiped
from device.health.notify import ServiceManager
from device.link.trust import trust
from device.performers import Performs
from device.retirement_record import RetirementRecord, wipe, write_retirement_record
from device.rules import effects as fx
from device.rules.now import Now
from device.rules.state import State
from device.screen.retired import retired_screen
from device.screen.server import ScreenServer
from device.settings import Identity, Settings
from hal.ports import Clock

_log = logging.getLogger(__name__)

TICK_S = 10.0
FIRST_RETRY_S, LAST_RETRY_S = 2.0, 600.0


class Retiring:
    """Starts the wipe: it is recorded on disk, and the core ends."""

    def __init__(self, identity: Identity, end: Callable[[], None]) -> None:
        self._identity = identity
        self._end = end

    def performs(self) -> Performs:
        """Return the effect that starts the wipe."""
        return {fx.WipeDevice: self._begin}

    def _begin(self, effect: fx.WipeDevice, state: State, _now: Now) -> None:
        view = state.documents.view
        record = RetirementRecord(
            device=self._identity.device,
            desk_url=self._identity.desk_url,
            receipt=effect.receipt,
            language=view.language if view else "fi",
        )
        write_retirement_record(self._identity.folder, record)
        self._end()


class RetiredTablet:
    """Runs instead of the core once the device is retired, until ``stop``."""

    def __init__(self, settings: Settings, record: RetirementRecord, clock: Clock) -> None:
        self._settings = settings
        self._record = record
        self._clock = clock
        self._server = ScreenServer(settings.screen_socket, lambda _viewer, _message: None)
        self._manager = ServiceManager(os.environ.get("NOTIFY_SOCKET"))

    async def run(self, stop: asyncio.Event) -> None:
        """Erase all data, show that the device is not in use, and notify the desk."""
        folders = [self._settings.data_dir]
        if self._settings.cache_dir and self._settings.cache_dir.is_dir():
            folders.append(self._settings.cache_dir)
        await asyncio.to_thread(wipe, self._settings.identity_dir, *folders)
        _log.info("this device is retired: its key and its data are deleted")
        self._show()
        await self._server.start()
        self._manager.ready()
        telling = asyncio.get_running_loop().create_task(self._tell())
        try:
            while not stop.is_set():
                self._manager.alive()
                self._show()
                await _wait(stop, TICK_S)
        finally:
            telling.cancel()
            await self._server.stop()

    def _show(self) -> None:
        wall, monotonic_s, trusted = self._clock.read()
        now = Now(wall=wall, monotonic_s=monotonic_s, trusted=trusted, id=new_id(wall))
        language, is_confirmed = self._record.language, self._record.is_confirmed
        self._server.show(retired_screen(language, now, is_known_at_desk=is_confirmed))

    async def _tell(self) -> None:
        wait_s = FIRST_RETRY_S
        while not self._record.is_confirmed:
            if await asyncio.to_thread(self._post):
                self._record = replace(self._record, is_confirmed=True)
                await asyncio.to_thread(write_retirement_record, self._settings.identity_dir, self._record)
                if self._settings.owns_networks:
                    await forget_networks()
                self._show()
                return
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LAST_RETRY_S)

    def _post(self) -> bool:
        import httpx

        authority = self._settings.identity_dir / "ca.pem"
        wiped = Wiped(device=self._record.device, receipt=self._record.receipt)
        try:
            context = trust(authority)
            url = f"{self._record.desk_url}/device/v1/wiped"
            answer = httpx.post(url, content=encode(wiped), verify=context, timeout=8.0, trust_env=False)
        except (httpx.HTTPError, OSError) as error:
            _log.info("the desk does not know yet that this device is wiped: %s", error)
            return False
        return answer.status_code == httpx.codes.OK


async def forget_networks() -> None:
    """Delete the Wi-Fi password last: the desk is notified over this network."""
    from device.setup.network_manager import NetworkGone, NetworkManager

    manager = NetworkManager(os.environ.get("DBUS_SYSTEM_BUS_ADDRESS"))
    try:
        _log.info("%d wireless networks are forgotten", await manager.forget_wifi())
    except NetworkGone as error:
        _log.warning("the wireless networks could not be forgotten: %s", error)
    finally:
        await manager.close()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
