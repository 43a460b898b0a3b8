"""An alarm centre to test with: a strict SIP peer over UDP, TCP or TLS that keeps what it is sent."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Literal
from xml.etree import ElementTree as ET

import pytest

from cloud.pki.authority import Authority

needs_pjsua2 = pytest.mark.skipif(
    find_spec("pjsua2") is None,
    reason="NOT TESTED: SIP; pjsua2 has wheels for Python 3.11 on amd64 only (docs/decisions/0058)",
)
BUSY = 6
Transport = Literal["udp", "tcp", "tls"]
MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Type", "Content-Length")


@dataclass
class Centre:
    """Answers each alarm with the next of ``answers`` (status numbers, texts, or None for silence), or 0."""

    transport: Transport
    port: int
    in_response: bool = False
    answers: list[object] = field(default_factory=list)
    silent: bool = False
    alarms: list[dict[str, str]] = field(default_factory=list)
    confirmed_at: dict[str, datetime] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def confirmed(self) -> list[str]:
        """Return the references of the alarms that it has confirmed, in their order."""
        return list(self.confirmed_at)

    @property
    def address(self) -> str:
        """Return the centre's SIP address."""
        host = "localhost" if self.transport == "tls" else "127.0.0.1"
        return f"sip:alarm@{host}:{self.port};transport={self.transport}"

    def real_alarms(self) -> list[dict[str, str]]:
        """Alarms without signs of life."""
        return [alarm for alarm in self.alarms if alarm["mty"] == "ME"]

    def hear(self, text: str, send: Callable[[str], None]) -> None:
        """One SIP message, checked as a strict centre would."""
        if text.startswith("SIP/2.0") or not text.strip() or self.silent:
            return
        head, _, body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        headers = {line.partition(":")[0]: line.partition(":")[2].strip() for line in lines[1:]}
        headers["Via"] = ", ".join(line[4:].strip() for line in lines if line.startswith("Via:"))
        self.wrong += [f"no {name}" for name in MANDATORY if name not in headers]
        if int(headers["Content-Length"]) != len(body.encode()):
            self.wrong.append("wrong length")
        root = ET.fromstring(body)
        self.types.append(headers["Content-Type"])
        if root.tag != "mrq":
            self.wrong.append(root.tag)
        alarm = {element.tag: element.text or "" for element in root}
        self.alarms.append(alarm)
        answer = self.answers.pop(0) if self.answers else 0
        if answer is None:
            return
        if answer == 0:
            self.confirmed_at.setdefault(alarm["ref"], datetime.now(UTC))
        reply = answer if isinstance(answer, str) else mrs(alarm["ref"], answer)
        send(_response(headers, reply if self.in_response else ""))
        if not self.in_response:
            send(self._message(headers, reply))

    def _message(self, headers: dict[str, str], body: str) -> str:
        target = re.search(r"<(.*?)>", headers["From"])
        assert target
        branch = f"z9hG4bK{self.port}a{len(self.alarms)}"
        lines = [
            f"MESSAGE {target[1]} SIP/2.0",
            f"Via: SIP/2.0/{self.transport.upper()} 127.0.0.1:{self.port};branch={branch}",
            f"From: <{self.address}>;tag=centre{len(self.alarms)}",
            f"To: <{target[1]}>",
            f"Call-ID: answer-{len(self.alarms)}-{self.port}",
            "CSeq: 1 MESSAGE",
            "Max-Forwards: 70",
            "Content-Type: application/scaip+xml",
            f"Content-Length: {len(body.encode())}",
        ]
        return "\r\n".join([*lines, "", body])


def mrs(ref: str, status: object) -> str:
    """The answer of a centre."""
    return f"<mrs><ref>{ref}</ref><snu>{status}</snu></mrs>"


def _response(headers: dict[str, str], body: str) -> str:
    lines = ["SIP/2.0 200 OK"]
    lines += [f"{name}: {headers[name]}" for name in ("Via", "From", "Call-ID", "CSeq")]
    lines.append(f"To: {headers['To']};tag=centre")
    lines += ["Content-Type: application/scaip+xml"] if body else []
    return "\r\n".join([*lines, f"Content-Length: {len(body.encode())}", "", body])


@contextmanager
def centre(transport: Transport = "udp", authority: Authority | None = None) -> Iterator[Centre]:
    """Runs while the test does."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    listening = socket.socket(socket.AF_INET, kind)
    listening.bind(("127.0.0.1", 0))
    listening.settimeout(0.05)
    made = Centre(transport, listening.getsockname()[1])
    stopping = threading.Event()
    serve = _serve_datagrams if transport == "udp" else _serve_streams
    thread = threading.Thread(target=serve, args=(listening, made, stopping, authority), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        stopping.set()
        thread.join(5)
        listening.close()
    assert made.wrong == []


def _serve_datagrams(
    listening: socket.socket, made: Centre, stopping: threading.Event, _authority: object
) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError):
            text, sender = listening.recvfrom(65_535)
            made.hear(text.decode(), _to(listening, sender))


def _to(listening: socket.socket, sender: tuple[str, int]) -> Callable[[str], None]:
    def send(text: str) -> None:
        listening.sendto(text.encode(), sender)

    return send


def _serve_streams(
    listening: socket.socket, made: Centre, stopping: threading.Event, authority: Authority | None
) -> None:
    listening.listen()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if authority:
        context.load_cert_chain(authority.server_certificate_file, authority.server_key_file)
    threads = []
    while not stopping.is_set():
        with suppress(TimeoutError, OSError):
            connection, _ = listening.accept()
            connection.settimeout(0.05)
            arguments = (connection, made, stopping, context if authority else None)
            threads.append(threading.Thread(target=_serve_stream, args=arguments, daemon=True))
            threads[-1].start()
    for thread in threads:
        thread.join(5)


def _serve_stream(
    connection: socket.socket, made: Centre, stopping: threading.Event, context: ssl.SSLContext | None
) -> None:
    if context:
        connection.settimeout(5)
        try:
            connection = context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        connection.settimeout(0.05)
    with connection:
        waiting = b""
        while not stopping.is_set():
            try:
                more = connection.recv(65_535)
            except TimeoutError:
                continue
            except OSError:
                return
            if not more:
                return
            waiting = _whole(waiting + more, made, lambda out: connection.sendall(out.encode()))


def _whole(waiting: bytes, made: Centre, send: Callable[[str], None]) -> bytes:
    while b"\r\n\r\n" in waiting.lstrip(b"\r\n"):
        waiting = waiting.lstrip(b"\r\n")
        head, _, rest = waiting.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length:\s*(\d+)", head)
        size = int(length[1]) if length else 0
        if len(rest) < size:
            break
        made.hear((head + b"\r\n\r\n" + rest[:size]).decode(), send)
        waiting = rest[size:]
    return waiting
