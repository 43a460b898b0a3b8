"""Parts of pages take turns; what a person does goes past them."""

import asyncio
from typing import Any
from unittest.mock import patch

from cloud.desk.bound import Message, Receive, Send
from cloud.desk.turns import PartsInTurn


class SlowDesk:
    """An application whose parts are finished when the test says so."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.finish = asyncio.Event()

    async def __call__(self, scope: Message, _receive: Receive, _send: Send) -> None:
        self.begun.append(scope["path"])
        if scope["path"] != "/queue/next/":
            await self.finish.wait()


def request(path: str, *, method: str = "GET", is_part: bool = True) -> dict[str, Any]:
    headers = [(b"hx-request", b"true")] if is_part else []
    return {"type": "http", "method": method, "path": path, "headers": headers}


async def nothing(*_: Any) -> Any:
    """Nobody listens."""


def test_a_press_is_not_behind_boards() -> None:
    """Of thirty boards one is made at a time; a press, a page and a part of another kind begin at once."""

    async def story() -> None:
        desk = SlowDesk()
        turns = PartsInTurn(desk)
        asked = [request("/queue/board/") for _ in range(30)]
        asked += [request(f"/queue/visits/{number}/messages/") for number in (7, 8)]
        asked += [request("/queue/next/", method="POST"), request("/help/", is_part=False)]
        async with asyncio.TaskGroup() as group:
            for each in asked:
                group.create_task(turns(each, nothing, nothing))
            # Everybody has come as far as they get before the first one is finished.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            begun = ["/queue/board/", "/queue/visits/7/messages/", "/queue/next/", "/help/"]
            assert desk.begun == begun
            desk.finish.set()
        assert len(desk.begun) == len(asked)

    asyncio.run(story())


def test_a_part_that_hangs_delays_others_and_does_not_stop_them() -> None:
    """After a while the next one of its kind goes on without a turn."""

    async def story() -> None:
        desk = SlowDesk()
        turns = PartsInTurn(desk)
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(turns(request("/help/board/"), nothing, nothing))
            while len(desk.begun) < 2:
                await asyncio.sleep(0.01)
            desk.finish.set()

    with patch("cloud.desk.turns.LONGEST_WAIT_S", 0.1):
        asyncio.run(asyncio.wait_for(story(), 10))


def test_a_reader_who_stalls_keeps_no_turn() -> None:
    """The turn ends when the answer is made; a telephone on a bad line may take a minute to read it."""

    async def story() -> None:
        is_read, sent = asyncio.Event(), 0

        async def desk(_scope: Message, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def stall(_message: Message) -> None:
            nonlocal sent
            sent += 1
            await is_read.wait()

        turns = PartsInTurn(desk)
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(turns(request("/help/board/"), nothing, stall))
            while sent < 3:
                await asyncio.sleep(0)
            is_read.set()

    asyncio.run(asyncio.wait_for(story(), 10))


def test_a_server_that_has_ended_holds_up_no_other() -> None:
    """What it had begun and left is nobody's turn in the next one."""
    desk = SlowDesk()
    turns = PartsInTurn(desk)
    ended = asyncio.new_event_loop()
    left = [ended.create_task(turns(request("/help/count/"), nothing, nothing)) for _ in range(2)]
    ended.run_until_complete(asyncio.sleep(0))

    async def story() -> None:
        desk.finish = asyncio.Event()
        desk.finish.set()
        await turns(request("/help/count/"), nothing, nothing)

    asyncio.run(asyncio.wait_for(story(), 1))
    for each in left:
        each.cancel()
    ended.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    ended.close()


def test_a_part_that_is_given_up_gives_its_turn() -> None:
    """A page that is closed while it waits, or while its part is made, holds nobody up."""

    async def story() -> None:
        desk = SlowDesk()
        turns = PartsInTurn(desk)
        first, second, third = (
            asyncio.create_task(turns(request("/queue/board/"), nothing, nothing)) for _ in range(3)
        )
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()
        desk.finish.set()
        await asyncio.wait_for(third, 5)
        assert len(desk.begun) == 2

    asyncio.run(story())
