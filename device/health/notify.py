"""What the service manager is told: sd_notify(3), one datagram a message. Without one nothing is said."""

import contextlib
import socket


class ServiceManager:
    """systemd, or whoever listens at ``NOTIFY_SOCKET``; a leading ``@`` means the abstract name space."""

    def __init__(self, address: str | None) -> None:
        self._address = address.replace("@", "\0", 1) if address else ""
        self._status = ""

    def ready(self) -> None:
        """The start is over: others may rely on this service now."""
        self._say("READY=1")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """The end is wanted and has begun."""
        self._say("STOPPING=1")

    def status(self, words: str) -> None:
        """One line for ``systemctl status``, said when it differs from the last one."""
        line = " ".join(words.split())
        if line != self._status:
            self._status = line
            self._say(f"STATUS={line}")

    def _say(self, message: str) -> None:
        """A manager that is busy or gone must hold up nobody: what matters is said again."""
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as here,
        ):
            here.sendto(message.encode(), self._address)
