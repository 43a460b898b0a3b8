"""The live stream of a page: what has changed, and parts that many pages show (server-sent events)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from cloud.desk.live_parts import Sender, Viewer, rounds_of
from cloud.notify import live_updates
from cloud.notify.changes import Change
from cloud.organisations.models import User

SILENCE_S = 15.0
LIFETIME_S = 600.0
MOST_EACH = 8
MOST_PARTS = 20

_open: Counter[int] = Counter()


async def live(request: HttpRequest) -> HttpResponseBase:
    """Stream ``event: help`` or ``event: device`` whenever something visible to this user has changed.

    The data names the changed rows, or is ``*`` if any may have changed. ``event: parts`` brings, as JSON,
    those parts of its pages that the browser has named (``?part=/help/count/``).
    """
    user = cast(User, await request.auser())
    if _open[user.pk] >= MOST_EACH:
        return HttpResponse("Too many open pages.", status=429, content_type="text/plain")
    shows = frozenset(request.GET.getlist("part")[:MOST_PARTS])
    return StreamingHttpResponse(
        _stream(user, Viewer(request.session.session_key or "", get_language(), shows)),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(user: User, viewer: Viewer) -> AsyncIterator[bytes]:
    """Yield events for a while: the page reconnects at once, and its session is checked again."""
    _open[user.pk] += 1
    changes = live_updates.subscribe(user)
    ends_at = asyncio.get_running_loop().time() + LIFETIME_S
    upcoming = asyncio.ensure_future(_next(changes))
    sender = Sender()
    try:
        yield b"retry: 3000\n: here\n\n"
        while asyncio.get_running_loop().time() < ends_at:
            done, _ = await asyncio.wait({upcoming}, timeout=SILENCE_S)
            if not done:
                yield b": still here\n\n"
                continue
            change = upcoming.result()
            if change is None:
                return
            upcoming = asyncio.ensure_future(_next(changes))
            rounds = rounds_of(change.subject)
            if rounds is None or change.rows or not viewer.shows:
                yield f"event: {change.subject}\ndata: {' '.join(change.rows) or '*'}\n\n".encode()
                continue
            parts = await rounds.draw(viewer)
            if parts is None:
                # Signed out: the page connects again, and is refused.
                return
            yield sender.event(change.subject, parts)
    finally:
        upcoming.cancel()
        _open[user.pk] -= 1


async def _next(changes: AsyncIterator[Change]) -> Change | None:
    return await anext(changes, None)
