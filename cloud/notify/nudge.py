"""Hints between web processes and link workers: "there is something to send", "something has changed".

A hint may be lost; the truth is in the database, and whoever waits for hints also looks there by itself
every few seconds. Nothing here waits for the broker or fails because of it. Where the settings name no
broker (``BROKER_DESK_PORT`` is 0) hints stay within this process.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from functools import partial

from asgiref.sync import sync_to_async
from django.db import transaction

from cloud.notify.board import Board
from cloud.organisations.models import Organisation, User

# The subjects: requests for help; anything about a device, its documents or its commands; customers in line.
HELP, DEVICE, QUEUE = "help", "device", "queue"
SUBJECTS = (DEVICE, HELP, QUEUE)
# Of one contact, whatever their organisation: calls, and whom they may call.
CALL = "call"
# Of one seat at a table: what its page is to be told.
SEAT = "seat"
POLL_S = 5.0

_lock = threading.Lock()
_boards: list[Board] = []


def changed(organisation: Organisation, subject: str) -> None:
    """Tells every page that shows this organisation, after the commit, that the subject has changed."""
    transaction.on_commit(partial(_tell_changed, organisation.path, subject))


def call_changed(contact: int) -> None:
    """Tells the open pages of this contact, after the commit, that there is something new for them."""
    transaction.on_commit(partial(_tell_changed, _place_of(contact), CALL))


def seat_changed(seat: str) -> None:
    """Tells the page of this seat at a table, after the commit, that there is something new for it."""
    transaction.on_commit(partial(_tell_changed, f"/seat/{seat}/", SEAT))


def wake(device: str) -> None:
    """Tells the link worker, after the commit, that there is something to send to this device."""
    transaction.on_commit(partial(_tell_wake, device))


async def subscribe(user: User) -> AsyncIterator[str]:
    """Subjects that have changed in what the user may see; each of them at least every ``POLL_S``.

    Ends when the process is about to stop.
    """
    path = await sync_to_async(lambda: user.organisation.path)()
    async for subject in _hear(path, SUBJECTS):
        yield subject


async def subscribe_seat(seat: str) -> AsyncIterator[str]:
    """``SEAT`` when there is something new for the page of this seat; at least every ``POLL_S``."""
    async for subject in _hear(f"/seat/{seat}/", (SEAT,)):
        yield subject


async def hear_everywhere(wanted: str) -> AsyncIterator[str]:
    """This subject whenever it changes in any organisation; at least every ``POLL_S``. For one process."""
    async for subject in _hear("/", (wanted,)):
        if subject == wanted:
            yield subject


async def subscribe_contact(contact: int) -> AsyncIterator[str]:
    """``CALL`` when there is something new for this contact; at least every ``POLL_S``."""
    async for subject in _hear(_place_of(contact), (CALL,)):
        yield subject


def here() -> Board:
    """The notice board of this process; the first one who asks opens it."""
    with _lock:
        if not _boards:
            _boards.append(Board())
        return _boards[0]


def close() -> None:
    """Ends every stream: the process is about to stop."""
    with _lock:
        closing, _boards[:] = _boards[:], []
    for board in closing:
        board.close()


async def _hear(path: str, subjects: Sequence[str]) -> AsyncIterator[str]:
    board = here()
    with board.waiting(path) as mailbox:
        while not board.is_closed:
            try:
                async with asyncio.timeout(POLL_S):
                    changed_now: Sequence[str] = await mailbox.take()
            except TimeoutError:
                changed_now = subjects
            for subject in changed_now:
                yield subject


def _place_of(contact: int) -> str:
    # Beside the organisations, whose paths begin with a number.
    return f"/contact/{contact}/"


def _tell_changed(organisation_path: str, subject: str) -> None:
    here().tell_changed(organisation_path, subject)


def _tell_wake(device: str) -> None:
    here().tell_wake(device)
