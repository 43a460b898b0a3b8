"""Lists whose order people choose."""

from collections.abc import Iterable
from typing import Literal

from cloud.people.models import EscalationContact, Relation

Step = Literal["up", "down"]


def move(rows: Iterable[Relation] | Iterable[EscalationContact], pk: int, step: Step) -> None:
    """Changes places with the neighbour above or below; at the end of the list nothing happens."""
    ordered: list[Relation | EscalationContact] = list(rows)
    at = next(index for index, row in enumerate(ordered) if row.pk == pk)
    to = at - 1 if step == "up" else at + 1
    if 0 <= to < len(ordered):
        ordered[at], ordered[to] = ordered[to], ordered[at]
    for place, row in enumerate(ordered):
        row.order = place
        row.save(update_fields=["order"])
