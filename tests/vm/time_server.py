"""The time of this computer for an emulated tablet, which trusts its clock only when it is synchronised."""

import contextlib
import socket
import struct
import threading
import time

PORT = 123
# Seconds from 1900, where NTP begins, to 1970 (RFC 5905, figure 4).
_EPOCH_S = 2_208_988_800
# No leap second, version 4, a server; stratum 1, no polling, a precision of a microsecond.
_HEADER = struct.pack("!BBbb", 0b00_100_100, 1, 0, -20)
_DISTANCE = struct.pack("!II4s", 0, 0, b"LOCL")
_PACKET_BYTES = 48


class TimeServer:
    """Answers SNTP (RFC 5905, 14) on the loopback. Raises ``OSError`` where the port is taken."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", PORT))
        self._socket.settimeout(0.5)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._answer, name="time server")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _answer(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                asked, address = self._socket.recvfrom(_PACKET_BYTES)
                now = struct.pack("!Q", int((time.time() + _EPOCH_S) * 2**32))
                self._socket.sendto(_HEADER + _DISTANCE + now + asked[40:48] + now + now, address)
