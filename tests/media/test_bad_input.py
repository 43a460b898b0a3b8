"""Invalid offers: a clear error for the core, and no process left."""

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.contract.ice import IceServer
from device.media import call as call_module
from device.media.call import Call
from device.media.camera import MovingBars
from device.media.messages import USUAL_LOUDNESS, FromMedia, Gone, Prepare, Ready, Unusable
from device.media.offer import UnusableOffer, read
from device.media.sound import SimulatedSound
from tests.examples import examples
from tests.link.waiting import eventually
from tests.media.core_end import CoreCall, MediaServer
from tests.media.loops import run


async def _offered(kinds: tuple[str, ...]) -> str:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in kinds:
        connection.addTransceiver(kind)
    await connection.setLocalDescription(await connection.createOffer())
    text = connection.localDescription.sdp
    await connection.close()
    return text


@pytest.fixture(scope="module")
def offer() -> str:
    """Return a valid offer of a peer that never answers."""
    return run(_offered(("audio", "video")))


def without(text: str, start: str) -> str:
    return "\r\n".join(line for line in text.splitlines() if not line.startswith(start)) + "\r\n"


def test_a_good_offer_says_what_it_has(offer: str) -> None:
    """Its candidates are removed: host names in them are resolved later."""
    found = read(offer)
    assert (found.takes_picture, found.sends_picture) == (True, True)
    assert found.candidates
    assert "a=candidate" not in found.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "nonsense", "the offer has nothing"),
        (lambda text: text.replace("m=audio", "m=audio x y"), "cannot be read"),
        (lambda text: text + "a=candidate:1 1 udp\r\n", "cannot be read"),
        (lambda text: "\0" * 64_000, "the offer has nothing"),
        (lambda text: text + "a=x\r\n" * 13_000, "characters, more than 64000"),
        (lambda text: text[text.index("m=video") :], "the offer has video, not one sound"),
        (lambda text: text + text[text.index("m=audio") :] * 3, "not one sound and a picture"),
        (lambda text: text.replace("opus", "speex"), "no opus for its audio"),
        (lambda text: text.replace("VP8", "VP7"), "no vp8 for its video"),
        (lambda text: text.replace("sendrecv", "recvonly"), "does not go both ways"),
        (lambda text: without(text, "a=ice-pwd"), "no ICE credentials"),
        (lambda text: without(text, "a=fingerprint"), "no fingerprint"),
        (lambda text: without(text, "a=rtcp-mux"), "port of its own for RTCP"),
        (lambda text: without(text, "a=group"), "more than one connection"),
        (lambda text: text.replace("a=group:BUNDLE", "a=group:BUNDLE other"), "does not describe"),
    ],
)
def test_what_is_wrong_with_an_offer_is_said(offer: str, change: object, words: str) -> None:
    """The error is a sentence for the log and the desk, not a traceback."""
    assert callable(change)
    with pytest.raises(UnusableOffer, match=words):
        read(change(offer))


@settings(max_examples=examples(500), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_offer_in_any_disorder_is_read_or_refused(offer: str, data: st.DataObject) -> None:
    """Missing, repeated, truncated or replaced lines raise only ``UnusableOffer``."""
    lines = offer.splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        cut = data.draw(st.integers(0, len(line)))
        other = data.draw(st.sampled_from(lines))
        junk = data.draw(st.text(max_size=20))
        lines[at : at + 1] = data.draw(
            st.sampled_from([[], [line, line], [other, line], [line[:cut]], [line[:cut] + junk + line[cut:]]])
        )
        lines = lines or [""]
    with contextlib.suppress(UnusableOffer):
        read("\r\n".join(lines))


@pytest.mark.parametrize("text", ["v=0", "nonsense" * 1000])
def test_an_unusable_offer_is_reported_to_the_core(server: MediaServer, call: CoreCall, text: str) -> None:
    """The core receives the reason, and the call's process has ended."""
    call.start(Prepare(call_id="c", offer=text))
    assert "the offer has nothing" in call.wait_for(Unusable).reason
    eventually(lambda: not server.calls and not server.leftovers, "nothing is left")


def test_an_offer_of_a_megabyte_is_not_read(server: MediaServer, call: CoreCall) -> None:
    """Its length alone is enough to refuse it."""
    call.start(Prepare(call_id="c", offer="a=x\r\n" * 200_000))
    assert "is more than" in call.wait_for(Unusable).reason
    eventually(lambda: not server.calls, "nothing is left")


@pytest.mark.parametrize(
    "octets", [b"\0\0\0\x02{}", b"\xff\xff\xff\xff", b"\0\0\0\x05hello", b"GET / HTTP/1.1\r\n"]
)
def test_who_speaks_otherwise_is_answered_and_left(server: MediaServer, octets: bytes) -> None:
    """The server continues with the next client."""
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.settimeout(10)
        stranger.connect(str(server.socket))
        stranger.sendall(octets)
        assert b'"unusable"' in stranger.recv(4096)
        assert stranger.recv(4096) == b""
    eventually(lambda: not server.calls, "nothing is left")


@pytest.mark.parametrize("url", ["stun:192.0.2.250:3478", "turn:192.0.2.250:3478?transport=udp"])
def test_a_dead_server_does_not_hold_up_the_answer(call: CoreCall, offer: str, url: str) -> None:
    """Without a timeout it takes five seconds."""
    servers = [IceServer(urls=[url], username="u", credential="c")]
    call.start(Prepare(call_id="c", offer=offer, ice_servers=servers))
    began = call.wait_for(Ready)
    assert "a=candidate" in began.answer
    assert call.time_of(Ready) - call.started_at < 4


def test_a_server_with_a_strange_address_is_a_clear_fault(call: CoreCall, offer: str) -> None:
    """The error names the desk's configuration, not the caller."""
    call.start(Prepare(call_id="c", offer=offer, ice_servers=[IceServer(urls=["http://stun"])]))
    assert "malformed uri" in call.wait_for(Unusable).reason


def test_a_browser_that_never_sends_anything_is_given_up(
    tmp_path: Path, offer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a timeout in the call process's loop, shortened here."""
    assert call_module.CONNECT_PATIENCE_S == 15.0
    monkeypatch.setattr(call_module, "CONNECT_PATIENCE_S", 0.5)

    async def story() -> list[FromMedia]:
        messages: list[FromMedia] = []
        call = Call(SimulatedSound(), MovingBars(), tmp_path / "frames", messages.append)
        await call.prepare(Prepare(call_id="c", offer=offer))
        await call.begin(USUAL_LOUDNESS)
        while not any(isinstance(message, Gone) for message in messages):
            await asyncio.sleep(0.05)
        await call.close()
        return messages

    messages = run(story())
    assert [type(message) for message in messages] == [Ready, Gone]
    assert not [*tmp_path.iterdir()]
