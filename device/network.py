"""The network of a device in use, changed for an installer on site."""

import asyncio
import os
from collections.abc import Callable

from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import Event
from device.rules.now import Now
from device.rules.setup.effects import JoinNetwork
from device.rules.setup.events import JoinEnded, NetworkSeen
from device.rules.setup.state import Network
from device.rules.state import State


class NetworkChanges:
    """Asks NetworkManager, one request after the other; nothing of it is loaded before."""

    def __init__(self, handle: Callable[[Event], None]) -> None:
        self._handle = handle
        self._running: asyncio.Task[None] | None = None

    def performs(self) -> Performs:
        """Return the one effect that changes the network."""
        return {fx.ChangeNetwork: self._change}

    def stop(self) -> None:
        """Cancel a change of network that is running; the last good one stays."""
        if self._running:
            self._running.cancel()

    def _change(self, effect: fx.ChangeNetwork, _state: State, _now: Now) -> None:
        before, loop = self._running, asyncio.get_running_loop()
        self._running = loop.create_task(self._run(effect, before))

    async def _run(self, effect: fx.ChangeNetwork, before: asyncio.Task[None] | None) -> None:
        from device.setup.network_manager import NetworkGone, NetworkManager

        if before:
            await asyncio.wait([before])
        manager = NetworkManager(os.environ.get("DBUS_SYSTEM_BUS_ADDRESS"))
        try:
            if isinstance(effect.effect, JoinNetwork):
                self._handle(await manager.join(effect.effect.network, effect.effect.password))
                return
            await manager.scan()
            self._handle(NetworkSeen(network=await manager.look()))
        except NetworkGone as error:
            self._handle(NetworkSeen(network=Network()))
            self._handle(JoinEnded(trouble="not-joined", detail=str(error)))
        finally:
            await manager.close()
