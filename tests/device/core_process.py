"""The real core process of a tablet whose desk is not there, and its simulated hardware by the socket."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from device.contract.documents import Policy, View
from device.rules.state import Documents
from device.store.database import Store
from tests.link.waiting import eventually

REPOSITORY = Path(__file__).resolve().parents[2]


class CoreProcess:
    """``folder`` has a short name: it holds Unix sockets."""

    def __init__(
        self,
        folder: Path,
        view: View,
        board: str = "",
        *,
        policy: Policy | None = None,
        clock: str = "trusted",
    ) -> None:
        self.folder = folder
        self.screen_socket = folder / "screen.sock"
        identity = folder / "identity"
        identity.mkdir()
        link = {
            "device": "d",
            "desk_url": "https://localhost:9",
            "broker_host": "localhost",
            "broker_port": 9,
        }
        (identity / "link.json").write_text(json.dumps(link))
        self.pid = 0
        self._settings = folder / "device.toml"
        lines = ["identity_dir", "data_dir", "screen_socket", "sim_socket", "media_socket"]
        paths = ["identity", "data", "screen.sock", "sim.sock", "media.sock"]
        text = "".join(f'{name} = "{path}"\n' for name, path in zip(lines, paths, strict=True))
        if board:
            (folder / "board.toml").write_text(board)
            text += 'board = "board.toml"\n'
        self._settings.write_text(text + f'clock = "{clock}"\n')
        store = Store(folder / "data" / "device.sqlite3")
        with store.transaction():
            store.keep("documents", Documents(view=view, policy=policy))
        store.close()

    @contextmanager
    def running(self, environment: Mapping[str, str] | None = None) -> Iterator[None]:
        """Started, answering; killed at the end."""
        process = subprocess.Popen(
            [sys.executable, "-m", "device", "--settings", str(self._settings)],
            cwd=REPOSITORY,
            env={**os.environ, **(environment or {})},
            stderr=subprocess.DEVNULL,
        )
        self.pid = process.pid
        try:
            eventually(lambda: self._accepts_viewers() and self.sim(health=True), "the core answers")
            yield
        finally:
            process.kill()
            process.wait()

    def _accepts_viewers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as viewer:
            return viewer.connect_ex(str(self.screen_socket)) == 0

    def sim(self, **line: Any) -> dict[str, Any]:
        """What the simulated hardware answers; empty while it is not there."""
        try:
            return ask_hardware(self.folder / "sim.sock", **line)
        except OSError:
            return {}

    def history(self, part: str) -> list[list[Any]]:
        """What the part was asked to do, oldest first."""
        history: list[list[Any]] = self.sim(history=part)["history"]
        return history


def ask_hardware(control: Path, **line: Any) -> dict[str, Any]:
    """One line to the simulated hardware, and its answer. Raises ``OSError`` while it is not there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(control))
        connection.sendall(json.dumps(line).encode() + b"\n")
        with connection.makefile() as stream:
            answer: dict[str, Any] = json.loads(stream.readline())
            return answer
