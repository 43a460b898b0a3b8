"""Ports, folders and the lock of the demo."""

import socket
from pathlib import Path

import pytest

from provisioning.demo.lock import AlreadyRunning, only_one
from provisioning.demo.place import LONGEST_SOCKET_FOLDER, Place
from provisioning.demo.ports import LOOPBACK, answers, chosen_ports, is_free


def test_ports_are_the_same_at_the_next_start(tmp_path: Path) -> None:
    """A bookmark of the desk stays good."""
    file = tmp_path / "ports.json"
    assert chosen_ports(file) == chosen_ports(file)


def test_port_that_another_program_has_taken_is_replaced(tmp_path: Path) -> None:
    """The demo starts all the same, on the other ports unchanged."""
    file = tmp_path / "ports.json"
    before = chosen_ports(file)
    with socket.create_server((LOOPBACK, before.pages)):
        assert answers(before.pages)
        assert not is_free(before.pages)
        after = chosen_ports(file)
    assert after.pages != before.pages
    assert after.broker_devices == before.broker_devices


def test_unreadable_memory_of_ports_is_no_obstacle(tmp_path: Path) -> None:
    """A truncated file is written again."""
    file = tmp_path / "ports.json"
    file.write_text("{", encoding="utf-8")
    assert len({*vars(chosen_ports(file)).values()}) == 4


def test_second_demo_in_a_folder_is_refused_because_of_the_first(tmp_path: Path) -> None:
    """By its process id; and the folder is free again afterwards."""
    with only_one(tmp_path), pytest.raises(AlreadyRunning, match=r"process \d+"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_sockets_fit_their_limit_in_a_deep_folder(tmp_path: Path) -> None:
    """A Unix socket's path may not be as long as a folder's."""
    deep = Place(tmp_path / ("d" * 100))
    deep.folder.mkdir()
    assert len(str(deep.sockets)) <= LONGEST_SOCKET_FOLDER
    assert deep.sockets == Place(deep.folder).sockets
    deep.sockets.rmdir()


def test_parts_do_not_inherit_another_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings never reach into the demo."""
    monkeypatch.setenv("KOTIRUUTU_DESK_DATABASE", "postgresql://real/desk")
    environment = Place(tmp_path).environment
    assert "KOTIRUUTU_DESK_DATABASE" not in environment
    assert environment["KOTIRUUTU_DESK_DATA"] == str(tmp_path / "desk")
