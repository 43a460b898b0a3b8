"""Parts that pages ask for by themselves take turns; a press does not wait for them (decision 0150)."""

import asyncio
import re
import time
from weakref import WeakValueDictionary

from cloud.base.shared_work import ASKED_S
from cloud.desk.bound import Application, Message, Receive, Send

LONGEST_WAIT_S = 2.0
_IDENTIFIER = re.compile(r"(?<=/)(\d+|[0-9a-f-]{32,36})(?=/)")


class PartsInTurn:
    """An ASGI middleware: of the parts of one kind, a board's or a conversation's, one is made at a time.

    When many pages ask at once for what has changed, a press would wait for all of them. Two at a time would
    not be sooner: they share one interpreter. A turn ends when the answer is made, however slowly it is
    read, and nobody waits for it for longer than ``LONGEST_WAIT_S``.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turns: WeakValueDictionary[tuple[asyncio.AbstractEventLoop, str], asyncio.Lock]
        self._turns = WeakValueDictionary()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on, a part when it is its turn."""
        if not _is_part(scope):
            await self._application(scope, receive, send)
            return
        scope[ASKED_S] = time.monotonic()
        kind = asyncio.get_running_loop(), _IDENTIFIER.sub("#", scope["path"])
        turn = self._turns.get(kind)
        if turn is None:
            turn = self._turns[kind] = asyncio.Lock()
        has_turn = await _taken(turn)

        def give() -> None:
            nonlocal has_turn
            if has_turn:
                has_turn = False
                turn.release()

        async def answer(message: Message) -> None:
            give()
            await send(message)

        try:
            await self._application(scope, receive, answer)
        finally:
            give()


async def _taken(turn: asyncio.Lock) -> bool:
    try:
        async with asyncio.timeout(LONGEST_WAIT_S):
            return await turn.acquire()
    except TimeoutError:
        return False


def _is_part(scope: Message) -> bool:
    """Return whether htmx asks for it (htmx.org, request headers)."""
    is_read = scope["type"] == "http" and scope["method"] == "GET"
    return is_read and any(name == b"hx-request" for name, _ in scope["headers"])
