"""Decides whether the core is alive from the progress of its threads. Pure."""

from typing import Literal, get_args

Part = Literal["loop", "database", "link", "composer"]
PARTS: frozenset[Part] = frozenset(get_args(Part))


class Vitals:
    """Every thread reports progress; together they are one sign of life. Any thread may call ``moved``."""

    def __init__(self) -> None:
        self._moved: set[Part] = set()

    def moved(self, part: Part) -> None:
        """Record progress of this thread: something that a hanging thread could not have done."""
        self._moved.add(part)

    def have_all_moved(self) -> bool:
        """Return whether every thread has progressed since this was last true."""
        if self._moved < PARTS:
            return False
        self._moved = set()
        return True
