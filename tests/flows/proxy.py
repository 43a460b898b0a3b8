"""A TCP relay that can swallow: its connections stay open and carry nothing, as a half-open link does."""

import contextlib
import socket
import threading
from typing import Self


class Relay:
    """Between a client and ``target_port`` of this machine. Connections made later are carried again."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._for_good = False
        self._swallowing: list[threading.Event] = []
        self._sockets: list[socket.socket] = [self._listener]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def connections(self) -> int:
        """How many were made in all."""
        return len(self._swallowing)

    def swallow(self, *, for_good: bool = False) -> None:
        """From now on nothing passes on the connections that are open, nor ``for_good`` on later ones."""
        self._for_good = for_good
        for swallows in self._swallowing:
            swallows.set()

    def carry(self) -> None:
        """Connections that are made from now on carry again; those that swallow end."""
        self._for_good = False
        for each in self._sockets[1:]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target_port))
                except OSError:
                    client.close()  # as the target itself would refuse
                    continue
                swallows = threading.Event()
                if self._for_good:
                    swallows.set()
                self._swallowing.append(swallows)
                self._sockets += [client, server]
                threading.Thread(target=self._serve, args=(client, server, swallows), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket, swallows: threading.Event) -> None:
        back = threading.Thread(target=_carry, args=(server, client, swallows), daemon=True)
        back.start()
        _carry(client, server, swallows)
        back.join()
        for each in (client, server):
            self._sockets.remove(each)
            each.close()


def _carry(one: socket.socket, other: socket.socket, swallows: threading.Event) -> None:
    """Until one end is gone, in order or broken off: then so is the other, unless nothing passes."""
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            if not swallows.is_set():
                other.sendall(data)
    with contextlib.suppress(OSError):
        if not swallows.is_set():
            other.shutdown(socket.SHUT_WR)
