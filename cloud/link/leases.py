"""Assignment of partitions to link workers: pure rules over the leases in the database.

A lease that is not renewed for ``LEASE`` is free; each change of owner increments the epoch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=10)


@dataclass(frozen=True)
class Lease:
    """A partition's lease as stored; free without ``owner``."""

    partition: str
    owner: str = ""
    epoch: int = 0
    expires_at: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Return whether the owner's lease is still valid."""
        return bool(self.owner) and self.expires_at is not None and self.expires_at > now


@dataclass(frozen=True)
class Plan:
    """A worker's next changes; it serves what it keeps and what it claims."""

    keep: str
    claim: str
    release: str


def plan(worker: str, leases: Iterable[Lease], workers: int, now: datetime) -> Plan:
    """Return a fair share for one of the living workers: surplus is released, free ones are claimed."""
    ordered = sorted(leases, key=lambda lease: lease.partition)
    share = -(-len(ordered) // max(1, workers))
    ours = [each.partition for each in ordered if each.owner == worker and each.is_held(now)]
    free = [each.partition for each in ordered if not each.is_held(now)]
    keep, release = ours[:share], ours[share:]
    claim = free[: share - len(keep)]
    return Plan("".join(keep), "".join(claim), "".join(release))
