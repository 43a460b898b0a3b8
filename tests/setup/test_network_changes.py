"""The core changes the network for an installer, over a real D-Bus (K7)."""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.network import NetworkChanges
from device.rules.effects import ChangeNetwork
from device.rules.events import Event
from device.rules.now import Now
from device.rules.setup.effects import JoinNetwork, LookForNetworks
from device.rules.setup.events import JoinEnded, NetworkSeen
from device.rules.setup.state import WifiNetwork
from device.rules.state import State
from tests.setup.network_manager_mock import PASSWORD, NetworkManagerMock, network_manager

HOME = WifiNetwork(ssid="Korhonen", strength=80, security="password")
NOW = Now(wall=datetime.now(UTC), monotonic_s=0.0, trusted=True, id="now")


@pytest.fixture
def mock(monkeypatch: pytest.MonkeyPatch) -> Iterator[NetworkManagerMock]:
    with tempfile.TemporaryDirectory(prefix="kr-") as folder, network_manager(Path(folder)) as mock:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", mock.address)
        yield mock


def events_of(*effects: LookForNetworks | JoinNetwork, most: int) -> list[Event]:
    """What the rules hear of these requests, made at once."""

    async def ask() -> list[Event]:
        heard: list[Event] = []
        is_all = asyncio.Event()

        def handle(event: Event) -> None:
            heard.append(event)
            if len(heard) == most:
                is_all.set()

        changes = NetworkChanges(handle)
        perform = changes.performs()[ChangeNetwork]
        for effect in effects:
            perform(ChangeNetwork(effect=effect), State(), NOW)
        await asyncio.wait_for(is_all.wait(), 20)
        changes.stop()
        return heard

    return asyncio.run(ask())


@pytest.mark.requirement("K7")
def test_one_request_follows_the_other(mock: NetworkManagerMock) -> None:
    """The list of networks, then a wrong password, then the right one, which is kept."""
    wrong, right = (JoinNetwork(network=HOME, password=each) for each in ("wrong one", PASSWORD))
    seen, refused, joined = events_of(LookForNetworks(), wrong, right, most=3)
    assert isinstance(seen, NetworkSeen)
    assert seen.network.seen[0].ssid == "Korhonen"
    assert refused == JoinEnded(trouble="wrong-password")
    assert joined == JoinEnded()
    assert len(mock.saved) == 1


def test_without_networkmanager_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tablet on a cable may have none; nothing else stops."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    seen, failed = events_of(LookForNetworks(), most=2)
    assert isinstance(seen, NetworkSeen)
    assert isinstance(failed, JoinEnded)
    assert failed.trouble == "not-joined"
