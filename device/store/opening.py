"""Opening a database on a disk that is full, read-only or broken, with what can still be read."""

import logging
import sqlite3
from pathlib import Path

_log = logging.getLogger(__name__)

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE kept (part TEXT PRIMARY KEY, json BLOB NOT NULL) STRICT;
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, payload BLOB NOT NULL
) STRICT;
CREATE TABLE inbox (id TEXT PRIMARY KEY, answer BLOB NOT NULL, expires_at TEXT NOT NULL) STRICT;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""


def _create(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;")


def open_in_trouble(path: Path, error: sqlite3.DatabaseError | OSError) -> tuple[sqlite3.Connection, str]:
    """Open the database as well as possible; return it and the error. No readable data is lost."""
    reason = f"the disk cannot be written: {error}"
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR) & 0xFF
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        reason = _set_aside(path)
    for way in (open_plainly, _alone, _read_only):
        try:
            return _checked(way(path)), reason
        except (sqlite3.DatabaseError, OSError) as refusal:
            _log.warning("the database cannot be opened (%s): %s", way.__name__.strip("_"), refusal)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _create(connection)
    return connection, f"{reason}; nothing is kept over a restart"


def open_plainly(path: Path) -> sqlite3.Connection:
    """Open the database normally. Raises ``sqlite3.DatabaseError`` and ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # What is replaced is overwritten with zeros: names leave with those who had them.
        connection.execute("PRAGMA secure_delete=ON")
        _create(connection)
    except sqlite3.DatabaseError:
        # An open connection would keep its locks.
        connection.close()
        raise
    path.chmod(0o600)
    return connection


def _checked(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return the connection if it answers a query."""
    try:
        connection.execute("SELECT count(*) FROM kept")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _alone(path: Path) -> sqlite3.Connection:
    """Open without the shared-memory file, which may not fit on the disk (https://sqlite.org/wal.html, 6)."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _read_only(path: Path) -> sqlite3.Connection:
    """Open as it was when it was last closed properly."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _set_aside(path: Path) -> str:
    aside = path.with_suffix(".unreadable")
    try:
        path.replace(aside)
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        return f"the database could not be read, nor set aside: {error}"
    return f"the database could not be read and was set aside as {aside.name}"
