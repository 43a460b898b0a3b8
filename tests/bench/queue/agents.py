"""Simulated agents: signed in over HTTP like a browser; like their page, they ask again for what changes."""

import asyncio
import random
import re
import time
from contextlib import suppress
from datetime import UTC, datetime

import httpx

from device.contract.identity import new_id
from tests.bench.queue.residents import Samples

PASSWORD = "Kahvi ja pulla 4!"
# As live.js and visit.html: the board is asked for at most so often, and each part by itself so often.
TELL_EACH_S, ASK_EACH_S = 2.0, 5.0
PATIENCE_S = 60.0


class SimulatedAgent:
    """Takes the next customer, greets, waits for both messages, and ends the visit."""

    def __init__(self, url: str, user: str, samples: Samples, pause_s: float) -> None:
        # The desk closes what is idle for five seconds: never send into that moment.
        idle = httpx.Limits(keepalive_expiry=2.0)
        self._client = httpx.AsyncClient(base_url=url, timeout=30, trust_env=False, limits=idle)
        self._user = user
        self._samples = samples
        self._pause_s = pause_s
        self._visit = ""
        self._board_is_old, self._visit_is_old = asyncio.Event(), asyncio.Event()
        self._queue_moved = asyncio.Event()
        self._written = 0
        self._seen: dict[str, str] = {}

    async def sign_in(self, queues: list[str]) -> None:
        """Come to the desk, and sign in to these queues."""
        page = await self._client.get("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        fields = {"username": self._user, "password": PASSWORD, "next": "", "csrfmiddlewaretoken": token[1]}
        await self._client.post("/sign-in/", data=fields)
        answer = await self._post("/queue/sign-in/", {"display_name": self._user, "queues": queues})
        assert answer.status_code == 302, answer.text[:500]

    async def work(self, stopping: asyncio.Event) -> None:
        """Serve until this is set, and finish with the last customer."""
        parts = (self._listen, self._tell, self._tick, self._keep_board, self._keep_visit)
        page = [asyncio.create_task(each()) for each in parts]
        try:
            while not stopping.is_set():
                taken = (await self._post("/queue/next/", {})).headers.get("Location", "")
                found = re.search(r"/visits/(\d+)/", taken)
                if found:
                    await self._serve(found[1])
                else:
                    await asyncio.sleep(max(0.2, self._pause_s))
        finally:
            for task in page:
                task.cancel()
            await asyncio.gather(*page, return_exceptions=True)
            await self._client.aclose()

    async def _serve(self, number: str) -> None:
        self._visit, self._written = number, 0
        await self._client.get(f"/queue/visits/{number}/")
        await asyncio.sleep(random.uniform(0.5, 1.5) * self._pause_s)
        key = new_id(datetime.now(UTC))
        self._samples.said[key] = time.monotonic()
        await self._post(f"/queue/visits/{number}/say/", {"text": key, "key": key})
        ends_s = time.monotonic() + PATIENCE_S
        while self._written < 2 and time.monotonic() < ends_s:
            await asyncio.sleep(0.1)
        await asyncio.sleep(random.uniform(0.5, 1.5) * self._pause_s)
        self._visit = ""
        await self._post(f"/queue/visits/{number}/remove/", {})

    async def _listen(self) -> None:
        """The page's live stream: of conversations it takes its own."""
        while True:
            with suppress(httpx.HTTPError):
                async with self._client.stream("GET", "/live/", timeout=60) as stream:
                    subject = ""
                    async for line in stream.aiter_lines():
                        if line.startswith("event: "):
                            subject = line[7:]
                        elif line.startswith("data: "):
                            self._hear(subject, line[6:].split())
            await asyncio.sleep(1)

    def _hear(self, subject: str, rows: list[str]) -> None:
        if subject == "queue":
            self._queue_moved.set()
        elif subject == "visit" and (rows == ["*"] or self._visit in rows):
            self._visit_is_old.set()

    async def _tell(self) -> None:
        while True:
            await self._queue_moved.wait()
            self._queue_moved.clear()
            self._board_is_old.set()
            await asyncio.sleep(TELL_EACH_S)

    async def _tick(self) -> None:
        await asyncio.sleep(random.uniform(0, ASK_EACH_S))
        while True:
            self._board_is_old.set()
            self._visit_is_old.set()
            await asyncio.sleep(ASK_EACH_S)

    async def _keep_board(self) -> None:
        while True:
            await self._board_is_old.wait()
            self._board_is_old.clear()
            await self._part("/queue/board/")

    async def _keep_visit(self) -> None:
        while True:
            await self._visit_is_old.wait()
            self._visit_is_old.clear()
            if number := self._visit:
                page = await self._part(f"/queue/visits/{number}/messages/")
                if number == self._visit and page.status_code == httpx.codes.OK:
                    self._written = page.text.count('class="bubble customer"')

    async def _part(self, path: str) -> httpx.Response:
        """As htmx asks: what the page shows already is not sent again."""
        headers = {"HX-Request": "true", "X-Seen": self._seen.get(path, "")}
        part = await self._client.get(path, headers=headers)
        self._seen[path] = part.headers.get("X-Digest", headers["X-Seen"])
        return part

    async def _post(self, path: str, data: dict[str, object]) -> httpx.Response:
        token = {"X-CSRFToken": self._client.cookies.get("csrftoken", "")}
        return await self._client.post(path, data=data, headers=token)  # type: ignore[arg-type]
