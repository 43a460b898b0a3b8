"""What is under way to the desk, and what comes next (K3)."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from device.contract.topics import Channel
from device.link.outbox import FIRST_PATIENCE_S, SAY_AGAIN_S, WINDOW, Outbox
from device.link.session import Session
from device.store.database import Store

pytestmark = pytest.mark.requirement("K3")


class Line:
    """In the session's place: remembers what was handed to it."""

    def __init__(self) -> None:
        self.carried: list[str] = []
        self.given_up = 0
        self.now_s = 0.0

    def reconnect(self, _reason: str) -> None:
        """Reconnect as the session would."""
        self.given_up += 1

    def publish(self, channel: Channel, payload: bytes) -> None:
        """Publish as the session would."""
        self.carried.append(payload.decode())

    def taken(self) -> list[str]:
        """What was handed over since the last time."""
        taken, self.carried = self.carried, []
        return taken


def _payload(name: str, _sequence: int) -> bytes:
    return name.encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "device.sqlite3")
    yield store
    store.close()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def outbox(store: Store, line: Line) -> Outbox:
    return Outbox(store, cast("Session", line), lambda: line.now_s)


@pytest.fixture
def happen(store: Store) -> Callable[..., None]:
    """Writes down events of these names."""

    def write(*names: str) -> None:
        with store.transaction():
            for name in names:
                store.record(store.hold(name, partial(_payload, name)))
        store.release()

    return write


@pytest.fixture
def confirm(store: Store, outbox: Outbox) -> Callable[..., None]:
    """Acknowledge events as the desk."""

    def forget(*names: str) -> None:
        store.forget(frozenset(names))
        with store.transaction():
            store.drop(frozenset(names))
        outbox.received(frozenset(names))

    return forget


def test_a_backlog_goes_in_order_as_receipts_come(
    outbox: Outbox, line: Line, happen: Callable[..., None], confirm: Callable[..., None]
) -> None:
    """Never more under way than the window, nothing twice, and what is new comes after all that waits."""
    names = [f"{number:02}" for number in range(2 * WINDOW + 5)]
    happen(*names)
    outbox.connected()
    assert line.taken() == names[:WINDOW]
    happen("new")
    outbox.send()
    assert line.taken() == []
    confirm(*names[:WINDOW])
    assert line.taken() == names[WINDOW : 2 * WINDOW]
    confirm(names[WINDOW])
    assert line.taken() == names[2 * WINDOW : 2 * WINDOW + 1]
    confirm(*names[WINDOW + 1 : 2 * WINDOW + 1])
    assert line.taken() == [*names[2 * WINDOW + 1 :], "new"]
    outbox.send()
    assert line.taken() == []


def test_a_new_connection_begins_with_the_oldest(
    outbox: Outbox, line: Line, happen: Callable[..., None], confirm: Callable[..., None]
) -> None:
    """What has no receipt is sent again, what has one is not."""
    happen("a", "b", "c")
    outbox.connected()
    confirm("b")
    line.taken()
    outbox.disconnected()
    happen("d")
    outbox.send()
    assert line.taken() == []
    outbox.connected()
    assert line.taken() == ["a", "c", "d"]


def test_what_could_not_be_written_down_goes_from_memory_once(
    store: Store, outbox: Outbox, line: Line, confirm: Callable[..., None]
) -> None:
    """The desk gets it while the disk is full, and the next event after it."""
    outbox.connected()
    store.hold("help", lambda _: b"help")
    outbox.send()
    assert line.taken() == ["help"]
    confirm("help")
    store.hold("later", lambda _: b"later")
    outbox.send()
    assert line.taken() == ["later"]


def test_a_receipt_by_the_second_way_makes_a_silent_connection_suspect_again(
    outbox: Outbox, line: Line, happen: Callable[..., None]
) -> None:
    """Without receipts the timeout doubles; after one over HTTPS it is short again."""
    for receipt, patience_s in (
        (None, FIRST_PATIENCE_S),
        (None, 2 * FIRST_PATIENCE_S),
        ("a", FIRST_PATIENCE_S),
    ):
        if receipt:
            outbox.received(frozenset({receipt}))
        happen(f"after {line.given_up}")
        outbox.connected()
        before = line.given_up
        line.now_s += patience_s - 0.1
        outbox.check()
        assert line.given_up == before
        line.now_s += 0.1
        outbox.check()
        assert line.given_up == before + 1
        outbox.disconnected()


def test_where_nobody_listens_the_same_is_said_again_on_the_same_connection(
    outbox: Outbox, line: Line, happen: Callable[..., None], confirm: Callable[..., None]
) -> None:
    """The desk changes its worker: no new connection, and no long wait, until it has the event."""
    happen("help")
    outbox.connected()
    for pause_s in (SAY_AGAIN_S, 2 * SAY_AGAIN_S, 4 * SAY_AGAIN_S):
        assert line.taken() == ["help"]
        outbox.nobody_listens()
        outbox.nobody_listens()
        assert outbox.seconds_to_check() == pause_s
        line.now_s += pause_s / 2
        outbox.check()
        assert line.taken() == []
        line.now_s += pause_s / 2
        outbox.check()
    assert line.taken() == ["help"]
    confirm("help")
    assert line.given_up == 0
    assert outbox.seconds_to_check() is None
