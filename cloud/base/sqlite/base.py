"""Django's backend of SQLite, with a turn around each writing transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from cloud.base.sqlite.turn import Turn

_WRITES = ("INSERT", "UPDATE", "DELETE")


class DatabaseWrapper(base.DatabaseWrapper):
    """Waits in order for the turn to write, instead of looking again now and then as SQLite does."""

    goes_first = False
    _turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database, and what its writers take turns by."""
        opened = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            self._turn = Turn(Path(conn_params["database"]))
        return opened

    def init_connection_state(self) -> None:
        """Let statements outside a transaction take turns too."""
        super().init_connection_state()
        if self._write_alone not in self.execute_wrappers:
            self.execute_wrappers.append(self._write_alone)

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            turn, self._turn = self._turn, None
            if turn:
                turn.close()

    def _write_alone(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if self.in_atomic_block or not sql.startswith(_WRITES):
            return execute(sql, *arguments)
        self._take_turn()
        try:
            return execute(sql, *arguments)
        finally:
            self._give_turn()

    def _take_turn(self) -> None:
        wait_s = self.settings_dict["OPTIONS"].get("timeout", 5.0)
        if self._turn and not self._turn.take(wait_s, first=self.goes_first):
            raise OperationalError("database is locked: another writer has not finished in time")

    def _give_turn(self) -> None:
        if self._turn:
            self._turn.give()


@contextmanager
def writing(*, first: bool) -> Iterator[None]:
    """Open a transaction; those marked ``first`` go before all who wait for the one writer of SQLite."""
    connection: Any = transaction.get_connection()
    before = getattr(connection, "goes_first", False)
    connection.goes_first = first
    try:
        with transaction.atomic():
            yield
    finally:
        connection.goes_first = before
