"""The service manager's protocol: sd_notify(3), one datagram a message; ignored without a manager."""

import contextlib
import socket


class ServiceManager:
    """Sends to ``NOTIFY_SOCKET``; a leading ``@`` means the abstract name space."""

    def __init__(self, address: str | None) -> None:
        self._address = address.replace("@", "\0", 1) if address else ""
        self._status = ""

    def ready(self) -> None:
        """Report that the start is complete."""
        self._say("READY=1")

    def alive(self) -> None:
        """Report to the watchdog that the service is alive."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Report that the service is stopping as requested."""
        self._say("STOPPING=1")

    def status(self, words: str) -> None:
        """Set the line of ``systemctl status``; sent when it differs from the last one."""
        line = " ".join(words.split())
        if line != self._status:
            self._status = line
            self._say(f"STATUS={line}")

    def _say(self, message: str) -> None:
        """Send without blocking: a manager that is busy or gone gets the next message."""
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as here,
        ):
            here.sendto(message.encode(), self._address)
