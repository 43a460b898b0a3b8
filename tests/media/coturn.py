"""A relay for connections that find no other way."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cloud.base.ice import ice_servers
from device.contract.ice import IceServer
from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.ports import LOOPBACK, a_free_port, answers

SECRET = "only-for-tests"
Servers = Callable[[datetime], list[IceServer]]


@pytest.fixture
def relay(tmp_path: Path, settings: Any) -> Iterator[Servers]:
    """Debian's coturn with the desk's secret; what the desk gives an end of a call at some moment."""
    port, log = a_free_port(), tmp_path / "coturn.log"
    settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET = [], [f"turn:{LOOPBACK}:{port}"], SECRET
    command = ["turnserver", "-n", f"--listening-ip={LOOPBACK}", f"--relay-ip={LOOPBACK}"]
    command += [f"--listening-port={port}", "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli"]
    command += ["--realm=kotiruutu", "--use-auth-secret", f"--static-auth-secret={SECRET}"]
    command += [f"--pidfile={tmp_path / 'pid'}", "--log-file=stdout", "--simple-log"]
    server = ManagedProcess("coturn", command, log=log, restarts=False)
    server.start()
    server.wait_until(lambda: answers(port))
    yield lambda at: ice_servers("leena", at)
    server.stop()
