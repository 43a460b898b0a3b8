"""A service manager that listens, and a tablet's folder."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.systemd.listener import Listener


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose name leaves room for a socket's (unix(7))."""
    with tempfile.TemporaryDirectory(prefix="kr-") as folder:
        yield Path(folder)


@pytest.fixture
def listener(short_path: Path) -> Iterator[Listener]:
    """Listen to the services' notifications."""
    listener = Listener(short_path / "notify")
    yield listener
    listener.close()


@pytest.fixture
def settings(short_path: Path) -> Path:
    """Of a tablet that is enrolled at a desk which is not there."""
    identity = short_path / "identity"
    identity.mkdir()
    link = {"device": "d", "desk_url": "https://localhost:9", "broker_host": "localhost", "broker_port": 9}
    (identity / "link.json").write_text(json.dumps(link))
    file = short_path / "device.toml"
    file.write_text(
        'identity_dir = "identity"\ndata_dir = "data"\n'
        'screen_socket = "screen.sock"\nsim_socket = "sim.sock"\nmedia_socket = "media.sock"\n'
    )
    return file
