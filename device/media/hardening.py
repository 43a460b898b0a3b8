"""Patches of aiortc's and aioice's internals that calls over a bad line need.

None of this is a public interface: the versions are pinned, and ``tests/media/test_hardening.py`` fails where
one of them has changed.
"""

import functools
from collections.abc import Callable
from typing import Any

import aioice.ice
from aiortc import RTCRtpReceiver, RTCRtpSender
from aiortc.rtcicetransport import RTCIceGatherer

from device.media.encoder import LineEncoder

# A browser that died is detected after three to four seconds instead of half a minute (RFC 7675).
_CONSENT_INTERVAL_S = 1
_CONSENT_FAILURES = 3
# A STUN or TURN server that does not answer would delay the answer by five seconds.
_GATHERING_S = 1.5
# The estimate would start with what the browser happened to send first, and grow by 8 % a second.
_FIRST_ESTIMATE = 800_000

Take = Callable[[Any], bool]


class Intake:
    """Replaces a receiver's jitter buffer: every packet goes to ``take`` at once and no further.

    ``take`` gets aiortc's ``RtpPacket`` and returns whether to request a key frame.
    """

    def __init__(self, take: Take) -> None:
        self._take = take

    def add(self, packet: Any) -> tuple[bool, None]:
        """Return, like ``aiortc.jitterbuffer.JitterBuffer.add``, whether to send PLI, and never a frame."""
        return self._take(packet), None


def notice_a_dead_end_soon() -> None:
    """Shorten the timeouts of consent checks for all connections of this process."""
    aioice.ice.CONSENT_INTERVAL = _CONSENT_INTERVAL_S
    aioice.ice.CONSENT_FAILURES = _CONSENT_FAILURES


def take_packets(receiver: RTCRtpReceiver, take: Take) -> None:
    """Pass the receiver's packets to ``take`` instead of its jitter buffer and decoder."""
    receiver._RTCRtpReceiver__jitter_buffer = Intake(take)  # type: ignore[attr-defined]  # noqa: SLF001


def begin_estimate(receiver: RTCRtpReceiver, now_ms: int) -> None:
    """Start the bandwidth estimate with that of a fair line."""
    estimator = receiver._RTCRtpReceiver__remote_bitrate_estimator  # type: ignore[attr-defined]  # noqa: SLF001
    estimator.rate_control.set_estimate(_FIRST_ESTIMATE, now_ms)


def encode_with(sender: RTCRtpSender, encoder: LineEncoder) -> None:
    """Replace aiortc's encoder, which restarts with a key frame at each tenth of the bitrate."""
    sender._RTCRtpSender__encoder = encoder  # type: ignore[attr-defined]  # noqa: SLF001


async def ask_again(receiver: RTCRtpReceiver, ssrc: int, missing: list[int]) -> None:
    """Request packets again: aiortc does it only once, and the request or its answer may be lost."""
    await receiver._send_rtcp_nack(ssrc, missing)  # noqa: SLF001


def say_level(sender: RTCRtpSender, level_dbov: Callable[[], int]) -> None:
    """Set the audio level in each packet (RFC 6464): aiortc only knows that of its own encoder."""
    next_frame = sender._next_encoded_frame  # noqa: SLF001

    async def next_with_level(codec: Any) -> Any:
        frame = await next_frame(codec)
        if frame is not None:
            frame.audio_level = level_dbov()
        return frame

    sender._next_encoded_frame = next_with_level  # type: ignore[method-assign]  # noqa: SLF001


def await_handshake(receiver: RTCRtpReceiver) -> None:
    """Let the other end begin the DTLS handshake: an answer's would come before an SFU is ready for it.

    What it drops is sent again after a second (RFC 6347, 4.2.4.1).
    """
    receiver.transport._set_role("server")  # noqa: SLF001


async def gather(gatherer: RTCIceGatherer) -> None:
    """Gather all our candidates, whether or not each server answers."""
    connection = gatherer._connection  # noqa: SLF001
    connection.get_component_candidates = functools.partial(  # type: ignore[method-assign]
        connection.get_component_candidates,
        timeout=_GATHERING_S,  # type: ignore[arg-type]
    )
    await gatherer.gather()
