"""Calls through a real coturn, where two ends have no direct connection."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import to_builtins

from cloud.base.ice import LIFETIME
from device.contract.ice import IceServer
from provisioning.demo.ports import LOOPBACK, a_free_port
from tests.link.waiting import eventually
from tests.media.caller import Caller
from tests.media.core_end import CoreCall
from tests.media.coturn import Servers
from tests.media.test_calls import sees, take


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
