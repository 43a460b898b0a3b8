"""Notifications between web processes and link workers: "something to send", "something changed".

A notification may be lost: the database is authoritative, and subscribers poll it every few seconds. Nothing
here waits for the broker or fails because of it. Where the settings name no broker (``BROKER_DESK_PORT`` is
0) notifications stay within this process.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from asgiref.sync import sync_to_async
from django.db import close_old_connections, transaction

from cloud.notify.changes import MOST_ROWS, Change, merged
from cloud.notify.hub import Hub
from cloud.organisations.models import Organisation, User

# Subjects: help requests; devices with their documents and commands; customers in the queue; their visits.
HELP, DEVICE, QUEUE, VISIT = "help", "device", "queue", "visit"
# Reloaded even without a notification; lists of devices have a slower clock of their own.
POLLED = (HELP, QUEUE)
# For one contact, in any organisation: calls, and call permissions.
CALL = "call"
# For the page of one seat at a table.
SEAT = "seat"
# Of one contact in line at customer service: what their page shows.
LINE = "line"
# Of scheduled work, for the processes that do it.
WORK = "/work/"
POLL_S = 5.0

# By path of the organisation and subject: the changed rows, in their order.
Collected = dict[tuple[str, str], dict[str, None]]
_collected: ContextVar[Collected | None] = ContextVar("collected", default=None)
_lock = threading.Lock()
_hubs: list[Hub] = []


def changed(organisation: Organisation, subject: str, row: str = "") -> None:
    """Notify every page of this organisation, after the commit, that the subject has changed.

    With ``row`` only pages that show this row reload it: neither other rows nor their order have changed.
    """
    if (collected := _collected.get()) is not None:
        collected.setdefault((organisation.path, subject), {})[row] = None
        return
    transaction.on_commit(partial(_tell_changed, organisation.path, subject, row))


@contextmanager
def together() -> Iterator[None]:
    """Send one notification for each organisation and subject that ``changed`` names within.

    Used inside the transaction; where that fails nothing is sent. What a savepoint has undone is named too.
    """
    collected: Collected = {}
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    for (path, subject), rows in collected.items():
        named = () if "" in rows or len(rows) > MOST_ROWS else tuple(rows)
        transaction.on_commit(partial(_tell_changed, path, subject, *named))


def call_changed(contact: int) -> None:
    """Notify the open pages of this contact after the commit."""
    transaction.on_commit(partial(_tell_changed, _place_of(contact), CALL))


def seat_changed(seat: str) -> None:
    """Notify the page of this seat at a table after the commit."""
    transaction.on_commit(partial(_tell_changed, f"/seat/{seat}/", SEAT))


def line_changed(contact: int) -> None:
    """Tell this contact's page of customer service, after the commit, that there is something new for it."""
    transaction.on_commit(partial(_tell_changed, f"/line/{contact}/", LINE))


def wake(device: str) -> None:
    """Notify the link worker, after the commit, that there is something to send to this device."""
    transaction.on_commit(partial(_tell_wake, device))


def work(name: str) -> None:
    """Wake this scheduled work, after the commit, in whichever process does it."""
    transaction.on_commit(partial(_tell_changed, WORK, name))


async def subscribe(user: User) -> AsyncIterator[Change]:
    """Yield what has changed in what the user may see; ``POLLED`` at least every ``POLL_S``.

    Starts with ``DEVICE``, which nothing polls: devices may have changed since the page was drawn.
    Ends when the process is about to stop.
    """
    path = await sync_to_async(lambda: user.organisation.path)()
    await _free_connection()
    async for change in _hear(path, POLLED, first=(DEVICE,), asks_in_between=False):
        yield change


async def subscribe_seat(seat: str) -> AsyncIterator[str]:
    """Yield ``SEAT`` when this seat's page must be updated; at least every ``POLL_S``."""
    async for change in _hear(f"/seat/{seat}/", (SEAT,)):
        yield change.subject


async def subscribe_everywhere(wanted: str) -> AsyncIterator[str]:
    """Yield this subject when it changes in any organisation; at least every ``POLL_S``. For one process."""
    async for change in _hear("/", (wanted,)):
        if change.subject == wanted:
            yield wanted


async def subscribe_contact(contact: int) -> AsyncIterator[str]:
    """Yield ``CALL`` when this contact's pages must be updated; at least every ``POLL_S``."""
    async for change in _hear(_place_of(contact), (CALL,)):
        yield change.subject


async def subscribe_line(contact: int) -> AsyncIterator[str]:
    """Yield ``LINE`` when this contact's service page must be updated; at least every ``POLL_S``."""
    async for change in _hear(f"/line/{contact}/", (LINE,)):
        yield change.subject


async def subscribe_work() -> AsyncIterator[str]:
    """Yield the name of scheduled work whenever there is something to do."""
    async for change in _hear(WORK, ()):
        yield change.subject


def here() -> Hub:
    """Return this process's hub, which is opened on first use."""
    with _lock:
        if not _hubs:
            _hubs.append(Hub())
        return _hubs[0]


def close() -> None:
    """End every stream: the process is about to stop."""
    with _lock:
        closing, _hubs[:] = _hubs[:], []
    for hub in closing:
        hub.close()


async def _hear(
    path: str, polled: tuple[str, ...], first: tuple[str, ...] = (), *, asks_in_between: bool = True
) -> AsyncIterator[Change]:
    """Yield the changes at this path; ``asks_in_between`` where the stream then asks the database."""
    hub = here()
    with hub.waiting(path) as queue:
        for subject in first:
            yield Change(subject)
        while not hub.is_closed:
            if asks_in_between:
                await _free_connection()
            try:
                async with asyncio.timeout(POLL_S):
                    changes = merged(await queue.take())
            except TimeoutError:
                changes = [Change(subject) for subject in polled]
            for change in changes:
                yield change


async def _free_connection() -> None:
    """Give the connection back: more streams may wait than the database has connections."""
    await sync_to_async(close_old_connections)()


def _place_of(contact: int) -> str:
    # Separate from the organisations, whose paths start with a number.
    return f"/contact/{contact}/"


def _tell_changed(organisation_path: str, subject: str, *rows: str) -> None:
    here().tell_changed(organisation_path, subject, *rows)


def _tell_wake(device: str) -> None:
    here().tell_wake(device)
