"""Limits the size of a request before Django writes it to a disk."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# Sent before the user and their language are known.
_TOO_LARGE = "Liian suuri. För stort. For stort. Too large."


class Bounded:
    """An ASGI middleware that refuses a larger body with 413, with or without Content-Length."""

    def __init__(self, application: Application, most_bytes: int) -> None:
        self._application = application
        self._most_bytes = most_bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on, unless its body is larger than is allowed."""
        if scope["type"] == "http" and self._says_too_much(scope):
            await _refuse(send)
            return
        taken = 0
        started = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # To Django it looks as if the client had disconnected: it ends without a response.
            return {"type": "http.disconnect"} if taken > self._most_bytes else message

        async def passed_on(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        await self._application(scope, counted, passed_on)
        if taken > self._most_bytes and not started:
            await _refuse(send)

    def _says_too_much(self, scope: Message) -> bool:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        return not length.isdigit() or int(length) > self._most_bytes


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_LARGE.encode()})
