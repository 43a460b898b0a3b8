"""The table of effects and their performers; every effect must have exactly one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, get_args

from device.rules.effects import Effect
from device.rules.now import Now
from device.rules.state import State

# The effect has the type under which it stands in the table.
Perform = Callable[[Any, State, Now], object]
Performs = Mapping[type[Effect], Perform]

EFFECTS: frozenset[type[Effect]] = frozenset(get_args(Effect))


class Performer(Protocol):
    """A component of the device that carries out some of the effects."""

    def performs(self) -> Performs:
        """Return the effects that it carries out, with their functions."""


class EffectTableError(Exception):
    """An effect has no performer, or two."""


def table_of(performers: Iterable[Performer]) -> dict[type[Effect], Perform]:
    """Return every effect's performer. Raises ``EffectTableError`` where one has none, or two."""
    table: dict[type[Effect], Perform] = {}
    for performer in performers:
        for effect, perform in performer.performs().items():
            if effect in table:
                raise EffectTableError(
                    f"{effect.__name__} has two performers; {type(performer).__name__} is one"
                )
            table[effect] = perform
    if missing := sorted(effect.__name__ for effect in EFFECTS - table.keys()):
        raise EffectTableError(f"nobody performs {', '.join(missing)}")
    return table
