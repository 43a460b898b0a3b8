"""Attacks by the socket that stands for a resident's finger in trials."""

from pathlib import Path

from device.settings import Settings

INSTALLED = Path(__file__).resolve().parents[2] / "systemd" / "etc" / "device.toml"


def test_pressing_buttons_of_an_installed_tablet() -> None:
    """What is installed has no such socket."""
    assert Settings.load(INSTALLED).sim_socket is None
