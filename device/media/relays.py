"""Selects a TURN server for a call: the first that answers, in the order UDP, TCP, TLS.

aiortc takes one STUN and one TURN server and would use the first, whether or not it can be reached.
"""

import asyncio
import contextlib
import logging
from typing import NamedTuple

from aioice.turn import create_turn_endpoint
from aiortc import RTCIceServer
from aiortc.rtcicetransport import parse_stun_turn_uri

from device.contract.ice import IceServer

_log = logging.getLogger(__name__)

# Three round trips over a slow line; a slower server is of no use to a call.
ANSWER_S = 1.5


class _Relay(NamedTuple):
    url: str
    username: str
    credential: str
    rank: int


async def usable(servers: list[IceServer]) -> list[RTCIceServer]:
    """Return the servers for one connection: all STUN servers, and at most one TURN server that answers.

    Raises ``ValueError`` for an invalid address.
    """
    stun = [url for server in servers for url in server.urls if not url.startswith("turn")]
    found = [RTCIceServer(stun)] if stun else []
    relays = sorted(_relays(servers), key=lambda relay: relay.rank)
    relay = relays[0] if len(relays) == 1 else await _first_that_answers(relays)
    if relay:
        found.append(RTCIceServer([relay.url], relay.username, relay.credential))
    return found


def _relays(servers: list[IceServer]) -> list[_Relay]:
    relays = []
    for server in servers:
        for url in server.urls:
            if not url.startswith("turn"):
                continue
            parsed = parse_stun_turn_uri(url)
            rank = 2 if parsed["scheme"] == "turns" else int(parsed["transport"] == "tcp")
            relays.append(_Relay(url, server.username, server.credential, rank))
    return relays


async def _first_that_answers(relays: list[_Relay]) -> _Relay | None:
    """Return the first server that answers: all are tried at once, but earlier ones have priority."""
    asked = [asyncio.ensure_future(_answers(relay)) for relay in relays]
    try:
        for relay, answer in zip(relays, asked, strict=True):
            if await answer:
                return relay
        return relays[0] if relays else None
    finally:
        for answer in asked:
            answer.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


async def _answers(relay: _Relay) -> bool:
    parsed = parse_stun_turn_uri(relay.url)
    try:
        async with asyncio.timeout(ANSWER_S):
            transport, _ = await create_turn_endpoint(
                asyncio.DatagramProtocol,
                server_addr=(parsed["host"], parsed["port"]),
                username=relay.username,
                password=relay.credential,
                ssl=parsed["scheme"] == "turns",
                transport=parsed["transport"],
            )
    except Exception as error:  # noqa: BLE001 - another server may work
        _log.info("%s does not answer: %s", relay.url, str(error) or type(error).__name__)
        return False
    with contextlib.suppress(Exception):
        transport.close()
    return True
