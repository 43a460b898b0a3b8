"""A press is on the disk before anything is computed, and goes out where the core does not take it."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from device.press_journal import OLDEST_S, Entry, PressJournal
from device.rules.now import Now
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K21", "K3")


def entry(id_: str) -> Entry:
    return Entry(id=id_, source="button", name="help", at=time.time())


def now(*, trusted: bool = True, later_s: float = 0.0) -> Now:
    wall = datetime.now(UTC) + timedelta(seconds=later_s)
    return Now(wall=wall, monotonic_s=0.0, trusted=trusted, id="now")


def test_a_press_that_the_core_takes_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither on the disk nor on its way."""
    sent: list[str] = []
    journal = PressJournal(tmp_path / "presses", lambda press: sent.append(press.id), now)
    journal.add(entry("a"))
    assert [left.id for left in PressJournal(tmp_path / "presses", lambda _: None, now).left] == ["a"]
    journal.taken("a")
    assert PressJournal(tmp_path / "presses", lambda _: None, now).left == []
    journal.stop()
    assert sent == []


def test_a_press_that_the_core_does_not_take_goes_out_again_and_again(tmp_path: Path) -> None:
    """Until the core has it; a desk that cannot be reached is tried once more."""
    tries = threading.Semaphore(0)

    def rescue(_press: Entry) -> None:
        tries.release()
        raise OSError("no desk")

    journal = PressJournal(tmp_path / "presses", rescue, now)
    journal.add(entry("a"))
    assert tries.acquire(timeout=30)
    assert tries.acquire(timeout=30)
    journal.taken("a")
    journal.stop()


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    """A line that was cut off by a power cut costs none of the others."""
    journal = PressJournal(tmp_path / "presses", lambda _: None, now)
    journal.add(entry("a"))
    with (tmp_path / "presses").open("ab") as file:
        file.write(b'{"id": "b", "sou')
    assert [left.id for left in PressJournal(tmp_path / "presses", lambda _: None, now).left] == ["a"]
    journal.stop()


def test_a_disk_that_refuses_does_not_keep_a_press_from_going_out(tmp_path: Path) -> None:
    """It is kept in memory."""
    sent: list[str] = []
    journal = PressJournal(tmp_path / "missing" / "presses", lambda press: sent.append(press.id), now)
    journal.add(entry("a"))
    eventually(lambda: sent, "the press is rescued")
    journal.taken("a")
    journal.stop()


def test_presses_of_a_core_that_died_go_out_where_the_next_does_not_start(tmp_path: Path) -> None:
    """All of them, and taking one keeps the other on the disk."""
    path = tmp_path / "presses"
    died = PressJournal(path, lambda _: None, now)
    died.add(entry("a"))
    died.add(entry("b"))
    died.stop()
    sent: list[str] = []
    journal = PressJournal(path, lambda press: sent.append(press.id), now)
    eventually(lambda: {"a", "b"} <= set(sent), "both are rescued")
    journal.taken("a")
    assert [left.id for left in PressJournal(path, lambda _: None, now).left] == ["a", "b"]
    journal.taken("b")
    journal.stop()
    assert not path.exists()


def test_a_rescue_that_breaks_is_tried_again(tmp_path: Path) -> None:
    """After an exception the rescue of the same press is called again."""
    tries = threading.Semaphore(0)

    def rescue(_press: Entry) -> None:
        tries.release()
        raise RuntimeError("a mistake of ours")

    journal = PressJournal(tmp_path / "presses", rescue, now)
    journal.add(entry("a"))
    assert tries.acquire(timeout=30)
    assert tries.acquire(timeout=30)
    journal.taken("a")
    journal.stop()


@pytest.mark.parametrize(("then", "today", "kept"), [(True, True, 0), (False, True, 1), (True, False, 1)])
def test_only_clocks_that_are_known_make_a_press_too_old(
    tmp_path: Path, then: bool, today: bool, kept: int
) -> None:
    """A tablet that was pressed before it knew the time still calls once it does."""
    path = tmp_path / "presses"
    journal = PressJournal(path, lambda _: None, now)
    journal.add(msgspec.structs.replace(entry("a"), trusted=then))
    journal.stop()
    later = PressJournal(path, lambda _: None, lambda: now(trusted=today, later_s=OLDEST_S + 60))
    later.stop()
    assert len(later.left) == kept
