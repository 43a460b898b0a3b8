"""Simulated people at a table, in a process of their own: ``python -m tests.bench.cafe.crowd``.

Each has the three connections of a seat and sends real Opus and VP8, which were encoded once; what comes is
counted and not decoded. Lines of JSON on standard input and output, see ``Order`` and ``Said``.
"""

import asyncio
import sys
import time
from fractions import Fraction
from typing import Any, Literal

import av
import msgspec
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from msgspec import Struct

from device.media import hardening
from device.media.peer import codecs

RATE_HZ, SOUND_FRAME = 48_000, 960
PICTURES_HZ = 15
WIDTH_PX, HEIGHT_PX = 320, 240
SPEAKING_DBOV, SILENT_DBOV = -25, -127


class Order(Struct, frozen=True):
    """What somebody of the crowd is to do."""

    do: Literal["offer", "take", "see", "leave"]
    name: str
    hz: int = 0
    sound: str = ""
    picture: str = ""


class Said(Struct, frozen=True):
    """Their offers, or their answer to the picture of another."""

    name: str
    sound: str = ""
    picture: str = ""


class Recorded(MediaStreamTrack):
    """Packets that come again and again, each at its time."""

    def __init__(self, kind: str, packets: list[bytes], rate_hz: int, step: int) -> None:
        super().__init__()
        self.kind = kind
        self._packets, self._rate_hz, self._step = packets, rate_hz, step
        self._sent, self._began_s = 0, time.monotonic()

    async def recv(self) -> Any:
        due_s = self._began_s + self._sent * self._step / self._rate_hz
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        packet: Any = av.Packet(self._packets[self._sent % len(self._packets)])
        packet.pts, packet.time_base = self._sent * self._step, Fraction(1, self._rate_hz)
        self._sent += 1
        return packet


def tone(hz: int) -> list[bytes]:
    """One second, after which it goes on as it began; silence for no frequency."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.bit_rate, encoder.sample_rate, encoder.layout, encoder.format = 32_000, RATE_HZ, "mono", "s16"
    encoder.options = {"application": "voip"}
    found = []
    for number in range(2 * RATE_HZ // SOUND_FRAME):
        times = (number * SOUND_FRAME + np.arange(SOUND_FRAME)) / RATE_HZ
        wave = (1500 * np.sin(2 * np.pi * hz * times)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, number * SOUND_FRAME
        found += [bytes(packet) for packet in encoder.encode(frame)]
    # The first ones are the encoder's own beginning.
    return found[-RATE_HZ // SOUND_FRAME :]


def pictures() -> list[bytes]:
    """Two seconds of a block that moves over columns; a key picture each second."""
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
    encoder.time_base, encoder.bit_rate, encoder.gop_size = Fraction(1, PICTURES_HZ), 250_000, PICTURES_HZ
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    found = []
    for number in range(2 * PICTURES_HZ):
        image = np.full((HEIGHT_PX, WIDTH_PX, 3), (200, 40, 160), np.uint8)
        left = number * 8 % (WIDTH_PX - 60)
        image[160:220, left : left + 60] = 240
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        found += [bytes(packet) for packet in encoder.encode(frame)]
    return found


class Person:
    """A simulated participant: sends a tone and a picture, and counts the frames that arrive."""

    def __init__(self, moving: list[bytes], hz: int) -> None:
        self._connections = [RTCPeerConnection(RTCConfiguration([])) for _ in range(2)]
        self._moving, self._hz = moving, hz
        self.packets = 0

    async def offers(self) -> tuple[str, str]:
        """Sound both ways, and their own picture."""
        sound = Recorded("audio", tone(self._hz), RATE_HZ, SOUND_FRAME)
        picture = Recorded("video", self._moving, 90_000, 90_000 // PICTURES_HZ)
        both = zip(self._connections, (sound, picture), ("sendrecv", "sendonly"), strict=True)
        for connection, track, direction in both:
            transceiver = connection.addTransceiver(track, direction=direction)
            transceiver.setCodecPreferences(codecs(track.kind))
            hardening.take_packets(transceiver.receiver, self._count)
            if track.kind == "audio":
                level = SPEAKING_DBOV if self._hz else SILENT_DBOV
                hardening.say_level(transceiver.sender, lambda dbov=level: dbov)  # type: ignore[misc]
            await connection.setLocalDescription(await connection.createOffer())
        return tuple(each.localDescription.sdp for each in self._connections)  # type: ignore[return-value]

    async def take(self, *answers: str) -> None:
        for connection, answer in zip(self._connections, answers, strict=True):
            await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def see(self, offer: str) -> str:
        """Return the answer for the video of the shown participant."""
        connection = RTCPeerConnection(RTCConfiguration([]))
        self._connections.append(connection)
        transceiver = connection.addTransceiver("video", direction="recvonly")
        hardening.take_packets(transceiver.receiver, self._count)
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp

    async def leave(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))

    def _count(self, _packet: Any) -> bool:
        self.packets += 1
        return False


async def _obey(order: Order, people: dict[str, Person], moving: list[bytes]) -> Said | None:
    match order.do:
        case "offer":
            person = people[order.name] = Person(moving, order.hz)
            return Said(order.name, *await person.offers())
        case "take":
            await people[order.name].take(order.sound, order.picture)
        case "see":
            return Said(order.name, picture=await people[order.name].see(order.picture))
        case "leave":
            await people.pop(order.name).leave()
    return None


async def main() -> None:
    """Run until standard input ends."""
    people: dict[str, Person] = {}
    moving = pictures()
    reader = asyncio.StreamReader(limit=1_000_000)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        if said := await _obey(msgspec.json.decode(line, type=Order), people, moving):
            sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
            sys.stdout.buffer.flush()
    for person in people.values():
        await person.leave()


if __name__ == "__main__":
    asyncio.run(main())
