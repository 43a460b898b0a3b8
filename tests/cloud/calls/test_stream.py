"""The live stream of a caller's page."""

import asyncio
import json
from typing import Any

import pytest
from django.utils import timezone

from cloud.calls import stream
from cloud.calls.models import OpenPage, PersonalLink
from cloud.notify import live_updates
from tests.cloud.calls.callers import Caller
from tests.cloud.homes import Home


def first_words(caller: Caller, language: str = "en") -> list[str]:
    """Return what an open page receives until its first state, or its end."""

    async def listen() -> list[str]:
        updates = stream.stream(caller.link, caller.page, language)
        heard = []
        try:
            async with asyncio.timeout(5):
                async for piece in updates:
                    heard.append(piece.decode())
                    if piece.startswith(b"event:"):
                        return heard
            return heard
        finally:
            await updates.aclose()  # type: ignore[attr-defined]
            live_updates.close()
            while stream.closing:
                await asyncio.sleep(0.01)

    return asyncio.run(listen())


def state_of(heard: list[str]) -> Any:
    """Return the state in the received events."""
    return json.loads(heard[-1].partition("data: ")[2])["state"]


@pytest.mark.django_db(transaction=True)
def test_everything_comes_first_and_in_the_readers_language(caller: Caller, home: Home) -> None:
    """Who may be called, and how they are."""
    said = state_of(first_words(caller, "fi"))
    (resident,) = said["residents"]
    assert (resident["name"], resident["reach"]) == ("Lehmus Virtanen", "ready")
    assert resident["words"] != "can be reached"
    assert said["presence"] == "available"


@pytest.mark.django_db(transaction=True)
def test_a_closed_stream_closes_the_page(caller: Caller, home: Home) -> None:
    """The page counts as open as long as its stream."""
    first_words(caller)
    assert OpenPage.objects.get().closed_at


@pytest.mark.django_db(transaction=True)
def test_a_link_taken_back_ends_the_stream(caller: Caller, home: Home) -> None:
    """The page is redirected to the sign-in."""
    PersonalLink.objects.update(revoked_at=timezone.now())
    assert first_words(caller)[-1].startswith("event: out")


def test_a_page_without_an_id_has_no_stream(caller: Caller) -> None:
    """400 in words; without a key 204, which no browser asks again."""
    assert caller.client.get("/call/live/?page=x").status_code == 400
    assert caller.client.get("/call/live/").status_code == 400
    caller.client.cookies.clear()
    assert caller.client.get(f"/call/live/?page={caller.page}").status_code == 204


def test_nobody_opens_pages_without_end(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six of one contact are enough."""
    monkeypatch.setitem(stream._open, caller.contact.pk, stream.MOST_EACH)
    assert caller.client.get(f"/call/live/?page={caller.page}").status_code == 429
