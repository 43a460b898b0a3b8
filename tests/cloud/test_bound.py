"""No request is larger than the desk wants to read."""

import asyncio
from typing import Any

from cloud.desk.bound import Bounded, Message, Receive, Send


def answer(body: list[bytes], headers: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """The status, and how many bytes the application was given."""
    parts = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    said: list[Message] = []
    given = 0

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        nonlocal given
        for _ in body:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            given += len(message["body"])
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> Message:
        return parts.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    scope: dict[str, Any] = {"type": "http", "headers": headers}
    asyncio.run(Bounded(application, 10)(scope, receive, send))
    return (said[0]["status"] if said else 0), given


def test_a_body_within_the_bound_is_read() -> None:
    """Ten bytes of ten are fine."""
    assert answer([b"12345", b"12345"], [(b"content-length", b"10")]) == (200, 10)


def test_a_body_that_says_too_much_is_refused_unread() -> None:
    """A body with too large or invalid a length is not read."""
    assert answer([b"1"], [(b"content-length", b"11")]) == (413, 0)
    assert answer([b"1"], [(b"content-length", b"many")]) == (413, 0)


def test_a_body_that_does_not_say_is_refused_at_the_bound() -> None:
    """A body without a length is cut off there, with the reason."""
    assert answer([b"12345", b"12345", b"1"], []) == (413, 10)
