"""Sound between a SIP call and a resident's screen: 16 kHz mono on one side, WebRTC on the other.

Runs on an event loop of its own thread; a pipe that is not emptied drops its oldest sound, so that a
conversation never lags behind.
"""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from fractions import Fraction
from types import TracebackType
from typing import Any, Self, TypeVar

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from device.contract.ice import IceServer

RATE_HZ = 16_000
FRAME_S = 0.02
FRAME_BYTES = int(RATE_HZ * FRAME_S) * 2
LONGEST_BYTES = FRAME_BYTES * 20
WORK_S = 10.0

T = TypeVar("T")


class Pipe:
    """Sound on its way from one thread to another: at most 0.4 s of it, and silence where there is none."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._lock = threading.Lock()

    def put(self, sound: bytes) -> None:
        """Adds sound; what is oldest gives way."""
        with self._lock:
            self._waiting += sound
            del self._waiting[: max(0, len(self._waiting) - LONGEST_BYTES)]

    def take(self) -> bytes:
        """Return the next frame of the other end's sound, filled up with silence."""
        with self._lock:
            sound = bytes(self._waiting[:FRAME_BYTES])
            del self._waiting[:FRAME_BYTES]
        return sound.ljust(FRAME_BYTES, b"\0")


class Bridge:
    """The screen's half of a conversation: the centre is heard ``to_screen``, the resident ``to_centre``."""

    def __init__(self, servers: Sequence[IceServer]) -> None:
        self.to_screen, self.to_centre = Pipe(), Pipe()
        self._servers = servers
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="voice bridge", daemon=True)
        self._connection: RTCPeerConnection | None = None
        self._hearing: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            self._run(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(WORK_S)
            self._loop.close()

    def offer(self) -> str:
        """What the screen is offered, with all candidates."""
        return self._run(self._offer())

    def accept(self, answer: str) -> None:
        """The screen has answered: sound begins. Raises ``ValueError`` where its answer cannot be used."""
        self._run(self._accept(answer))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WORK_S)

    async def _offer(self) -> str:
        servers = [
            RTCIceServer(each.urls, each.username or None, each.credential or None) for each in self._servers
        ]
        self._connection = connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        connection.addTrack(_CentreVoice(self.to_screen))
        connection.on("track", self._heard)
        await connection.setLocalDescription(await connection.createOffer())
        return connection.localDescription.sdp

    async def _accept(self, answer: str) -> None:
        if self._connection:
            await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def _close(self) -> None:
        for task in self._hearing:
            task.cancel()
        if self._connection:
            await self._connection.close()

    def _heard(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            task = asyncio.ensure_future(self._listen(track))
            self._hearing.add(task)
            task.add_done_callback(self._hearing.discard)

    async def _listen(self, track: MediaStreamTrack) -> None:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        try:
            while isinstance(heard := await track.recv(), AudioFrame):
                for frame in resampler.resample(heard):
                    self.to_centre.put(bytes(frame.planes[0])[: frame.samples * 2])
        except MediaStreamError:
            return


class _CentreVoice(MediaStreamTrack):
    """What the centre says, a frame every 20 ms by the clock."""

    kind = "audio"

    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self._pipe, self._frames, self._began_s = pipe, 0, 0.0

    async def recv(self) -> AudioFrame:
        """The next frame, once it is due."""
        now_s = asyncio.get_running_loop().time()
        self._began_s = self._began_s or now_s
        await asyncio.sleep(max(0.0, self._began_s + self._frames * FRAME_S - now_s))
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_BYTES // 2)
        frame.planes[0].update(self._pipe.take())
        frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
        frame.pts = self._frames * (FRAME_BYTES // 2)
        self._frames += 1
        return frame
