"""Fair ordering of writers: SQLite has one writer, and its own queue has no order."""

import contextlib
from collections.abc import Iterator
from threading import Condition

from django.db import connection, transaction


class Turns:
    """A lock in order of arrival; those marked ``first`` go before all others."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._is_taken = False
        self._first_waiting = 0

    @contextlib.contextmanager
    def taken(self, *, first: bool) -> Iterator[None]:
        """Wait for the turn, and hold it during the block."""
        with self._changed:
            if first:
                self._first_waiting += 1
                self._changed.wait_for(lambda: not self._is_taken)
                self._first_waiting -= 1
            else:
                self._changed.wait_for(lambda: not self._is_taken and not self._first_waiting)
            self._is_taken = True
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()


_turns = Turns()


@contextlib.contextmanager
def writing(*, first: bool) -> Iterator[None]:
    """Open a transaction, in turn with the others of this process where the database has one writer."""
    turn = _turns.taken(first=first) if connection.vendor == "sqlite" else contextlib.nullcontext()
    with turn, transaction.atomic():
        yield
