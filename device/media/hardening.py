"""aiortc's and aioice's inner parts that a call over a bad line needs to be otherwise.

Nothing here is their public interface: their versions are pinned, and ``tests/media/test_hardening.py`` fails
where one of them has changed.
"""

import functools
from collections.abc import Callable
from typing import Any

import aioice.ice
from aiortc import RTCRtpReceiver, RTCRtpSender
from aiortc.rtcicetransport import RTCIceGatherer

from device.media.encoder import LineEncoder

# A browser that has died is noticed after three to four seconds instead of half a minute (RFC 7675).
_CONSENT_INTERVAL_S = 1
_CONSENT_FAILURES = 3
# A STUN or TURN server that does not answer would hold up the answer by five seconds.
_GATHERING_S = 1.5
# The estimate would begin with what the browser happened to send first, and grow by 8 % a second.
_FIRST_ESTIMATE = 800_000

Take = Callable[[Any], bool]


class Intake:
    """Stands in place of a receiver's jitter buffer: every packet goes to ``take`` at once and no further.

    ``take`` gets aiortc's ``RtpPacket`` and returns whether a key picture is to be asked for.
    """

    def __init__(self, take: Take) -> None:
        self._take = take

    def add(self, packet: Any) -> tuple[bool, None]:
        """As ``aiortc.jitterbuffer.JitterBuffer.add``: whether to send PLI, and never a frame to decode."""
        return self._take(packet), None


def notice_a_dead_end_soon() -> None:
    """For all connections of this process."""
    aioice.ice.CONSENT_INTERVAL = _CONSENT_INTERVAL_S
    aioice.ice.CONSENT_FAILURES = _CONSENT_FAILURES


def take_packets(receiver: RTCRtpReceiver, take: Take) -> None:
    """Packets of this receiver are put in order and decoded elsewhere."""
    receiver._RTCRtpReceiver__jitter_buffer = Intake(take)  # type: ignore[attr-defined]  # noqa: SLF001


def begin_estimate(receiver: RTCRtpReceiver, now_ms: int) -> None:
    """The line counts as a fair one until it proves otherwise."""
    estimator = receiver._RTCRtpReceiver__remote_bitrate_estimator  # type: ignore[attr-defined]  # noqa: SLF001
    estimator.rate_control.set_estimate(_FIRST_ESTIMATE, now_ms)


def encode_with(sender: RTCRtpSender, encoder: LineEncoder) -> None:
    """Instead of aiortc's own encoder, which begins anew with a key picture at each tenth of the bitrate."""
    sender._RTCRtpSender__encoder = encoder  # type: ignore[attr-defined]  # noqa: SLF001


async def ask_again(receiver: RTCRtpReceiver, ssrc: int, missing: list[int]) -> None:
    """What aiortc itself does only once; the question or its answer may have been lost as well."""
    await receiver._send_rtcp_nack(ssrc, missing)  # noqa: SLF001


def say_level(sender: RTCRtpSender, level_dbov: Callable[[], int]) -> None:
    """Each packet of sound says how loud it is (RFC 6464): aiortc knows that only of its own encoder."""
    next_frame = sender._next_encoded_frame  # noqa: SLF001

    async def next_with_level(codec: Any) -> Any:
        frame = await next_frame(codec)
        if frame is not None:
            frame.audio_level = level_dbov()
        return frame

    sender._next_encoded_frame = next_with_level  # type: ignore[method-assign]  # noqa: SLF001


async def gather(gatherer: RTCIceGatherer) -> None:
    """All candidates of ours, whether or not each server answers."""
    connection = gatherer._connection  # noqa: SLF001
    connection.get_component_candidates = functools.partial(  # type: ignore[method-assign]
        connection.get_component_candidates,
        timeout=_GATHERING_S,  # type: ignore[arg-type]
    )
    await gatherer.gather()
