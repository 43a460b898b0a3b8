"""A strict SMSC to test with: it reads SMPP 3.4 byte by byte, by the specification and no library."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

SUBMIT, DELIVER, BIND, UNBIND, LINK = 4, 5, 9, 6, 0x15
RESPONSE = 0x80000000


@dataclass
class Submitted:
    """The fields of a submit_sm, in their order (4.4.1)."""

    source: tuple[int, int, str]
    target: tuple[int, int, str]
    esm_class: int
    registered: int
    coding: int
    message: bytes


@dataclass
class Smsc:
    """Answers each submit_sm with the next of ``statuses``, or takes it; receipts are sent when asked to."""

    port: int
    submitted: list[Submitted] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    binds: list[tuple[str, str, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lines: list[socket.socket] = field(default_factory=list)
    garbage: list[bytes] = field(default_factory=list)

    def receipt(self, reference: str, state: str) -> None:
        """Send a delivery receipt to every bound client (appendix B)."""
        dates = "submit date:2611281200 done date:2611281201"
        text = f"id:{reference} sub:001 dlvrd:001 {dates} stat:{state} err:000"
        body = b"\0" + b"\1\1358401234567\0" + b"\5\0Koti\0" + bytes((4, 0, 0)) + b"\0\0" + bytes(4)
        self._send(self.lines[-1], DELIVER, 0, 77, body + bytes((len(text),)) + text.encode())

    def drop(self) -> None:
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _send(line: socket.socket, command: int, status: int, sequence: int, body: bytes) -> None:
        line.sendall(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def serve(self, line: socket.socket) -> None:
        """One line, until it ends."""
        self.lines.append(line)
        with suppress(OSError, EOFError):
            while True:
                size, command, _status, sequence = struct.unpack(">IIII", _exactly(line, 16))
                body = _exactly(line, size - 16)
                if command == SUBMIT and self.garbage:
                    line.sendall(self.garbage.pop(0))
                elif not command & RESPONSE:
                    status, answer = self._answer(command, body)
                    self._send(line, command | RESPONSE, status, sequence, answer)

    def _answer(self, command: int, body: bytes) -> tuple[int, bytes]:
        if command == BIND:
            system_id, body = _text(body)
            password, body = _text(body)
            _system_type, body = _text(body)
            self.binds.append((system_id, password, body[0]))
            return (0 if password == "secret" else 0x0E), b"smsc\0"
        if command != SUBMIT:
            return 0, b""
        self.submitted.append(self._parse(body))
        status = self.statuses.pop(0) if self.statuses else 0
        return status, b"" if status else f"m{len(self.submitted)}\0".encode()

    def _parse(self, body: bytes) -> Submitted:
        _service, body = _text(body)
        ends = []
        for _each in range(2):
            name, rest = _text(body[2:])
            ends.append((body[0], body[1], name))
            body = rest
        esm_class, body = body[0], body[3:]
        _scheduled, body = _text(body)
        _validity, body = _text(body)
        registered, _replace, coding, _default, size = body[:5]
        message = body[5 : 5 + size]
        if len(message) != size or len(body) != 5 + size:
            self.wrong.append("the length of the message is not what it says")
        return Submitted(ends[0], ends[1], esm_class, registered, coding, message)


def _text(body: bytes) -> tuple[str, bytes]:
    found, _zero, rest = body.partition(b"\0")
    return found.decode("ascii"), rest


def _exactly(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        some = line.recv(size - len(found))
        if not some:
            raise EOFError
        found += some
    return found


@contextmanager
def running_smsc() -> Iterator[Smsc]:
    """Runs while the test does."""
    door = socket.create_server(("127.0.0.1", 0))
    smsc = Smsc(door.getsockname()[1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _where = door.accept()
                threading.Thread(target=smsc.serve, args=(line,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield smsc
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        smsc.drop()
        thread.join(5)
        for line in smsc.lines:
            line.close()
