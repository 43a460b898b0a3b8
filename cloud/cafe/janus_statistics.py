"""What Janus has received on a handle, asked of its admin API over a Unix socket of its own."""

import asyncio
import json
import socket
import uuid
from pathlib import Path
from typing import Any

from cloud.cafe.sfu import SfuError, SfuUnreachable

_LARGEST_ANSWER_BYTES = 1_000_000
_ANSWER_S = 2.0


class JanusStatistics:
    """Asks one question after the other; connects anew where Janus was restarted."""

    def __init__(self, path: Path) -> None:
        """``path`` is the socket of the API; that of the admin API is beside it."""
        self._path = path.with_name(f"{path.name}-admin")
        self._socket: socket.socket | None = None

    async def received_octets(self, session: int, handle: int) -> int:
        """Return the octets of all media that have arrived on a handle. Raises ``SfuError``."""
        answer = await self._ask({"janus": "handle_info", "session_id": session, "handle_id": handle})
        if answer.get("janus") != "success":
            raise SfuError(str(answer.get("error")))
        media: dict[str, Any] = answer["info"].get("webrtc", {}).get("media", {})
        return sum(int(each.get("stats", {}).get("in", {}).get("bytes", 0)) for each in media.values())

    def close(self) -> None:
        """Close the socket; the next question opens it again."""
        if self._socket:
            self._socket.close()
            self._socket = None

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        transaction = uuid.uuid4().hex
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_ANSWER_S):
                connection = await self._connected()
                await loop.sock_sendall(
                    connection, json.dumps({**question, "transaction": transaction}).encode()
                )
                # A late answer to an earlier question is not ours.
                while octets := await loop.sock_recv(connection, _LARGEST_ANSWER_BYTES):
                    answer: dict[str, Any] = json.loads(octets)
                    if answer.get("transaction") == transaction:
                        return answer
        except (OSError, TimeoutError, ValueError) as error:
            self.close()
            raise SfuUnreachable(f"Janus does not say what it receives: {error}") from None
        self.close()
        raise SfuUnreachable("Janus is gone")

    async def _connected(self) -> socket.socket:
        if self._socket is None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            connection.setblocking(False)
            self._socket = connection
            await asyncio.get_running_loop().sock_connect(connection, str(self._path))
        return self._socket
