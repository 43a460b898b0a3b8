"""What must move for the core to be alive. Pure: who asks, and how often, is the caller's matter."""

from typing import Literal, get_args

Part = Literal["loop", "database", "link", "composer"]
PARTS: frozenset[Part] = frozenset(get_args(Part))


class Vitals:
    """Each part says that it moved; all together are one sign of life. Any thread may call ``moved``."""

    def __init__(self) -> None:
        self._moved: set[Part] = set()

    def moved(self, part: Part) -> None:
        """This part has just done something that a part that hangs could not have done."""
        self._moved.add(part)

    def have_all_moved(self) -> bool:
        """Whether every part has moved since this was last true; then they must move again."""
        if self._moved < PARTS:
            return False
        self._moved = set()
        return True
