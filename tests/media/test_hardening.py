"""The internals of aiortc and aioice that are patched are unchanged.

A new version of either fails here first, and not in a call.
"""

import inspect
from importlib.metadata import version

import aioice.ice
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCRtpSender, rtcrtpreceiver
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rate import AimdRateControl, RemoteBitrateEstimator

from device.media import hardening
from device.media.encoder import LineEncoder
from tests.media.loops import run


def test_the_versions_are_those_that_were_looked_into() -> None:
    """Review a new version first: rtcrtpreceiver.py, rtcrtpsender.py, rate.py, aioice/ice.py."""
    assert version("aiortc").startswith("1.16.")
    assert version("aioice").startswith("0.13.")


def connection_with(kind: str) -> tuple[RTCPeerConnection, RTCRtpReceiver, RTCRtpSender]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = connection.addTransceiver(kind)
    return connection, transceiver.receiver, transceiver.sender


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_packets_go_where_we_want_them(kind: str) -> None:
    """The attribute belongs to the receiver and is called with a packet for two results."""

    async def story() -> None:
        connection, receiver, _ = connection_with(kind)
        before = receiver._RTCRtpReceiver__jitter_buffer  # type: ignore[attr-defined]
        assert isinstance(before, JitterBuffer)
        assert list(inspect.signature(before.add).parameters) == ["packet"]
        hardening.take_packets(receiver, lambda packet: packet == "the packet")
        after = receiver._RTCRtpReceiver__jitter_buffer  # type: ignore[attr-defined]
        assert after.add("the packet") == (True, None)
        assert after.add("another") == (False, None)
        await connection.close()

    run(story())
    source = inspect.getsource(RTCRtpReceiver._handle_rtp_packet)
    assert "pli_flag, encoded_frame = self.__jitter_buffer.add(packet)" in source
    assert source.index("packet._data") < source.index("self.__jitter_buffer.add")


def test_the_estimate_begins_where_we_say() -> None:
    """It is sent to the browser from the first packets on."""

    async def story() -> None:
        connection, receiver, _ = connection_with("video")
        estimator = receiver._RTCRtpReceiver__remote_bitrate_estimator  # type: ignore[attr-defined]
        assert isinstance(estimator, RemoteBitrateEstimator)
        assert isinstance(estimator.rate_control, AimdRateControl)
        hardening.begin_estimate(receiver, 1000)
        estimates = [
            estimator.add(abs_send_time=at << 10, arrival_time_ms=1000 + at, payload_size=1000, ssrc=1)
            for at in range(0, 1000, 10)
        ]
        first = next(each for each in estimates if each)
        assert 700_000 < first[0] < 900_000
        await connection.close()

    run(story())


def test_our_encoder_is_used() -> None:
    """The sender uses an existing encoder, and packetises its data as RFC 7741 specifies."""

    async def story() -> None:
        connection, _, sender = connection_with("video")
        encoder = LineEncoder(500_000)
        before = sender._RTCRtpSender__encoder  # type: ignore[attr-defined]
        hardening.encode_with(sender, encoder)
        after = sender._RTCRtpSender__encoder  # type: ignore[attr-defined]
        assert (before, after) == (None, encoder)
        await connection.close()

    run(story())
    source = inspect.getsource(RTCRtpSender)
    assert "if self.__encoder is None:" in source
    assert "self.__encoder.target_bitrate = bitrate" in source
    assert [len(part) for part in Vp8Encoder._packetize(bytes(2000), 5)] == [1300, 708]


def test_a_dead_end_is_noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both numbers are read at each check."""
    for name in ("CONSENT_INTERVAL", "CONSENT_FAILURES"):
        monkeypatch.setattr(aioice.ice, name, getattr(aioice.ice, name))
    hardening.notice_a_dead_end_soon()
    assert aioice.ice.CONSENT_INTERVAL * aioice.ice.CONSENT_FAILURES <= 3
    source = inspect.getsource(aioice.ice.Connection.query_consent)
    assert "CONSENT_INTERVAL" in source
    assert "CONSENT_FAILURES" in source


def test_gathering_can_be_cut_short_and_a_packet_asked_for_again() -> None:
    """They have these names and arguments."""
    gather = inspect.signature(aioice.ice.Connection.get_component_candidates).parameters
    assert list(gather) == ["self", "component", "addresses", "timeout"]
    assert "self.get_component_candidates(component=component, addresses=addresses)" in inspect.getsource(
        aioice.ice.Connection.gather_candidates
    )
    ask = inspect.signature(rtcrtpreceiver.RTCRtpReceiver._send_rtcp_nack).parameters
    assert list(ask) == ["self", "media_ssrc", "lost"]
