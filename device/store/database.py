"""The one database of the device.

``synchronous=FULL`` because NORMAL loses acknowledged rows when the power goes; see docs/decisions.
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

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE kept (part TEXT PRIMARY KEY, json BLOB NOT NULL) STRICT;
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, payload BLOB NOT NULL
) STRICT;
CREATE TABLE inbox (id TEXT PRIMARY KEY, answer BLOB NOT NULL, expires_at TEXT NOT NULL) STRICT;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""


class StoreError(Exception):
    """The device cannot write down what happened."""


class Waiting(Struct, frozen=True):
    """An event that the desk has not yet said to have."""

    sequence: int
    id: str
    payload: bytes


class Store:
    """Durable state and queues. Used from one thread.

    Raises ``StoreError`` where the disk refuses. A database that cannot be read is set aside.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.set_aside: Path | None = None
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError:
            self.set_aside = _set_aside(path)
            self._connection = _open(path)

    def close(self) -> None:
        """Close the file; what was committed is on the disk already."""
        self._connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and on the disk once it is left."""
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
        """Whether the database answers: its write lock can be had, without writing anything.

        A disk that refuses is an answer too: it is told as a fault, and no new start would mend it.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            return error.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        return True

    def load(self) -> tuple[State, list[str]]:
        """The state as it was, and the parts that could not be read and begin anew."""
        parts: dict[str, Struct] = {}
        unreadable: list[str] = []
        for part, json in self._connection.execute("SELECT part, json FROM kept"):
            if part in DURABLE:
                try:
                    parts[part] = read(json, DURABLE[part])
                except Malformed:
                    unreadable.append(part)
        return State(**parts), unreadable  # type: ignore[arg-type]

    def keep(self, part: str, value: Struct) -> None:
        """Write down one durable part of the state."""
        self._connection.execute(
            "INSERT INTO kept VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET json = excluded.json",
            (part, msgspec.json.encode(value)),
        )

    def record(self, id_: str, payload_for: Callable[[int], bytes]) -> None:
        """Append an event; ``payload_for(sequence)`` is the message to send."""
        cursor = self._connection.execute("INSERT INTO outbox (id, payload) VALUES (?, x'')", (id_,))
        sequence = cursor.lastrowid or 0
        self._connection.execute(
            "UPDATE outbox SET payload = ? WHERE sequence = ?", (payload_for(sequence), sequence)
        )

    def waiting(self, most: int, after: int = 0) -> list[Waiting]:
        """The oldest events without a receipt, in order."""
        rows = self._connection.execute(
            "SELECT sequence, id, payload FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (after, most),
        )
        return [Waiting(*row) for row in rows]

    def payload_of(self, id_: str) -> bytes | None:
        """The message of an event that has no receipt yet."""
        row = self._connection.execute("SELECT payload FROM outbox WHERE id = ?", (id_,)).fetchone()
        return bytes(row[0]) if row else None

    def count_waiting(self) -> int:
        """How many events have no receipt."""
        count: int = self._connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
        return count

    def drop(self, ids: frozenset[str]) -> None:
        """The desk has these events."""
        self._connection.executemany("DELETE FROM outbox WHERE id = ?", [(each,) for each in ids])

    def answer_to(self, command_id: str) -> Answer | None:
        """What was answered to a command that came before."""
        row = self._connection.execute("SELECT answer FROM inbox WHERE id = ?", (command_id,)).fetchone()
        return read(row[0], Answer) if row else None

    def remember_answer(self, command_id: str, answer: Answer, *, until: datetime, now: datetime) -> None:
        """So that the same command is answered again, not done again, until the desk can send it no more."""
        self._connection.execute("DELETE FROM inbox WHERE expires_at < ?", (now.isoformat(),))
        self._connection.execute(
            "INSERT INTO inbox VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET answer = excluded.answer",
            (command_id, msgspec.json.encode(answer), until.isoformat()),
        )

    def next(self, counter: str) -> int:
        """A number that was never given before, also not before a restart."""
        with self.transaction():
            row = self._connection.execute(
                "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
                " RETURNING value",
                (counter,),
            ).fetchone()
        value: int = row[0]
        return value


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={_SCHEMA_VERSION}; COMMIT;")
    path.chmod(0o600)
    return connection


def _set_aside(path: Path) -> Path:
    aside = path.with_suffix(".unreadable")
    path.replace(aside)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    return aside
