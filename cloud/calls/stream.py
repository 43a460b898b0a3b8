"""The live stream of a caller's page: its state, whenever that changes (server-sent events)."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from hashlib import sha256

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone, translation

from cloud.calls import links, presence
from cloud.calls.models import PersonalLink
from cloud.calls.state import state
from cloud.notify import live_updates

LIFETIME_S = 600.0
MOST_EACH = 6
# It needs a database write, and must not delay an answer that the page waits for.
SEEN_EACH_S = 4.0
# Pages that are being closed; an event loop only holds weak references to tasks.
closing: set[asyncio.Task[None]] = set()
_open: Counter[int] = Counter()


def is_full(link: PersonalLink) -> bool:
    """Return whether this contact has too many pages open."""
    return _open[link.contact_id] >= MOST_EACH


async def stream(link: PersonalLink, page: str, language: str) -> AsyncIterator[bytes]:
    """Yield ``event: state`` with JSON; ``event: out`` once the link is no longer valid.

    Ends after a while: the page reconnects at once, and its link is checked again.
    """
    _open[link.contact_id] += 1
    ends_at = asyncio.get_running_loop().time() + LIFETIME_S
    subjects = live_updates.subscribe_contact(link.contact_id)
    said, seen_until = "", 0.0
    try:
        yield b"retry: 1000\n: here\n\n"
        while asyncio.get_running_loop().time() < ends_at:
            update = await sync_to_async(_look)(link, page, language)
            if update is None:
                yield b"event: out\ndata: 1\n\n"
                return
            now = asyncio.get_running_loop().time()
            if now >= seen_until:
                seen_until = now + SEEN_EACH_S
                await sync_to_async(presence.seen)(page, link)
            digest = sha256(update.encode()).hexdigest()
            # Something is always sent, so that a closed connection is detected.
            yield b": still here\n\n" if digest == said else _event(update)
            said = digest
            if await anext(subjects, None) is None:
                return
    finally:
        _open[link.contact_id] -= 1
        # Closing a stream does not wait for the cleanup.
        task = asyncio.get_running_loop().create_task(sync_to_async(_close)(link, page))
        closing.add(task)
        task.add_done_callback(closing.discard)


def _look(link: PersonalLink, page: str, language: str) -> str | None:
    if not links.valid().filter(pk=link.pk).exists():
        return None
    with translation.override(language):
        return json.dumps(state(link, page), ensure_ascii=False, separators=(",", ":"))


def _event(update: str) -> bytes:
    now = json.dumps(timezone.now().isoformat())
    return f'event: state\ndata: {{"now":{now},"state":{update}}}\n\n'.encode()


def _close(link: PersonalLink, page: str) -> None:
    try:
        presence.closed(page, link.contact)
    finally:
        # The request, which would have closed it, is over.
        connection.close()
