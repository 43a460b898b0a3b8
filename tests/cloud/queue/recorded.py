"""Recorded visits: what the customer would have been shown on joining, beside how long it took then."""

import csv
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from cloud.queue.estimate import Estimate, Service, estimate

# Who is served at once reads no words about waiting.
LEAST_MIN = 1.0
FIELDS = ("queue", "joined_s", "served_s", "ended_s")


class Recorded(NamedTuple):
    """One visit that was served, in seconds since the recording began."""

    queue: int
    joined_s: float
    served_s: float
    ended_s: float


class Said(NamedTuple):
    """What the desk says to somebody who joins, and how many minutes it then took."""

    words: Estimate
    truth_min: float

    @property
    def is_true(self) -> bool:
        """Return whether the wait lies within the words."""
        most = self.words.most_min
        return self.words.least_min <= self.truth_min and (most is None or self.truth_min <= most)


def read(file: Path) -> list[Recorded]:
    """Return the visits of a recording."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [Recorded(int(row["queue"]), *(float(row[name]) for name in FIELDS[1:])) for row in rows]


def write(file: Path, visits: Iterable[Recorded]) -> None:
    """Keep a recording."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(FIELDS)
        writer.writerows((each.queue, *(f"{at_s:.1f}" for at_s in each[1:])) for each in visits)


def replayed(visits: Iterable[Recorded], agents: int, times: float) -> list[Said]:
    """Play it again, so many times as slowly; all agents serve all queues, as in the bench.

    Who is served at once hears nothing.
    """
    played = [Recorded(each.queue, *(at * times for at in each[1:])) for each in visits]
    played.sort(key=attrgetter("joined_s"))
    return [said for number, visit in enumerate(played) if (said := _said(visit, played, number, agents))]


def _said(visit: Recorded, visits: list[Recorded], number: int, agents: int) -> Said | None:
    place = 1 + sum(other.served_s > visit.joined_s for other in visits[:number])
    over = [each for each in visits if each.queue == visit.queue and each.ended_s <= visit.joined_s]
    over.sort(key=attrgetter("ended_s"), reverse=True)
    services = [Service(each.served_s - each.joined_s, each.ended_s - each.served_s) for each in over]
    words, truth_min = estimate(place, agents, services), (visit.served_s - visit.joined_s) / 60
    return Said(words, truth_min) if words and truth_min >= LEAST_MIN else None
