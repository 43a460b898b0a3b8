"""Which link worker serves which partitions: pure rules over the leases that the database keeps.

A lease that is not renewed for ``LEASE`` is free; each change of hands has a number of its own, the epoch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=10)


@dataclass(frozen=True)
class Lease:
    """One partition's, as it stands in the database; without ``owner`` it is free."""

    partition: str
    owner: str = ""
    epoch: int = 0
    expires_at: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether its owner still counts on it."""
        return bool(self.owner) and self.expires_at is not None and self.expires_at > now


@dataclass(frozen=True)
class Plan:
    """What one worker does next; it serves what it keeps and what it claims."""

    keep: str
    claim: str
    release: str


def plan(worker: str, leases: Iterable[Lease], workers: int, now: datetime) -> Plan:
    """A fair share for this one of so many living workers: what is more is given up, what is free taken."""
    ordered = sorted(leases, key=lambda lease: lease.partition)
    share = -(-len(ordered) // max(1, workers))
    ours = [each.partition for each in ordered if each.owner == worker and each.is_held(now)]
    free = [each.partition for each in ordered if not each.is_held(now)]
    keep, release = ours[:share], ours[share:]
    claim = free[: share - len(keep)]
    return Plan("".join(keep), "".join(claim), "".join(release))
