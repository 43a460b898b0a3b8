"""The connection to Janus: requests and asynchronous events over its Unix socket."""

import asyncio
import contextlib
import json
import socket
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cloud.cafe.sfu import SfuError, SfuUnreachable

# The maximum size of a request that Janus reads from a Unix socket.
LARGEST_REQUEST_BYTES = 8_000
_LARGEST_MESSAGE_BYTES = 1_000_000
_ANSWER_S = 5.0
_KEEPALIVE_S = 8.0

Message = dict[str, Any]
Unasked = Callable[[Message], None]


class JanusLine:
    """One session. ``unasked`` gets asynchronous events; ``lost`` is called once, when Janus is gone."""

    def __init__(self, path: Path, unasked: Unasked, lost: Callable[[], None]) -> None:
        self._path = path
        self._unasked = unasked
        self._lost = lost
        self._socket: socket.socket | None = None
        self._session = 0
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect to the socket, and make a session that is kept alive. Raises ``SfuUnreachable``."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(self._socket, str(self._path))
        except OSError as error:
            self._socket.close()
            raise SfuUnreachable(f"no Janus at {self._path}: {error.strerror or error}") from None
        self._tasks = [asyncio.create_task(self._read(self._socket))]
        self._session = (await self.ask({"janus": "create"}))["data"]["id"]
        self._tasks.append(asyncio.create_task(self._keep_alive()))

    @property
    def session(self) -> int:
        """Return Janus's number of this session."""
        return self._session

    async def attach(self, plugin: str) -> int:
        """Create a handle, for at most one peer connection."""
        answer = await self.ask({"janus": "attach", "plugin": f"janus.plugin.{plugin}"})
        return int(answer["data"]["id"])

    async def detach(self, handle: int) -> None:
        """Close the handle's connection; ignored where it is closed."""
        with contextlib.suppress(SfuError):
            await self.ask({"janus": "detach", "handle_id": handle})

    async def message(self, handle: int, body: Message, jsep: Message | None = None) -> Message:
        """Send a plugin request; return its data, with ``jsep`` if it has one. Raises ``SfuError``."""
        request: Message = {"janus": "message", "handle_id": handle, "body": body}
        if jsep:
            request["jsep"] = jsep
        answer = await self.ask(request)
        data: Message = answer.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise SfuError(str(data["error"]))
        return {**data, "jsep": answer.get("jsep")}

    async def ask(self, request: Message) -> Message:
        """Send a request and wait for its answer, beyond the acknowledgement. Raises ``SfuError``."""
        transaction = uuid.uuid4().hex
        whole = {**request, "transaction": transaction}
        if self._session:
            whole["session_id"] = self._session
        octets = json.dumps(whole, separators=(",", ":")).encode()
        if len(octets) > LARGEST_REQUEST_BYTES:
            raise SfuError("the session description is too long")
        if self._socket is None:
            raise SfuUnreachable("not connected to Janus")
        answer = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, octets)
            found: Message = await asyncio.wait_for(answer, _ANSWER_S)
        except (OSError, TimeoutError) as error:
            raise SfuUnreachable(f"Janus does not answer: {error}") from None
        finally:
            self._waiting.pop(transaction, None)
        if found.get("janus") == "error":
            raise SfuError(str(found["error"].get("reason", "refused")))
        return found

    async def close(self) -> None:
        """End the session and its connections; ``lost`` is not called."""
        self._lost = lambda: None
        with contextlib.suppress(SfuError):
            await self.ask({"janus": "destroy"})
        self._give_up()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError), connection:
            while octets := await loop.sock_recv(connection, _LARGEST_MESSAGE_BYTES):
                with contextlib.suppress(ValueError):
                    self._take(json.loads(octets))
        self._socket = None
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(SfuUnreachable("Janus is gone"))
        for task in self._tasks[1:]:
            task.cancel()
        self._lost()

    def _take(self, message: Message) -> None:
        kind = message.get("janus")
        waiting = self._waiting.get(message.get("transaction", ""))
        if kind == "timeout" and message.get("session_id") == self._session:
            self._give_up()
        elif waiting is None:
            self._unasked(message)
        elif kind != "ack" and not waiting.done():
            waiting.set_result(message)

    async def _keep_alive(self) -> None:
        """Keep the session alive; a response also shows that Janus does not hang."""
        while True:
            await asyncio.sleep(_KEEPALIVE_S)
            try:
                await self.detach(await self.attach("videoroom"))
            except SfuError:
                self._give_up()

    def _give_up(self) -> None:
        """Close the connection; the reader then reports it as lost."""
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
