"""In which order the core shows, writes down and sends."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from device.contract.documents import View
from device.core import Core
from device.rules import signals, step
from device.rules.effects import Effect
from device.rules.events import (
    DocumentArrived,
    Event,
    Intended,
    PendantPressed,
    Ticked,
    WindowCame,
    WindowPainted,
)
from device.rules.now import Now
from device.rules.state import State
from device.store.database import Store
from device.window_protocol.intents import SilenceRing
from hal.simulated import SimulatedClock
from tests.device.test_full_disk import ClumsyHands


class Onlooker:
    """Notes, whenever the screen is brought up to date, what a power cut at that moment would have left."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.left: list[dict[str, int]] = []

    def show(self, state: State, now: Now) -> None:
        """Reads the database as a start after the power cut would."""
        self.left.append(on_disk(self._path))

    def perform(self, effect: Effect, state: State, now: Now) -> None:
        """Ignore the effect."""

    def changed(self, state: State, now: Now, event: Event) -> None:
        """Do nothing."""


def on_disk(path: Path) -> dict[str, int]:
    """How many events wait for a receipt, and how many parts of the state are kept."""
    with closing(sqlite3.connect(path)) as other:
        return {
            table: other.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("outbox", "kept")
        }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "device.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


@pytest.fixture
def core(store: Store) -> Core:
    return Core(store=store, clock=SimulatedClock(), boot_id="1")


@pytest.mark.requirement("K3")
def test_help_is_on_the_disk_before_the_screen_says_so(core: Core, path: Path) -> None:
    """What the resident was shown to be under way outlives a power cut."""
    onlooker = Onlooker(path)
    core.attach(onlooker)
    core.handle(PendantPressed(sender="FEF71234"))
    assert [left["outbox"] for left in onlooker.left] == [1]


@pytest.mark.parametrize(
    "event",
    [Intended(intent=SilenceRing(hours=2)), DocumentArrived(name="view", document=View(version=1))],
    ids=["mute", "document"],
)
def test_all_else_is_seen_before_the_disk_has_it(core: Core, path: Path, event: Event) -> None:
    """A slow card keeps no finger and no news waiting; it is written down all the same."""
    onlooker = Onlooker(path)
    core.attach(onlooker)
    core.handle(event)
    assert onlooker.left == [{"outbox": 0, "kept": 0}]
    core.write_down()
    assert on_disk(path)["kept"] > 0


def test_a_document_is_written_once_with_what_was_painted_of_it(core: Core, path: Path, store: Store) -> None:
    """One write for both, before the desk is notified; other pending writes are included."""
    core.handle(DocumentArrived(name="view", document=View(version=7)))
    core.handle(WindowPainted(versions={"view": 7}))
    assert on_disk(path)["kept"] == 0
    core.write_down()
    assert store.load()[0].documents.reported["view"].painted_version == 7
    core.handle(DocumentArrived(name="view", document=View(version=8)))
    core.handle(Intended(intent=SilenceRing(hours=2)))
    assert store.load()[0].documents.reported["view"].received_version == 8


def fail(state: State, event: Event, now: Now) -> NoReturn:
    raise ZeroDivisionError


@pytest.mark.requirement("K2", "K3")
def test_a_rule_that_raises_does_not_stop_the_others(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """Help is sent and the window's beat is handled, whatever fails in the lamps; the desk is notified."""
    rules = [step.Rule(fail) if rule.step is signals.step else rule for rule in step.RULES]
    monkeypatch.setattr(step, "RULES", (step.Rule(fail), *rules))
    core.handle(WindowCame())
    core.handle(Ticked(with_beat=True))
    core.handle(PendantPressed(sender="FEF71234"))
    assert core.state.requests.help_is_open
    assert core.state.window.heard_s > 0
    assert [(fault.part, fault.reason) for fault in core.state.faults] == [
        ("rules", "PendantPressed: ZeroDivisionError")
    ]


@pytest.mark.requirement("K3")
def test_hands_and_rules_that_both_fail_stop_nothing(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing effect is reported although a rule fails with the report."""
    monkeypatch.setattr(step, "RULES", (step.Rule(fail), *step.RULES))
    core.attach(ClumsyHands())
    core.handle(PendantPressed(sender="FEF71234"))
    assert core.state.requests.help_is_open
    assert [fault.part for fault in core.state.faults] == ["rules"]
