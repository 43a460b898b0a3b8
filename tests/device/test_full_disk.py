"""A disk that is full when help is pressed, and one that is full when the device starts (K3)."""

from pathlib import Path

import pytest

from device.core import Core
from device.rules.effects import Effect
from device.rules.events import Began, Event, EventsReceived, PendantPressed, Ticked
from device.rules.now import Now
from device.rules.state import State
from device.store.database import Store
from hal.simulated import SimulatedClock
from tests.device.full_disk import full_disk

pytestmark = pytest.mark.requirement("K3")
PRESS = PendantPressed(sender="FEF71234")


class ClumsyHands:
    """An effect handler that always raises."""

    def perform(self, effect: Effect, state: State, now: Now) -> None:
        raise RuntimeError("as programs do")

    def show(self, state: State, now: Now) -> None:
        """Ignore the screen."""

    def changed(self, state: State, now: Now, event: Event) -> None:
        """Do nothing."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "device.sqlite3"


def core_of(store: Store) -> Core:
    return Core(store=store, clock=SimulatedClock(), boot_id="1")


def waiting(store: Store) -> list[tuple[int, bool]]:
    """Sequence of what can be sent, and whether it is a call for help."""
    return [(each.sequence, b"help-raised" in each.payload) for each in store.waiting(20)]


def test_help_that_cannot_be_written_down_can_be_sent(path: Path) -> None:
    """By every path, in order, from memory; the fault is reported; and it is saved once there is space."""
    store = Store(path)
    core = core_of(store)
    core.handle(Began(version="1"))
    with full_disk():
        core.handle(PRESS)
        help_ = core.state.requests.help
        assert help_
        assert waiting(store) == [(1, False), (2, True)]
        assert store.payload_of(help_.id)
        assert store.count_waiting() == 2
        assert [fault.part for fault in core.state.faults] == ["storage"]
    core.handle(Ticked())
    assert core.state.faults == ()
    store.close()
    assert waiting(Store(path)) == [(1, False), (2, True)]


def test_what_the_desk_got_from_memory_is_not_sent_again(path: Path) -> None:
    """And its place in the order stays its own."""
    store = Store(path)
    core = core_of(store)
    core.handle(Began(version="1"))
    with full_disk():
        core.handle(PRESS)
        help_ = core.state.requests.help
        core.handle(EventsReceived(ids=frozenset({help_.id if help_ else ""})))
        assert waiting(store) == [(1, False)]
    core.handle(Ticked())
    core.handle(Began(version="1"))
    assert waiting(store) == [(1, False), (3, False)]


def test_the_device_starts_on_a_full_disk_and_calls_for_help(path: Path) -> None:
    """With everything that it knew; the database is not thrown away; in its health stands what is wrong."""
    before = Store(path)
    core_of(before).handle(PRESS)
    before.close()
    with full_disk():
        store = Store(path)
        assert "disk" in store.trouble
        boot = store.next("boot")
        core = core_of(store)
        assert core.state.requests.help
        core.handle(PRESS)
        assert waiting(store) == [(1, True)]
        store.close()
    assert not path.with_suffix(".unreadable").exists()
    again = Store(path)
    assert again.trouble == ""
    assert again.next("boot") >= boot
    assert waiting(again) == [(1, True)]


def test_the_very_first_start_on_a_full_disk_calls_for_help_too(path: Path) -> None:
    """Nothing can be kept, and that is said."""
    path.parent.mkdir()
    with full_disk():
        store = Store(path)
        assert store.trouble.endswith("nothing is kept over a restart")
        core_of(store).handle(PRESS)
        assert waiting(store) == [(1, True)]


def test_an_effect_that_fails_is_a_fault_and_stops_nothing(path: Path) -> None:
    """The request is on the disk, to be sent by the next way."""
    store = Store(path)
    core = core_of(store)
    core.attach(ClumsyHands())
    core.handle(PRESS)
    assert waiting(store) == [(1, True)]
    assert [fault.part for fault in core.state.faults] == ["rules"]
