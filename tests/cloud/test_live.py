"""The live stream of a page: what it sends, to which pages, and that it has bounds."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import StreamingHttpResponse
from django.test import AsyncRequestFactory

from cloud.desk import live
from cloud.notify import live_updates
from cloud.notify.changes import Change
from tests.cloud.homes import Home


class Subjects:
    """Replaces the notifications: what is added here is sent to the page."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Change | None] = asyncio.Queue()
        self.closed = False

    async def subscribe(self, _user: object) -> AsyncIterator[Change]:
        try:
            while (change := await self.queue.get()) is not None:
                yield change
        finally:
            self.closed = True


@pytest.fixture
def subjects(monkeypatch: pytest.MonkeyPatch) -> Subjects:
    """The changes of this test."""
    made = Subjects()
    monkeypatch.setattr(live_updates, "subscribe", made.subscribe)
    monkeypatch.setattr(live, "_open", type(live._open)())
    return made


async def connect(home: Home) -> Any:
    """The answer to a page that wants to live."""
    request: Any = AsyncRequestFactory().get("/live/")

    async def auser() -> object:
        return home.user

    request.auser = auser
    request.session = SessionStore()
    return await live.live(request)


def run(home: Home, story: Any) -> None:
    """Run the story against one open stream."""

    async def streamed() -> None:
        response = await connect(home)
        assert isinstance(response, StreamingHttpResponse)
        stream: Any = response.streaming_content
        try:
            await story(stream)
        finally:
            await stream.aclose()

    asyncio.run(streamed())


def test_subjects_become_events(home: Home, subjects: Subjects) -> None:
    """A change is one server-sent event named after its subject; it says which rows have changed."""

    async def story(stream: Any) -> None:
        assert (await anext(stream)).startswith(b"retry:")
        subjects.queue.put_nowait(Change("help"))
        assert await anext(stream) == b"event: help\ndata: *\n\n"
        subjects.queue.put_nowait(Change("device", ("k1", "k2")))
        assert await anext(stream) == b"event: device\ndata: k1 k2\n\n"

    run(home, story)


def test_silence_is_filled(home: Home, subjects: Subjects, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quiet stream sends keep-alives, so that a lost connection is detected."""
    monkeypatch.setattr(live, "SILENCE_S", 0.01)

    async def story(stream: Any) -> None:
        await anext(stream)
        assert (await anext(stream)).startswith(b":")

    run(home, story)


def test_stream_ends_with_its_time(home: Home, subjects: Subjects, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream is not for ever: the page comes back and must be signed in still."""
    monkeypatch.setattr(live, "LIFETIME_S", 0)

    async def story(stream: Any) -> None:
        assert [chunk async for chunk in stream] == [b"retry: 3000\n: here\n\n"]

    run(home, story)


def test_stream_ends_with_the_hints(home: Home, subjects: Subjects) -> None:
    """When the desk stops, its streams end."""

    async def story(stream: Any) -> None:
        subjects.queue.put_nowait(None)
        assert len([chunk async for chunk in stream]) == 1

    run(home, story)


def test_each_user_has_so_many_streams(home: Home, subjects: Subjects) -> None:
    """One more is refused; a closed one makes room."""

    async def story() -> None:
        # Django wraps the stream once more; a server that loses its reader ends the inner one.
        streams = [(await connect(home))._iterator for _ in range(live.MOST_EACH)]
        for stream in streams:
            await anext(stream)
        assert (await connect(home)).status_code == 429
        await streams[0].aclose()
        assert (await connect(home)).status_code == 200
        for stream in streams[1:]:
            await stream.aclose()

    asyncio.run(story())
