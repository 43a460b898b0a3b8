"""A NetworkManager on a bus of its own: a cable or none, three networks, one right password.

It answers what the wizard asks of the real one (its API 1.42), in a thread with a loop of its own.
"""

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

NAME = "org.freedesktop.NetworkManager"
ROOT = "/org/freedesktop/NetworkManager"
CABLE_CONNECTION = f"{ROOT}/Settings/100"
CABLE, WIFI = f"{ROOT}/Devices/1", f"{ROOT}/Devices/2"
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow send_destination="*"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"""
PASSWORD = "correct horse"
# WPA2 with a password, with none, and for companies.
POINTS: dict[str, tuple[str, int, int, int]] = {
    f"{ROOT}/AccessPoint/1": ("Korhonen", 80, 1, 0x100),
    f"{ROOT}/AccessPoint/2": ("Korhonen", 30, 1, 0x100),
    f"{ROOT}/AccessPoint/3": ("Kahvila", 40, 0, 0),
    f"{ROOT}/AccessPoint/4": ("Kampus", 55, 1, 0x200),
    f"{ROOT}/AccessPoint/5": ("", 90, 1, 0x100),
}


class NetworkManagerMock:
    """``joined`` is the network that this computer is in; ``saved`` are the connections that are kept."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.joined = ""
        self.has_cable = False
        self.connectivity = 4
        self.saved: list[str] = []
        self.fails_with: int | None = None
        self._loop = asyncio.new_event_loop()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._is_up.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._is_up.set()
        self._loop.run_forever()
        self._bus.disconnect()
        self._loop.run_until_complete(self._bus.wait_for_disconnect())  # type: ignore[no-untyped-call]

    async def _serve(self) -> None:
        self._bus = await MessageBus(self.address).connect()
        await self._bus.request_name(NAME)
        self._bus.add_message_handler(self._answer)

    def _answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.destination != NAME:
            return None
        path = str(message.path)
        match message.member:
            case "GetAll":
                values = self._properties(path, message.body[0])
                return Message.new_method_return(message, "a{sv}", [values])
            case "AddAndActivateConnection":
                return self._join(message)
        return self._answer_about_connections(message, path)

    def _answer_about_connections(self, message: Message, path: str) -> Message:
        match message.member:
            case "RequestScan":
                return Message.new_method_return(message)
            case "ListConnections":
                return Message.new_method_return(message, "ao", [[CABLE_CONNECTION, *self.saved]])
            case "GetSettings":
                kind = "802-3-ethernet" if path == CABLE_CONNECTION else "802-11-wireless"
                return Message.new_method_return(message, "a{sa{sv}}", [{kind: {}}])
            case "Delete":
                self.saved.remove(path)
                return Message.new_method_return(message)
        return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "not mocked")

    def _properties(self, path: str, interface: str) -> dict[str, Variant]:
        if path == ROOT:
            return {"Devices": Variant("ao", [CABLE, WIFI]), "Connectivity": Variant("u", self.connectivity)}
        if path in POINTS:
            ssid, strength, flags, rsn = POINTS[path]
            return {
                "Ssid": Variant("ay", ssid.encode()),
                "Strength": Variant("y", strength),
                "Flags": Variant("u", flags),
                "WpaFlags": Variant("u", 0),
                "RsnFlags": Variant("u", rsn),
            }
        if interface.endswith("Wireless"):
            active = next(
                (at for at, point in POINTS.items() if point[0] == self.joined and self.joined), "/"
            )
            return {"AccessPoints": Variant("ao", [*POINTS]), "ActiveAccessPoint": Variant("o", active)}
        is_up = self.has_cable if path == CABLE else bool(self.joined)
        kind = 1 if path == CABLE else 2
        return {"DeviceType": Variant("u", kind), "State": Variant("u", 100 if is_up else 30)}

    def _join(self, message: Message) -> Message:
        settings: dict[str, dict[str, Any]] = message.body[0]
        ssid = bytes(settings["802-11-wireless"]["ssid"].value).decode()
        security = settings.get("802-11-wireless-security", {})
        path = f"{ROOT}/Settings/{len(self.saved) + 1}"
        self.saved.append(path)
        reason = self.fails_with
        if reason is None and security and security["psk"].value != PASSWORD:
            reason = 7
        if reason is None:
            self.joined = ssid
        state = 100 if reason is None else 120
        self._loop.call_soon(self._say, state, reason or 0)
        return Message.new_method_return(message, "oo", [path, f"{ROOT}/ActiveConnection/1"])

    def _say(self, state: int, reason: int) -> None:
        signal = Message.new_signal(WIFI, f"{NAME}.Device", "StateChanged", "uuu", [state, 40, reason])
        self._bus.send(signal)


@contextmanager
def network_manager(folder: Path) -> Iterator[NetworkManagerMock]:
    """On a bus of its own below this folder, whose path must be short (unix(7))."""
    socket = folder / "bus"
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(socket=socket))
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bus:
        assert bus.stdout
        try:
            mock = NetworkManagerMock(bus.stdout.readline().strip())
            try:
                yield mock
            finally:
                mock.stop()
        finally:
            bus.terminate()
