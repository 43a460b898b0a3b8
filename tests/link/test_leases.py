"""Leases of partitions: one server each, fairly shared, soon taken over, whatever happens to workers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.link.leases import LEASE, Lease, plan
from device.contract.topics import PARTITIONS

pytestmark = pytest.mark.requirement("Q9")

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
WORKERS = ("anna", "bo", "cai", "didi")
RENEW = timedelta(seconds=3)


class Database:
    """The leases, and who was seen when, as ``lease_keeper`` keeps them."""

    def __init__(self) -> None:
        self.now = NOW
        self.leases = {each: Lease(each) for each in PARTITIONS}
        self.seen: dict[str, datetime] = {}

    def renew(self, worker: str) -> set[str]:
        """One turn of a worker; what it serves after that."""
        self.seen[worker] = self.now
        living = [name for name, at in self.seen.items() if at >= self.now - LEASE]
        decided = plan(worker, self.leases.values(), len(living), self.now)
        for each in decided.keep + decided.claim:
            lease = self.leases[each]
            assert lease.owner == worker or not lease.is_held(self.now), "nobody's lease is taken"
            epoch = lease.epoch + (each in decided.claim)
            self.leases[each] = Lease(each, worker, epoch, self.now + LEASE)
        for each in decided.release:
            self.leases[each] = replace(self.leases[each], owner="", expires_at=None)
        return set(decided.keep + decided.claim)

    def served(self) -> dict[str, list[str]]:
        """What each owner serves now."""
        found: dict[str, list[str]] = {}
        for lease in self.leases.values():
            if lease.is_held(self.now):
                found.setdefault(lease.owner, []).append(lease.partition)
        return found


TURNS = st.lists(st.tuples(st.sampled_from(WORKERS), st.floats(0, 12)), max_size=60)


@given(TURNS, st.sets(st.sampled_from(WORKERS), min_size=1))
def test_the_living_workers_serve_everything_fairly(turns: list[tuple[str, float]], living: set[str]) -> None:
    """Whatever went before, those who renew have it all within fifteen seconds, none more than its share."""
    database = Database()
    for worker, passed_s in turns:
        database.now += timedelta(seconds=passed_s)
        database.renew(worker)
    until = database.now + timedelta(seconds=15)
    while database.now < until:
        database.now += RENEW
        for worker in sorted(living):
            database.renew(worker)
    for worker in sorted(living) * 2:
        database.renew(worker)
    served = database.served()
    assert set(served) <= living
    assert sorted(each for partitions in served.values() for each in partitions) == sorted(PARTITIONS)
    assert all(len(each) <= -(-len(PARTITIONS) // len(living)) for each in served.values())


@given(TURNS)
def test_each_change_of_hands_has_its_own_number(turns: list[tuple[str, float]]) -> None:
    """The epoch of a lease grows whenever somebody else begins to serve, and never falls."""
    database = Database()
    for worker, passed_s in turns:
        database.now += timedelta(seconds=passed_s)
        before = dict(database.leases)
        database.renew(worker)
        for each, lease in database.leases.items():
            assert lease.epoch >= before[each].epoch
            if lease.owner and lease.owner != before[each].owner:
                assert lease.epoch == before[each].epoch + 1
