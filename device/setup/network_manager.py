"""NetworkManager over D-Bus (its API 1.42, org.freedesktop.NetworkManager)."""

import asyncio
import contextlib
from typing import Any, Literal

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

from device.rules.setup.events import JoinEnded
from device.rules.setup.state import Network, Trouble, WifiNetwork
from device.setup.access_points import REASONS, connection_settings, network_of, strongest_first, text_of

NAME = "org.freedesktop.NetworkManager"
ROOT = "/org/freedesktop/NetworkManager"
ANSWER_S = 10.0
JOIN_PATIENCE_S = 60.0
MOST_ACCESS_POINTS = 200

# NMDeviceType, NMDeviceState, NMConnectivityState.
_ETHERNET, _WIFI = 1, 2
_ACTIVATED, _FAILED = 100, 120
_PORTAL = 2


class NetworkGone(OSError):
    """NetworkManager is not running, or refuses."""


class NetworkManager:
    """A connection to the system bus, or to ``address``; it reconnects when it was lost."""

    def __init__(self, address: str | None = None) -> None:
        self._address = address
        self._bus: MessageBus | None = None
        # Device, its new state, and the reason.
        self._changes: asyncio.Queue[tuple[str, int, int]] = asyncio.Queue(maxsize=100)

    async def look(self) -> Network:
        """Return the current state. Raises ``NetworkGone``."""
        manager = await self._properties(ROOT, NAME)
        devices = await self._devices()
        wifi = [path for path, device in devices if device.get("DeviceType") == _WIFI]
        up = {each.get("DeviceType"): path for path, each in devices if each.get("State") == _ACTIVATED}
        connection: Literal["", "cable", "wifi"] = (
            "cable" if _ETHERNET in up else "wifi" if _WIFI in up else ""
        )
        seen = [network for path in wifi for network in await self._seen_by(path)]
        return Network(
            connection=connection,
            name=await self._name_of(up[_WIFI]) if connection == "wifi" else "",
            is_portal=manager.get("Connectivity") == _PORTAL,
            has_wifi=bool(wifi),
            seen=strongest_first(seen),
        )

    async def scan(self) -> None:
        """Scan for networks. NetworkManager refuses within a short time of the last scan."""
        for path in await self._wifi():
            with contextlib.suppress(NetworkGone):
                await self._call(path, f"{NAME}.Device.Wireless", "RequestScan", "a{sv}", {})

    async def join(self, network: WifiNetwork, password: str) -> JoinEnded:
        """Join; the connection is saved only if that succeeds."""
        try:
            devices = await self._wifi()
            if not devices:
                return JoinEnded(trouble="not-found")
            return await self._join(devices[0], network, password)
        except NetworkGone as error:
            return JoinEnded(trouble="not-joined", detail=str(error))

    async def forget_wifi(self) -> int:
        """Delete every wireless network with its password; how many there were. Raises ``NetworkGone``."""
        (paths,) = await self._call(f"{ROOT}/Settings", f"{NAME}.Settings", "ListConnections")
        wireless = [path for path in paths if await self._is_wireless(path)]
        for path in wireless:
            await self._call(path, f"{NAME}.Settings.Connection", "Delete")
        return len(wireless)

    async def close(self) -> None:
        """Disconnect from D-Bus, and wait until its socket is closed."""
        if self._bus:
            bus, self._bus = self._bus, None
            bus.disconnect()
            with contextlib.suppress(OSError, EOFError):
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    async def _join(self, device: str, network: WifiNetwork, password: str) -> JoinEnded:
        while not self._changes.empty():
            self._changes.get_nowait()
        settings = connection_settings(network, password)
        member, signature = "AddAndActivateConnection", "a{sa{sv}}oo"
        connection, _active = await self._call(ROOT, NAME, member, signature, settings, device, "/")
        try:
            async with asyncio.timeout(JOIN_PATIENCE_S):
                trouble = await self._outcome(device)
        except TimeoutError:
            trouble = "not-joined"
        if trouble:
            with contextlib.suppress(NetworkGone):
                await self._call(connection, f"{NAME}.Settings.Connection", "Delete")
        return JoinEnded(trouble=trouble)

    async def _outcome(self, device: str) -> Trouble:
        while True:
            path, state, reason = await self._changes.get()
            if path == device and state == _ACTIVATED:
                return ""
            if path == device and state == _FAILED:
                return REASONS.get(reason, "not-joined")

    async def _seen_by(self, device: str) -> list[WifiNetwork]:
        wireless = await self._properties(device, f"{NAME}.Device.Wireless")
        found = []
        for path in wireless.get("AccessPoints", [])[:MOST_ACCESS_POINTS]:
            # It was removed meanwhile.
            with contextlib.suppress(NetworkGone):
                found.append(network_of(await self._properties(path, f"{NAME}.AccessPoint")))
        return [network for network in found if network]

    async def _name_of(self, device: str) -> str:
        wireless = await self._properties(device, f"{NAME}.Device.Wireless")
        active = wireless.get("ActiveAccessPoint", "/")
        if active == "/":
            return ""
        return text_of((await self._properties(active, f"{NAME}.AccessPoint")).get("Ssid", b""))

    async def _is_wireless(self, connection: str) -> bool:
        (settings,) = await self._call(connection, f"{NAME}.Settings.Connection", "GetSettings")
        return "802-11-wireless" in settings

    async def _wifi(self) -> list[str]:
        return [path for path, device in await self._devices() if device.get("DeviceType") == _WIFI]

    async def _devices(self) -> list[tuple[str, dict[str, Any]]]:
        paths = (await self._properties(ROOT, NAME)).get("Devices", [])
        return [(path, await self._properties(path, f"{NAME}.Device")) for path in paths]

    async def _properties(self, path: str, interface: str) -> dict[str, Any]:
        (values,) = await self._call(path, "org.freedesktop.DBus.Properties", "GetAll", "s", interface)
        return {name: value.value for name, value in values.items()}

    async def _call(
        self, path: str, interface: str, member: str, signature: str = "", *arguments: object
    ) -> list[Any]:
        bus = await self._connected()
        message = Message(
            destination=NAME,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(arguments),
        )
        try:
            reply = await asyncio.wait_for(bus.call(message), ANSWER_S)
        except (DBusError, OSError, EOFError, TimeoutError) as error:
            await self.close()
            raise NetworkGone(str(error) or type(error).__name__) from None
        if reply.message_type is MessageType.ERROR:
            raise NetworkGone(f"{member}: {reply.body[0] if reply.body else reply.error_name}")
        return list(reply.body)

    async def _connected(self) -> MessageBus:
        if self._bus and self._bus.connected:
            return self._bus
        rule = f"type='signal',interface='{NAME}.Device',member='StateChanged'"
        try:
            bus = await MessageBus(self._address, BusType.SYSTEM).connect()
            await bus.call(_to_the_bus("AddMatch", rule))
        except (DBusError, OSError, EOFError, ValueError) as error:
            raise NetworkGone(str(error) or type(error).__name__) from None
        bus.add_message_handler(self._heard)
        self._bus = bus
        return bus

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member == "StateChanged":
            state, _before, reason = message.body
            if self._changes.full():
                self._changes.get_nowait()
            self._changes.put_nowait((message.path or "", state, reason))


def _to_the_bus(member: str, argument: str) -> Message:
    name = "org.freedesktop.DBus"
    path = "/org/freedesktop/DBus"
    return Message(destination=name, path=path, interface=name, member=member, signature="s", body=[argument])
