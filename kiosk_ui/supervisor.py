"""Notifies systemd of the window's state: sd_notify(3); ignored without systemd."""

import socket
from contextlib import suppress

FEED_INTERVAL_S = 1.0


class Supervisor:
    """Called by the drawing loop itself, in each iteration."""

    def __init__(self, address: str | None) -> None:
        """Connect to ``NOTIFY_SOCKET``; a leading ``@`` means the abstract name space."""
        self._address = address.replace("@", "\0", 1) if address else ""
        self._is_ready = False
        self._fed_s = float("-inf")

    def went_round(self, now_s: float, *, painted: bool) -> None:
        """Report ready with the first painted frame; then a sign of life, at most one a second."""
        if painted and not self._is_ready:
            self._is_ready = True
            self._say("READY=1\nSTATUS=The display shows the window's frames.")
        if self._is_ready and now_s - self._fed_s >= FEED_INTERVAL_S:
            self._fed_s = now_s
            self._say("WATCHDOG=1")

    def _say(self, message: str) -> None:
        if not self._address:
            return
        # A busy supervisor must not block drawing; the next iteration is another sign of life.
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as here,
        ):
            here.sendto(message.encode(), self._address)
