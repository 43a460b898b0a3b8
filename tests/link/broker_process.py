"""A real mosquitto of one test: the project's own configuration, free ports, its own data."""

import signal
import socket
import subprocess
from pathlib import Path

from provisioning.broker import BrokerPlace, command, configure
from tests.link.waiting import eventually


class BrokerProcess:
    """Can be stopped, killed and started again on the same ports and data."""

    def __init__(self, directory: Path, pki: Path) -> None:
        device_port, desk_port = free_ports(2)
        self.place = BrokerPlace(directory=directory, pki=pki, device_port=device_port, desk_port=desk_port)
        self.log = directory / "mosquitto.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Runs until it answers on both ports."""
        configuration = configure(self.place)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command(configuration), stdout=log, stderr=log)
        for port in (self.place.device_port, self.place.desk_port):
            eventually(lambda port=port: answers(port), f"mosquitto on {port}: {self.log.read_text()}")  # type: ignore[misc]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it, as asked or at once."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(timeout=10)
        self._process = None


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def answers(port: int) -> bool:
    """Return whether something listens there."""
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(("127.0.0.1", port)) == 0
