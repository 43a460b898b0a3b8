"""What the simulated residents of the demo's house do, and when: decided without clock and network."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Deed = Literal[
    "help", "ask-for-a-call", "call-a-relative", "hang-up", "fault", "repaired", "leave", "come-back"
]
# Seconds between two things that happen in a house of thirty, on average.
BETWEEN_S = 40.0
_FIRST: Sequence[tuple[Deed, int]] = (
    ("help", 4), ("ask-for-a-call", 2), ("call-a-relative", 5), ("fault", 1), ("leave", 1)
)  # fmt: skip
# What follows by itself, and the seconds until then.
_THEN: dict[Deed, tuple[Deed, float, float]] = {
    "call-a-relative": ("hang-up", 8.0, 25.0),
    "fault": ("repaired", 180.0, 900.0),
    "leave": ("come-back", 30.0, 240.0),
}
# So long somebody who asked for help does nothing else.
_RESTS_S = 300.0


@dataclass(frozen=True, order=True)
class Act:
    """One device does one thing."""

    at_s: float
    device: str
    deed: Deed


class Habits:
    """Chooses whom something happens to; a device does one thing at a time."""

    def __init__(self, devices: Sequence[str], chance: Random, now_s: float) -> None:
        self._devices = devices
        self._chance = chance
        self._waiting: list[Act] = []
        self._rests_until: dict[str, float] = {}
        self._next_s = now_s + self._pause_s()

    def due(self, now_s: float) -> list[Act]:
        """Return what has happened up to now, in its order."""
        done = []
        while self._next_at_s() <= now_s:
            act = self._waiting.pop(0) if self._ends_first() else self._begin()
            if act:
                done.append(act)
        return done

    def next_in_s(self, now_s: float) -> float:
        """Return the seconds until something happens."""
        return max(0.0, self._next_at_s() - now_s)

    def _next_at_s(self) -> float:
        return min([self._next_s, *(act.at_s for act in self._waiting[:1])])

    def _ends_first(self) -> bool:
        return bool(self._waiting) and self._waiting[0].at_s <= self._next_s

    def _begin(self) -> Act | None:
        at_s, self._next_s = self._next_s, self._next_s + self._pause_s()
        busy = {act.device for act in self._waiting}
        free = [each for each in self._devices if each not in busy and self._rests_until.get(each, 0) <= at_s]
        if not free:
            return None
        device = self._chance.choice(free)
        deed = self._chance.choices([deed for deed, _weight in _FIRST], [weight for _deed, weight in _FIRST])[
            0
        ]
        if deed in _THEN:
            then, shortest_s, longest_s = _THEN[deed]
            end = Act(at_s + self._chance.uniform(shortest_s, longest_s), device, then)
            self._waiting = sorted([*self._waiting, end])
        else:
            self._rests_until[device] = at_s + _RESTS_S
        return Act(at_s, device, deed)

    def _pause_s(self) -> float:
        return min(10 * BETWEEN_S, self._chance.expovariate(1 / BETWEEN_S) * 30 / max(1, len(self._devices)))
