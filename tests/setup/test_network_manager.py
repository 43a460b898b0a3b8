"""The wizard's questions to NetworkManager, over a real D-Bus."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.rules.setup.state import Network, Trouble, WifiNetwork
from device.setup.network_manager import NetworkGone, NetworkManager
from tests.setup.network_manager_mock import PASSWORD, ROOT, NetworkManagerMock, network_manager

HOME = WifiNetwork(ssid="Korhonen", strength=80, security="password")
OPEN = WifiNetwork(ssid="Kahvila", strength=40, security="open")


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkManagerMock]:
    with network_manager(tmp_path_factory.mktemp("nm")) as mock:
        yield mock


@pytest.fixture(autouse=True)
def calm(mock: NetworkManagerMock) -> None:
    mock.joined, mock.has_cable, mock.connectivity, mock.fails_with = "", False, 4, None
    mock.saved.clear()


def ask(mock: NetworkManagerMock, question: Any) -> Any:
    async def asked() -> Any:
        manager = NetworkManager(mock.address)
        try:
            return await question(manager)
        finally:
            await manager.close()

    return asyncio.run(asked())


def look(mock: NetworkManagerMock) -> Network:
    async def question(manager: NetworkManager) -> Network:
        await manager.scan()
        return await manager.look()

    found: Network = ask(mock, question)
    return found


def test_each_network_is_listed_once_the_strongest_first(mock: NetworkManagerMock) -> None:
    """With the strongest access point; hidden ones are not listed."""
    network = look(mock)
    assert [each.ssid for each in network.seen] == ["Korhonen", "Kampus", "Kahvila"]
    assert [each.security for each in network.seen] == ["password", "user-name", "open"]
    assert network.connection == ""
    assert network.has_wifi


def test_a_cable_just_works(mock: NetworkManagerMock) -> None:
    """Nothing is asked of anybody; a portal behind it is noticed."""
    mock.has_cable, mock.connectivity = True, 2
    network = look(mock)
    assert network.connection == "cable"
    assert network.is_portal


def test_the_right_password_joins_and_is_kept(mock: NetworkManagerMock) -> None:
    """By NetworkManager, for the next start; an open network wants none."""
    assert ask(mock, lambda manager: manager.join(HOME, PASSWORD)).trouble == ""
    assert look(mock).name == "Korhonen"
    assert len(mock.saved) == 1
    assert ask(mock, lambda manager: manager.join(OPEN, "")).trouble == ""
    assert look(mock).connection == "wifi"


@pytest.mark.parametrize(
    ("reason", "trouble"),
    [(None, "wrong-password"), (17, "no-address"), (53, "not-found"), (1, "not-joined")],
)
def test_what_went_wrong_has_a_name_and_nothing_is_kept(
    mock: NetworkManagerMock, reason: int | None, trouble: Trouble
) -> None:
    """A wrong password must not be tried again for ever."""
    mock.fails_with = reason
    assert ask(mock, lambda manager: manager.join(HOME, "wrong password")).trouble == trouble
    assert mock.saved == []


@pytest.mark.requirement("K17")
def test_wireless_networks_are_forgotten_and_the_cable_stays(mock: NetworkManagerMock) -> None:
    """Their passwords belong to a home; nothing of a home is in a cable."""
    mock.saved += [f"{ROOT}/Settings/1", f"{ROOT}/Settings/2"]
    assert ask(mock, lambda manager: manager.forget_wifi()) == 2
    assert mock.saved == []
    assert ask(mock, lambda manager: manager.forget_wifi()) == 0


def test_without_a_bus_it_says_so(tmp_path: Path) -> None:
    """A tablet without NetworkManager can still be set up by cable."""

    async def question() -> None:
        await NetworkManager(f"unix:path={tmp_path}/none").look()

    with pytest.raises(NetworkGone):
        asyncio.run(question())
