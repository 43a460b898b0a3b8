"""The live stream of a table's page: messages and participants (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from cloud.cafe import rooms
from cloud.cafe.models import Post, Seat
from cloud.notify import live_updates

LIFETIME_S = 600.0


async def stream(seat_id: str) -> AsyncIterator[bytes]:
    """Yield ``event: post`` and ``event: state`` with JSON. The page reconnects when it ends."""
    ends_at = asyncio.get_running_loop().time() + LIFETIME_S
    said = ""
    yield b"retry: 500\n: here\n\n"
    changes = live_updates.subscribe_seat(seat_id)
    while asyncio.get_running_loop().time() < ends_at:
        posts, state = await sync_to_async(_look)(seat_id)
        for post in posts:
            yield _event("post", post)
        if state is None:
            return
        yield _event("state", state) if state != said else b": still here\n\n"
        said = state
        if await anext(changes, None) is None:
            return


@transaction.atomic
def _look(seat_id: str) -> tuple[list[str], str | None]:
    """Return the pending messages, and the room, or None once the seat has ended."""
    posts = list(Post.objects.filter(seat=seat_id).order_by("pk"))
    Post.objects.filter(pk__in=[post.pk for post in posts]).delete()
    messages = [json.dumps(post.body) for post in posts]
    seat = Seat.objects.filter(pk=seat_id, left_at=None).first()
    if seat is None:
        return messages, None
    Seat.objects.filter(pk=seat_id).update(seen_at=timezone.now())
    return messages, json.dumps(_state(seat))


def _state(seat: Seat) -> dict[str, object]:
    guests = [
        {"id": each.person, "name": each.first_name, "host": each.is_host, "hand": each.hand_raised}
        for each in rooms.present(seat.room)
    ]
    return {"me": seat.person, "host": seat.is_host, "guests": guests}


def _event(kind: str, data: str) -> bytes:
    return f"event: {kind}\ndata: {data}\n\n".encode()
