"""The device's only database.

``synchronous=FULL`` because NORMAL loses acknowledged rows in a power cut; see docs/decisions.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from device.contract.commands import Answer
from device.contract.errors import Malformed
from device.contract.wire import read
from device.rules.state import DURABLE, State
from device.store.opening import open_in_trouble, open_plainly


class StoreError(Exception):
    """The database could not be written."""


class Waiting(Struct, frozen=True):
    """An event that the desk has not acknowledged yet."""

    sequence: int
    id: str
    payload: bytes


class Store:
    """Durable state and queues. Used from one thread.

    Raises ``StoreError`` where the disk refuses. A corrupt database is set aside; on a disk that is full or
    broken the device still starts. ``trouble`` describes the error at the start, ``last_sequence`` is that of
    the newest event.
    """

    def __init__(self, path: Path) -> None:
        self.trouble = ""
        try:
            self._connection = open_plainly(path)
        except (sqlite3.DatabaseError, OSError) as error:
            self._connection, self.trouble = open_in_trouble(path, error)
        self._held: dict[str, Waiting] = {}
        self.last_sequence = self._read_last_sequence()

    def close(self) -> None:
        """Close the file; committed data is on the disk already."""
        self._connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything in the block together, durably, or nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise StoreError(str(error)) from error
            raise

    def moves(self) -> bool:
        """Return whether the database responds: its write lock is available; nothing is written.

        A disk that refuses is a response too: it is reported as a fault, which a restart would not fix.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            return error.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        return True

    def load(self) -> tuple[State, list[str]]:
        """Load the state, and the names of the sections that are unreadable and reset."""
        parts: dict[str, Struct] = {}
        unreadable: list[str] = []
        for part, json in self._connection.execute("SELECT part, json FROM kept"):
            if part in DURABLE:
                try:
                    parts[part] = read(json, DURABLE[part])
                except Malformed:
                    unreadable.append(part)
        return State(**parts), unreadable  # type: ignore[arg-type]

    def forget_pages(self) -> None:
        """Truncate the write-ahead log, which still contains what was replaced. Raises ``StoreError``."""
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise StoreError(str(error)) from error

    def keep(self, part: str, value: Struct) -> None:
        """Save one section of the state."""
        self._connection.execute(
            "INSERT INTO kept VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET json = excluded.json",
            (part, msgspec.json.encode(value)),
        )

    def hold(self, id_: str, payload_for: Callable[[int], bytes]) -> Waiting:
        """Append an event; ``payload_for(sequence)`` returns the message to send.

        It can be sent from now on; it is durable after ``record`` in a transaction.
        """
        self.last_sequence += 1
        event = Waiting(self.last_sequence, id_, payload_for(self.last_sequence))
        self._held[id_] = event
        return event

    def record(self, event: Waiting) -> None:
        """Save a held event; call it again after a failed transaction."""
        self._connection.execute(
            "INSERT INTO outbox VALUES (?, ?, ?)", (event.sequence, event.id, event.payload)
        )

    def release(self) -> None:
        """Forget held events: they are saved."""
        self._held.clear()

    def waiting(self, most: int, after: int = 0) -> list[Waiting]:
        """Return the oldest unacknowledged events, in order."""
        rows = self._connection.execute(
            "SELECT sequence, id, payload FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (after, most),
        )
        held = [event for event in self._held.values() if event.sequence > after]
        return [*(Waiting(*row) for row in rows), *held][:most]

    def payload_of(self, id_: str) -> bytes | None:
        """Return the message of an unacknowledged event."""
        if held := self._held.get(id_):
            return held.payload
        row = self._connection.execute("SELECT payload FROM outbox WHERE id = ?", (id_,)).fetchone()
        return bytes(row[0]) if row else None

    def count_waiting(self) -> int:
        """Return the number of unacknowledged events."""
        count: int = self._connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
        return count + len(self._held)

    def forget(self, ids: frozenset[str]) -> None:
        """Drop held events that the desk acknowledged before they were saved."""
        for each in ids:
            self._held.pop(each, None)

    def drop(self, ids: frozenset[str]) -> None:
        """Delete events that the desk has acknowledged."""
        self._connection.executemany("DELETE FROM outbox WHERE id = ?", [(each,) for each in ids])

    def answer_to(self, command_id: str) -> Answer | None:
        """Return the earlier answer to a repeated command."""
        row = self._connection.execute("SELECT answer FROM inbox WHERE id = ?", (command_id,)).fetchone()
        return read(row[0], Answer) if row else None

    def remember_answer(self, command_id: str, answer: Answer, *, until: datetime, now: datetime) -> None:
        """Save an answer, so that a repeated command is answered again but not executed again."""
        self._connection.execute("DELETE FROM inbox WHERE expires_at < ?", (now.isoformat(),))
        self._connection.execute(
            "INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET answer = excluded.answer",
            (command_id, msgspec.json.encode(answer), until.isoformat()),
        )

    def _read_last_sequence(self) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        return int(row[0]) if row else 0

    def next(self, counter: str) -> int:
        """Return a number that is never reused, not even after a restart if the disk is writable."""
        row = self._connection.execute("SELECT value FROM counter WHERE name = ?", (counter,)).fetchone()
        value = int(row[0]) + 1 if row else 1
        try:
            with self.transaction():
                self._connection.execute(
                    "INSERT OR REPLACE INTO counter VALUES (?, ?)",
                    (counter, value),
                )
        except StoreError as error:
            self.trouble = self.trouble or str(error)
        return value
