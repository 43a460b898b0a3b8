"""smpplib's client with deadlines, a size limit, and verification of the TLS server."""

import socket
import ssl
import time
from typing import Any

from smpplib import exceptions
from smpplib.client import Client

MOST_BYTES = 65_536
STEP_S = 5.0
PDU_S = 10.0


class BoundedClient(Client):  # type: ignore[misc]
    """A connection to an SMSC, limited in time and size."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=STEP_S, logger_name=__name__, allow_unknown_opt_params=True)
        self._tls = tls
        # At this level smpplib logs message texts.
        self.logger.setLevel("ERROR")

    def _create_socket(self) -> socket.socket:
        plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        plain.settimeout(self.timeout)
        return self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain

    def _recv_exact(self, exact_size: int) -> bytes:
        if exact_size > MOST_BYTES or exact_size < 0:
            raise exceptions.ConnectionError("a PDU of more than 64 kB")
        ends_at, received = time.monotonic() + PDU_S, bytearray()
        while len(received) < exact_size:
            if time.monotonic() > ends_at:
                raise exceptions.ConnectionError("the server is too slow")
            received += self._some(exact_size - len(received))
        return bytes(received)

    def _some(self, most: int) -> Any:
        try:
            some = self._socket.recv(most)
        except TimeoutError:
            raise
        except OSError as error:
            raise exceptions.ConnectionError(str(error)) from error
        if not some:
            raise exceptions.ConnectionError("the server has closed the connection")
        return some
