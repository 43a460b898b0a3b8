"""The live connection of a relative's page of customer service (server-sent events)."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

from asgiref.sync import sync_to_async
from django.utils import translation

from cloud.notify import live_updates
from cloud.people.models import Contact
from cloud.queue.caller_state import state_of

LIFETIME_S = 600.0
MOST_EACH = 4
_open: Counter[int] = Counter()


def is_full(contact: Contact) -> bool:
    """Return whether this contact has as many pages open as anybody needs."""
    return _open[contact.pk] >= MOST_EACH


async def stream(contact: Contact, language: str) -> AsyncIterator[bytes]:
    """Send ``event: state`` with all that the page shows, whenever that changes.

    It ends after a while: the page comes back at once, and its key has to be good still.
    """
    _open[contact.pk] += 1
    ends_at = asyncio.get_running_loop().time() + LIFETIME_S
    changes = live_updates.subscribe_line(contact.pk)
    said = ""
    try:
        yield b"retry: 1000\n: here\n\n"
        while asyncio.get_running_loop().time() < ends_at:
            state = await sync_to_async(partial(_look, contact, language))()
            yield b": still here\n\n" if state == said else f"event: state\ndata: {state}\n\n".encode()
            said = state
            if await anext(changes, None) is None:
                return
    finally:
        _open[contact.pk] -= 1
        if not _open[contact.pk]:
            del _open[contact.pk]


def _look(contact: Contact, language: str) -> str:
    with translation.override(language):
        return json.dumps(state_of(contact), ensure_ascii=False)
