import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.contract.commands import Answer
from device.rules.state import Mute
from device.store.database import Store

NOW = datetime(2026, 11, 21, tzinfo=UTC)

WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from device.store.database import Store
store = Store(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    with store.transaction():
        store.record(store.hold(f"event-{number}", lambda sequence: b"{}"))
    store.release()
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "device.sqlite3"


def record(store: Store, *ids: str) -> None:
    for id_ in ids:
        with store.transaction():
            store.record(store.hold(id_, lambda sequence: str(sequence).encode()))
        store.release()


def test_events_wait_in_order_until_the_desk_has_them(path: Path) -> None:
    """Only a receipt empties the outbox; the sequence never begins again."""
    store = Store(path)
    record(store, "a", "b", "c")
    with store.transaction():
        store.drop(frozenset({"a", "c"}))
    assert [each.id for each in store.waiting(10)] == ["b"]
    store.close()
    again = Store(path)
    record(again, "d")
    assert [(each.sequence, each.id) for each in again.waiting(10)] == [(2, "b"), (4, "d")]


@pytest.mark.requirement("K3")
def test_what_was_committed_survives_a_kill(path: Path) -> None:
    """Killed with -9 in the middle of writing: no acknowledged event is lost, the file opens."""
    command = [sys.executable, "-c", WRITE_UNTIL_KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(25)]
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout.read().split()]
    kept = {each.id for each in Store(path).waiting(100_000)}
    assert {f"event-{number}" for number in acknowledged} <= kept


def test_a_failed_transaction_leaves_nothing_behind(path: Path) -> None:
    """An exception inside a transaction undoes all its writes."""
    store = Store(path)

    def fail() -> None:
        store.record(store.hold("a", lambda _sequence: b"a"))
        raise RuntimeError

    with pytest.raises(RuntimeError), store.transaction():
        fail()
    store.release()
    assert store.count_waiting() == 0


def test_the_durable_parts_of_the_state_come_back(path: Path) -> None:
    """A restart forgets nothing that matters."""
    store = Store(path)
    with store.transaction():
        store.keep("mute", Mute(until=NOW))
    store.close()
    state, unreadable = Store(path).load()
    assert state.mute.until == NOW
    assert unreadable == []


def test_a_part_that_cannot_be_read_is_named_and_the_rest_stays(path: Path) -> None:
    """One broken row is no reason to begin from nothing."""
    store = Store(path)
    with store.transaction():
        store.keep("mute", Mute(until=NOW))
        store.keep("link", Answer(stage="done"))
        store._connection.execute("UPDATE kept SET json = x'7b' WHERE part = 'link'")
    state, unreadable = store.load()
    assert unreadable == ["link"]
    assert state.mute.until == NOW


def test_a_broken_database_is_set_aside_not_overwritten(path: Path) -> None:
    """The device starts, and what can be saved can still be looked at."""
    path.write_bytes(b"this is not a database" * 100)
    store = Store(path)
    assert store.trouble.endswith("set aside as device.unreadable")
    assert path.with_suffix(".unreadable").read_bytes().startswith(b"this is not")
    record(store, "a")


def test_a_command_seen_before_is_answered_from_the_inbox_until_it_expired(path: Path) -> None:
    """Not done twice, and not kept for ever."""
    store = Store(path)
    with store.transaction():
        store.remember_answer("c", Answer(stage="done"), until=NOW, now=NOW)
    assert store.answer_to("c") == Answer(stage="done")
    assert store.answer_to("other") is None
    with store.transaction():
        later = NOW + timedelta(seconds=1)
        store.remember_answer("d", Answer(stage="done"), until=later, now=later)
    assert store.answer_to("c") is None


def test_a_counter_never_gives_a_number_twice(path: Path) -> None:
    """Also not after a restart: sessions and boots stay in order."""
    store = Store(path)
    first = store.next("boot")
    store.close()
    assert Store(path).next("boot") == first + 1
