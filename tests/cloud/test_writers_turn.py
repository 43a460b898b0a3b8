"""SQLite's one writer: who waits for it gets it in order, help first, and nobody keeps it in death."""

import fcntl
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction

from cloud.base.sqlite.base import writing
from cloud.base.sqlite.turn import Turn
from cloud.organisations.models import Organisation
from tests.link.waiting import eventually

pytestmark = pytest.mark.requirement("K3")
HOLDER = """
import sys
from pathlib import Path
from cloud.base.sqlite.turn import Turn
turn = Turn(Path(sys.argv[1]))
assert turn.take(10)
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where there would be a database."""
    return tmp_path / "desk.sqlite3"


@pytest.fixture
def turn_of(database: Path) -> Iterator[Callable[[], Turn]]:
    """Make the turn of another connection."""
    made: list[Turn] = []

    def make() -> Turn:
        made.append(Turn(database))
        return made[-1]

    yield make
    for each in made:
        each.close()


def is_locked(file: Path, kind: str) -> bool:
    """Return whether the kernel lists a lock on this file: ``WRITE`` by one, ``READ`` by many."""
    inode = f":{file.stat().st_ino}"
    locks = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return any(kind in fields and any(each.endswith(inode) for each in fields) for fields in locks)


def test_who_has_just_written_waits_behind_who_waited_and_help_before_all(
    database: Path, turn_of: Callable[[], Turn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help needs no place in the line; the first in line is next, and the last writer is behind it."""
    monkeypatch.setattr("cloud.base.sqlite.turn.LONGEST_BEHIND_S", 60)
    served: Queue[str] = Queue()
    mine = turn_of()
    assert mine.take(1)

    def write(name: str, turn: Turn, *, first: bool = False) -> None:
        assert turn.take(20, first=first)
        served.put(name)
        turn.give()

    waiting = Thread(target=write, args=("waiting", turn_of()))
    waiting.start()
    eventually(lambda: is_locked(database.with_name("desk.sqlite3-line"), "WRITE"), "somebody is in line")
    pressed = Thread(target=write, args=("help", turn_of()), kwargs={"first": True})
    pressed.start()
    eventually(lambda: is_locked(database.with_name("desk.sqlite3-help"), "READ"), "help waits")
    mine.give()
    assert mine.take(20)
    served.put("again")
    mine.give()
    for thread in (waiting, pressed):
        thread.join(20)
    assert [served.get_nowait() for _ in range(3)] == ["help", "waiting", "again"]


def test_nobody_is_shut_out_by_devices_that_never_stop(
    database: Path, turn_of: Callable[[], Turn], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody always waits with help; after a while another writer takes its turn between two of them."""
    always = turn_of()
    with database.with_name("desk.sqlite3-help").open() as help_:
        fcntl.flock(help_, fcntl.LOCK_SH)
        monkeypatch.setattr("cloud.base.sqlite.turn.LONGEST_BEHIND_S", 60)
        assert not turn_of().take(0.05)
        monkeypatch.setattr("cloud.base.sqlite.turn.LONGEST_BEHIND_S", 0.05)
        assert turn_of().take(20)
        assert not always.take(0, first=True)


def test_who_dies_in_its_turn_gives_it_back(database: Path, turn_of: Callable[[], Turn]) -> None:
    """A process that is killed while it writes holds up nobody."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"taken\n"
        assert not turn_of().take(0)
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
        assert turn_of().take(1)


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_never_ends_is_an_error_and_no_endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """As before: the database is said to be locked. Reading needs no turn."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    other = Turn(Path(str(connection.settings_dict["NAME"])))
    assert other.take(1)
    try:
        with pytest.raises(OperationalError), transaction.atomic():
            pytest.fail("nobody else may write now")
        with pytest.raises(OperationalError):
            Organisation.objects.update(name="x")
        assert not Organisation.objects.filter(name="x").exists()
    finally:
        other.close()
    with writing(first=True):
        Organisation.objects.create(name="x")
    assert Organisation.objects.filter(name="x").exists()
