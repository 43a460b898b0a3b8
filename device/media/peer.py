"""One connection with a browser: first its answer, then, after ``begin``, audio and video both ways."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiortc import (
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.rtcrtpparameters import RTCRtpCodecCapability
from aiortc.stats import RTCInboundRtpStreamStats, RTCRemoteInboundRtpStreamStats

from device.media import hardening
from device.media.caller_picture import CallerPicture
from device.media.offer import Offer
from device.media.picture import RoomPicture
from device.media.room_voice import RoomVoice
from device.media.voice import IncomingVoice

_CODECS = {"audio": ("opus",), "video": ("VP8", "rtx")}
_CLOSING_S = 2.0


class Peer:
    """A peer connection; for use on the loop."""

    def __init__(self, servers: list[RTCIceServer], gone: Callable[[str], None]) -> None:
        """Create the connection. ``gone`` is called once, when it has ended or could not be established."""
        # Always set: aiortc's default is a public STUN server.
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._connection.on("connectionstatechange", self._state_changed)
        self._gone = gone
        self._answer: RTCSessionDescription | None = None
        self._sound: RTCRtpTransceiver | None = None
        self._picture: RTCRtpTransceiver | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.heard_at_s: float | None = None

    async def answer(self, offer: Offer, voice: IncomingVoice, *, has_camera: bool) -> str:
        """Return the complete description with all candidates; nothing is sent or decoded yet.

        Raises what aiortc raises for an offer that it cannot handle.
        """
        self._sound = self._transceiver("audio", "sendrecv")
        hardening.take_packets(self._sound.receiver, lambda packet: self._heard(packet, voice))
        if offer.takes_picture or offer.sends_picture:
            self._picture = self._transceiver("video", "sendrecv" if has_camera else "recvonly")
        await self._connection.setRemoteDescription(RTCSessionDescription(offer.text, "offer"))
        for candidate in offer.candidates:
            self._in_background(self._connection.addIceCandidate(candidate))
        await hardening.gather(self._sound.receiver.transport.transport.iceGatherer)
        # Not setLocalDescription: with it aiortc would start connecting, and time out after half a minute,
        # while it still rings.
        self._answer = await self._connection.createAnswer()
        return self._answer.sdp

    async def begin(
        self, voice: RoomVoice, picture: RoomPicture | None, caller: CallerPicture | None
    ) -> None:
        """Connect and start sending and receiving.

        aiortc never gets the end of candidates: it would fail where it knows none, while the browser, which
        knows ours, may still connect (RFC 8863). A peer that sends nothing in time counts as gone.
        """
        if self._sound is None or self._answer is None:
            raise RuntimeError("there is no answer yet")
        self._sound.sender.replaceTrack(voice)
        if self._picture and caller:
            hardening.take_packets(self._picture.receiver, caller.take)
            hardening.begin_estimate(self._picture.receiver, int(time.time() * 1000))
        if self._picture and picture:
            hardening.encode_with(self._picture.sender, picture.encoder)
            self._picture.sender.replaceTrack(picture)
        await self._connection.setLocalDescription(self._answer)

    def ask_again(self, ssrc: int, missing: list[int]) -> None:
        """Request packets of the caller's video again."""
        if self._picture:
            self._in_background(hardening.ask_again(self._picture.receiver, ssrc, missing))

    async def picture_counts(self) -> tuple[int, int]:
        """Return the packets of the caller's video since the start: expected, and missing."""
        return await packet_counts(self._picture.receiver) if self._picture else (0, 0)

    async def lost_fraction(self) -> float:
        """Return the browser's recent loss of our video, 0 to 1."""
        return await lost_fraction(self._picture.sender) if self._picture else 0.0

    async def close(self) -> None:
        """Disconnect and release the ports."""
        self._gone = lambda _: None
        try:
            await asyncio.wait_for(self._connection.close(), _CLOSING_S)
        except TimeoutError:
            return

    def _transceiver(self, kind: str, direction: str) -> RTCRtpTransceiver:
        transceiver = self._connection.addTransceiver(kind, direction=direction)
        transceiver.setCodecPreferences(codecs(kind))
        return transceiver

    def _heard(self, packet: Any, voice: IncomingVoice) -> bool:
        self.heard_at_s = time.monotonic()
        voice.put(packet.timestamp, packet.payload, self.heard_at_s)
        return False

    def _state_changed(self) -> None:
        state = self._connection.connectionState
        if state in ("failed", "closed"):
            self._gone("the connection has failed" if state == "failed" else "the other end hung up")

    def _in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def codecs(kind: str) -> list[RTCRtpCodecCapability]:
    """Return the codecs that every browser has: Opus, and VP8 with retransmissions."""
    return [codec for codec in RTCRtpSender.getCapabilities(kind).codecs if codec.name in _CODECS[kind]]


async def packet_counts(receiver: RTCRtpReceiver) -> tuple[int, int]:
    """Return the packets since the start: expected, and missing."""
    streams = [
        each for each in (await receiver.getStats()).values() if isinstance(each, RTCInboundRtpStreamStats)
    ]
    lost = sum(each.packetsLost for each in streams)
    return sum(each.packetsReceived for each in streams) + lost, lost


async def lost_fraction(sender: RTCRtpSender) -> float:
    """Return the other end's recent loss, 0 to 1."""
    for each in (await sender.getStats()).values():
        if isinstance(each, RTCRemoteInboundRtpStreamStats):
            return each.fractionLost / 256
    return 0.0
