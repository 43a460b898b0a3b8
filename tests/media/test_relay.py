"""Calls through a real coturn, where two ends have no direct connection."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from cloud.calls.ice import LIFETIME, ice_servers
from device.contract.commands import IceServer
from provisioning.demo.part import Part
from provisioning.demo.ports import LOOPBACK, a_free_port, answers
from tests.link.waiting import eventually
from tests.media.caller import Caller
from tests.media.core_end import CoreCall
from tests.media.test_calls import sees, take

SECRET = "only-for-tests"
Servers = Callable[[datetime], list[IceServer]]


@pytest.fixture
def relay(tmp_path: Path, settings: Any) -> Iterator[Servers]:
    """Start Debian's coturn with the desk's secret; return the servers as the desk gives them to a call."""
    port, log = a_free_port(), tmp_path / "coturn.log"
    settings.STUN_URLS, settings.TURN_URLS, settings.TURN_SECRET = [], [f"turn:{LOOPBACK}:{port}"], SECRET
    command = ["turnserver", "-n", f"--listening-ip={LOOPBACK}", f"--relay-ip={LOOPBACK}"]
    command += [f"--listening-port={port}", "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli"]
    command += ["--realm=kotiruutu", "--use-auth-secret", f"--static-auth-secret={SECRET}"]
    command += [f"--pidfile={tmp_path / 'pid'}", "--log-file=stdout", "--simple-log"]
    server = Part("coturn", command, log=log, restarts=False)
    server.start()
    server.wait_until(lambda: answers(port))
    yield lambda at: ice_servers("leena", at)
    server.stop()


def in_the_browser(servers: list[IceServer]) -> list[dict[str, Any]]:
    return [to_builtins(server) for server in servers]


def test_a_call_goes_through_the_relay(call: CoreCall, caller: Caller, relay: Servers) -> None:
    """A browser limited to relays sees the room with the desk's credentials."""
    servers = relay(datetime.now(UTC))
    offer = caller.offer(hz=700, iceServers=in_the_browser(servers), iceTransportPolicy="relay")
    assert "typ relay" in offer
    assert "typ host" not in offer
    ready = call.prepare(offer, ice_servers=servers)
    assert "typ relay" in ready.answer
    take(call, caller, ready.answer)
    eventually(lambda: sees(caller, 2, (0, 255, 255)), "cyan at the caller")
    assert caller.page.evaluate("ways()")[0] == "relay"


def test_a_relay_that_cannot_be_reached_gives_way_to_the_next(
    call: CoreCall, caller: Caller, relay: Servers, settings: Any
) -> None:
    """Where UDP is blocked, the call uses TCP: all configured servers are tried in order."""
    (by_udp,) = settings.TURN_URLS
    settings.TURN_URLS = [f"{by_udp}?transport=tcp", f"turn:{LOOPBACK}:{a_free_port()}"]
    servers = relay(datetime.now(UTC))
    ready = call.prepare(caller.offer(hz=700), ice_servers=servers)
    assert "typ relay" in ready.answer
    take(call, caller, ready.answer)


def test_old_credentials_open_no_relay(call: CoreCall, caller: Caller, relay: Servers) -> None:
    """Expired credentials are refused; a call that needs no relay still works."""
    servers = relay(datetime.now(UTC) - LIFETIME - timedelta(minutes=1))
    ready = call.prepare(caller.offer(hz=700, iceServers=in_the_browser(servers)), ice_servers=servers)
    assert "typ relay" not in ready.answer
    take(call, caller, ready.answer)
