"""A press is on the disk before anything is computed, and goes out where the core does not take it."""

import threading
import time
from pathlib import Path

import pytest

from device.press_journal import Entry, PressJournal
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K21", "K3")


def entry(id_: str) -> Entry:
    return Entry(id=id_, source="button", name="help", at=time.time())


def test_a_press_that_the_core_takes_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither on the disk nor on its way."""
    sent: list[str] = []
    journal = PressJournal(tmp_path / "presses", lambda press: sent.append(press.id))
    journal.add(entry("a"))
    assert [left.id for left in PressJournal(tmp_path / "presses", lambda _: None).left] == ["a"]
    journal.taken("a")
    assert PressJournal(tmp_path / "presses", lambda _: None).left == []
    journal.stop()
    assert sent == []


def test_a_press_that_the_core_does_not_take_goes_out_again_and_again(tmp_path: Path) -> None:
    """Until the core has it; a desk that cannot be reached is tried once more."""
    tries = threading.Semaphore(0)

    def rescue(_press: Entry) -> None:
        tries.release()
        raise OSError("no desk")

    journal = PressJournal(tmp_path / "presses", rescue)
    journal.add(entry("a"))
    assert tries.acquire(timeout=30)
    assert tries.acquire(timeout=30)
    journal.taken("a")
    journal.stop()


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    """A line that was cut off by a power cut costs none of the others."""
    journal = PressJournal(tmp_path / "presses", lambda _: None)
    journal.add(entry("a"))
    with (tmp_path / "presses").open("ab") as file:
        file.write(b'{"id": "b", "sou')
    assert [left.id for left in PressJournal(tmp_path / "presses", lambda _: None).left] == ["a"]
    journal.stop()


def test_a_disk_that_refuses_does_not_keep_a_press_from_going_out(tmp_path: Path) -> None:
    """It waits in memory."""
    sent: list[str] = []
    journal = PressJournal(tmp_path / "missing" / "presses", lambda press: sent.append(press.id))
    journal.add(entry("a"))
    eventually(lambda: sent, "the press is rescued")
    journal.taken("a")
    journal.stop()
