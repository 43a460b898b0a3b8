"""A real Janus of the tests' own, and participants at its tables made of aiortc."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack

from cloud.cafe.janus import Janus
from cloud.cafe.sfu import Connections, SfuUnreachable
from provisioning.janus import configured
from tests.busy_cores import busy_cores
from tests.cafe import tones

RATE_HZ = 48_000
# Low enough to be late, and far from being too late for an answer.
SLOW_NICE = 10
_FRAME = 960


class Engine:
    """Starts, kills and restarts Janus at the same socket."""

    def __init__(self, folder: Path, janus: Path | None = None) -> None:
        self._folder = folder
        self._janus = janus
        self.socket = folder / "run" / "janus"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = configured(self._folder / "settings", self.socket, self._janus)
        with (self._folder / "janus.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def slowed(self) -> Iterator[None]:
        """Others want the processors, too, and go first. What the engine starts later is as slow."""
        assert self._process
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), SLOW_NICE)
        with busy_cores(2):
            yield

    def _start_again_if_ended(self) -> None:
        if self._process and self._process.poll() is not None:
            self.start()

    async def client(self) -> Janus:
        """Connected, as soon as the engine listens; one that did not start is started again."""
        async with asyncio.timeout(10):
            while True:
                janus = Janus(self.socket)
                try:
                    await janus.connect()
                except SfuUnreachable:
                    self._start_again_if_ended()
                    await asyncio.sleep(0.05)
                else:
                    return janus


class Tone(AudioStreamTrack):
    """A constant tone that identifies its sender."""

    def __init__(self, hz: int) -> None:
        super().__init__()
        self._hz = hz
        self._sent = 0
        self._began_s = 0.0

    async def recv(self) -> av.AudioFrame:
        now_s = time.monotonic()
        self._began_s = self._began_s or now_s
        await asyncio.sleep(max(0.0, self._began_s + self._sent / RATE_HZ - now_s))
        times = (self._sent + np.arange(_FRAME)) / RATE_HZ
        wave = (8000 * np.sin(2 * np.pi * self._hz * times)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE_HZ, Fraction(1, RATE_HZ), self._sent
        self._sent += _FRAME
        return frame


class Noise(Tone):
    """Noise at full scale, for ever."""

    def __init__(self) -> None:
        super().__init__(0)
        self._chance = np.random.default_rng(1945)

    async def recv(self) -> av.AudioFrame:
        frame = await super().recv()
        wave = self._chance.integers(-32768, 32767, (1, _FRAME), np.int16)
        noise = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
        noise.sample_rate, noise.time_base, noise.pts = frame.sample_rate, frame.time_base, frame.pts
        return noise


class Flood(VideoStreamTrack):
    """Twelve times the agreed bit rate, whatever the engine asks for: key frames that were encoded before."""

    def __init__(self) -> None:
        super().__init__()
        encoder: Any = av.CodecContext.create("libvpx", "w")
        encoder.width, encoder.height, encoder.pix_fmt = 640, 480, "yuv420p"
        encoder.time_base, encoder.bit_rate, encoder.gop_size = Fraction(1, 30), 20_000_000, 1
        encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
        noise = np.random.default_rng(1945).integers(0, 255, (480, 640, 3), np.uint8)
        frame = av.VideoFrame.from_ndarray(noise, format="rgb24").reformat(format="yuv420p")
        frame.pts = 0
        self._picture = b"".join(bytes(packet) for packet in encoder.encode(frame))

    async def recv(self) -> Any:
        pts, time_base = await self.next_timestamp()
        packet: Any = av.Packet(self._picture)
        packet.pts, packet.time_base = pts, time_base
        return packet


class Guest:
    """Somebody at a table, with sound both ways, a picture, and the picture of another."""

    def __init__(
        self, name: str, hz: int, tone: Tone | None = None, camera: VideoStreamTrack | None = None
    ) -> None:
        self.name = name
        self._sound = RTCPeerConnection(RTCConfiguration([]))
        self._mine = RTCPeerConnection(RTCConfiguration([]))
        self._seen: RTCPeerConnection | None = None
        self._tone = tone or Tone(hz)
        self._camera = camera or VideoStreamTrack()
        self._heard: list[Any] = []
        self._reading: list[asyncio.Task[None]] = []
        self.pictures = 0

    async def offers(self) -> Connections:
        self._sound.addTrack(self._tone)
        self._sound.on("track", self._read)
        self._mine.addTrack(self._camera)
        for connection in (self._sound, self._mine):
            await connection.setLocalDescription(await connection.createOffer())
        return Connections(self._sound.localDescription.sdp, self._mine.localDescription.sdp)

    async def take(self, answers: Connections) -> None:
        await self._sound.setRemoteDescription(RTCSessionDescription(answers.sound, "answer"))
        await self._mine.setRemoteDescription(RTCSessionDescription(answers.picture, "answer"))

    async def sit_down(self, janus: Janus, room: str) -> None:
        await self.take(await janus.seat(room, self.name, await self.offers()))

    async def answer(self, offer: str) -> str:
        self._seen = RTCPeerConnection(RTCConfiguration([]))
        self._seen.on("track", self._read)
        await self._seen.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self._seen.setLocalDescription(await self._seen.createAnswer())
        return self._seen.localDescription.sdp

    async def hears(self, hz: int) -> None:
        """Wait until this frequency is received."""
        await tones.hears(lambda: self._heard, hz)

    async def hears_nothing(self) -> None:
        """Waits until a fifth of a second of silence has come."""
        async with asyncio.timeout(10):
            while len(self._heard) < 10 or np.abs(np.concatenate(self._heard[-10:])).max() > 50:
                await asyncio.sleep(0.05)

    async def sees(self, most: int) -> None:
        """Waits until so many pictures have come since now."""
        wanted = self.pictures + most
        async with asyncio.timeout(10):
            while self.pictures < wanted:
                await asyncio.sleep(0.05)

    async def closes_the_view(self) -> None:
        """End the connection by which the others are seen; the sound goes on."""
        assert self._seen
        await self._seen.close()

    async def leave(self) -> None:
        for task in self._reading:
            task.cancel()
        for connection in filter(None, (self._sound, self._mine, self._seen)):
            await connection.close()

    def is_heard(self, hz: int) -> bool:
        """Whether this frequency is among the loud ones now."""
        return tones.is_heard(self._heard, hz)

    def _read(self, track: MediaStreamTrack) -> None:
        self._reading.append(asyncio.ensure_future(self._take_all(track)))

    async def _take_all(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if not isinstance(frame, av.AudioFrame):
                self.pictures += 1
                continue
            samples = frame.to_ndarray()[0]
            self._heard = [*self._heard[-99:], samples[::2] if frame.layout.name == "stereo" else samples]
