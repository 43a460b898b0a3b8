"""Lists with a user-defined order."""

from collections.abc import Iterable
from typing import Literal

from cloud.people.models import EscalationContact, Relation

Step = Literal["up", "down"]


def move(rows: Iterable[Relation] | Iterable[EscalationContact], pk: int, step: Step) -> None:
    """Swap a row with its neighbour; no effect at the end of the list."""
    ordered: list[Relation | EscalationContact] = list(rows)
    at = next(index for index, row in enumerate(ordered) if row.pk == pk)
    to = at - 1 if step == "up" else at + 1
    if 0 <= to < len(ordered):
        ordered[at], ordered[to] = ordered[to], ordered[at]
    for place, row in enumerate(ordered):
        row.order = place
        row.save(update_fields=["order"])
