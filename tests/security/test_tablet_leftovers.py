"""A tablet that leaves a home: who reads its files finds nobody who lived there (V16, V17)."""

from pathlib import Path

import pytest

from device.contract.documents import Contact, People, Policy, Resident, View
from device.core import Core
from device.rules.events import DocumentArrived, Intended
from device.store.database import Store
from device.window_protocol.intents import SilenceRing
from hal.simulated import SimulatedClock

pytestmark = [pytest.mark.requirement("V16"), pytest.mark.requirement("V17")]

NAME = "Qwertyna"


def files_with_the_name(folder: Path) -> list[str]:
    """As a power cut would leave them."""
    return [each.name for each in folder.iterdir() if NAME.encode() in each.read_bytes()]


def test_the_name_of_whoever_lived_there_is_in_no_file_of_a_tablet_in_stock(tmp_path: Path) -> None:
    """Written a hundred times over in database and log; gone with the documents that no longer have it."""
    store = Store(tmp_path / "device.sqlite3")
    core = Core(store=store, clock=SimulatedClock(), boot_id="1")
    contact = Contact(id="c", first_name=NAME, last_name="Relative")
    for version in range(1, 60):
        people = People(
            version=version, resident=Resident(first_name=NAME), contacts=[contact] * (version % 7)
        )
        core.handle(DocumentArrived(name="people", document=people))
        core.handle(DocumentArrived(name="view", document=View(version=version)))
        core.write_down()
        core.handle(Intended(intent=SilenceRing(hours=2)))
    assert files_with_the_name(tmp_path)
    core.handle(DocumentArrived(name="people", document=People(version=99)))
    core.handle(DocumentArrived(name="policy", document=Policy(version=99, use="in-stock")))
    core.write_down()
    assert files_with_the_name(tmp_path) == []
    assert store.load()[0].documents.people == People(version=99)
    store.close()
