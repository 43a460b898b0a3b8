"""The connections of one seat at a table: audio both ways, our video, and that of one participant."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription

from device.media import hardening
from device.media.caller_picture import CallerPicture
from device.media.peer import codecs, lost_fraction, packet_counts
from device.media.picture import RoomPicture
from device.media.room_voice import RoomVoice
from device.media.voice import IncomingVoice

_CLOSING_S = 2.0
Gone = Callable[[str], None]


class _Line:
    """One connection with one stream."""

    def __init__(self, servers: list[RTCIceServer], gone: Gone) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self.connection.on("connectionstatechange", self._state_changed)
        self._gone = gone

    def transceiver(self, kind: str, direction: str) -> RTCRtpTransceiver:
        """Add a transceiver with the codecs that every browser and the SFU have."""
        transceiver = self.connection.addTransceiver(kind, direction=direction)
        transceiver.setCodecPreferences(codecs(kind))
        return transceiver

    async def offer(self, transceiver: RTCRtpTransceiver) -> str:
        """Return an offer with all candidates; it connects as soon as there is an answer."""
        offer = await self.connection.createOffer()
        await hardening.gather(transceiver.sender.transport.transport.iceGatherer)
        await self.connection.setLocalDescription(offer)
        return self.connection.localDescription.sdp

    async def take_answer(self, answer: str) -> None:
        """Set the answer. Raises what aiortc raises for an invalid one."""
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        """Close the connection; a peer that does not answer is left after a while."""
        self._gone = lambda _: None
        try:
            await asyncio.wait_for(self.connection.close(), _CLOSING_S)
        except TimeoutError:
            return

    def _state_changed(self) -> None:
        if self.connection.connectionState in ("failed", "closed"):
            self._gone("the connection to the table has failed")


class SoundLine(_Line):
    """Our voice, and the mix of all others."""

    heard_at_s: float | None = None

    async def prepare(self, voice: IncomingVoice, *, listens: bool) -> str:
        """Return the offer for audio."""
        self._transceiver = self.transceiver("audio", "recvonly" if listens else "sendrecv")
        hardening.take_packets(self._transceiver.receiver, lambda packet: self._heard(packet, voice))
        return await self.offer(self._transceiver)

    def speak(self, voice: RoomVoice) -> None:
        """Start sending the room's audio, each packet with its level, from which the speaker is detected."""
        self._transceiver.sender.replaceTrack(voice)
        hardening.say_level(self._transceiver.sender, lambda: voice.level_dbov)

    def _heard(self, packet: Any, voice: IncomingVoice) -> bool:
        self.heard_at_s = time.monotonic()
        voice.put(packet.timestamp, packet.payload, self.heard_at_s)
        return False


class MyPictureLine(_Line):
    """Sends the camera's video to the table, over a connection of its own."""

    async def prepare(self) -> str:
        """Return the offer for our video."""
        self._transceiver = self.transceiver("video", "sendonly")
        return await self.offer(self._transceiver)

    def show(self, picture: RoomPicture) -> None:
        """Start sending the room's video."""
        hardening.encode_with(self._transceiver.sender, picture.encoder)
        self._transceiver.sender.replaceTrack(picture)

    async def lost_fraction(self) -> float:
        """Return its recently reported loss, 0 to 1."""
        return await lost_fraction(self._transceiver.sender)


class GuestLine(_Line):
    """Receives the video of the participant who is shown."""

    async def prepare(self) -> None:
        """Find all candidates, which may take some round trips to a relay, before there is an offer."""
        self._transceiver = self.transceiver("video", "recvonly")
        await hardening.gather(self._transceiver.receiver.transport.transport.iceGatherer)

    async def answer(self, offer: str, picture: CallerPicture) -> str:
        """Return our answer to the SFU's offer, after ``prepare``; pictures arrive at once."""
        hardening.take_packets(self._transceiver.receiver, picture.take)
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        hardening.await_handshake(self._transceiver.receiver)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp

    async def ask_again(self, ssrc: int, missing: list[int]) -> None:
        """Request missing packets again (RFC 4585, generic NACK)."""
        await hardening.ask_again(self._transceiver.receiver, ssrc, missing)

    async def counts(self) -> tuple[int, int]:
        """Return the packets since the start: expected, and missing."""
        return await packet_counts(self._transceiver.receiver)
