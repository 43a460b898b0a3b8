"""The resident's end of a call: real WebRTC that says one tone and keeps what it hears."""

import asyncio
import threading
from fractions import Fraction
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from tests.partner.telephone import strongest_hz

RATE_HZ = 16_000
TONE_HZ = 440


class ScreenEnd:
    """Answers an offer; runs in a thread of its own until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._heard = np.zeros(0, dtype="<i2")
        self._tasks: list[Any] = []
        self._connection: RTCPeerConnection | None = None

    def answer(self, offer: str) -> str:
        """The answer to an offer; sound begins as soon as the other end has it."""
        return str(self._run(self._answer(offer)))

    def heard_hz(self) -> float:
        """The strongest frequency of the last second."""
        return strongest_hz(self._heard[-RATE_HZ:], RATE_HZ)

    def close(self) -> None:
        if self._connection:
            self._run(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _answer(self, offer: str) -> str:
        self._connection = connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.on("track", lambda track: self._tasks.append(asyncio.ensure_future(self._listen(track))))
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        connection.addTrack(_Tone())
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp

    async def _listen(self, track: MediaStreamTrack) -> None:
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        try:
            while isinstance(heard := await track.recv(), AudioFrame):
                for frame in resampler.resample(heard):
                    self._heard = np.concatenate([self._heard[-RATE_HZ:], frame.to_ndarray()[0]])
        except MediaStreamError:
            return


class _Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._frames, self._began_s = 0, 0.0

    async def recv(self) -> AudioFrame:
        now_s = asyncio.get_running_loop().time()
        self._began_s = self._began_s or now_s
        await asyncio.sleep(max(0.0, self._began_s + self._frames * 0.02 - now_s))
        at = np.arange(320) + self._frames * 320
        sound = (12_000 * np.sin(2 * np.pi * TONE_HZ * at / RATE_HZ)).astype("<i2")
        frame = AudioFrame.from_ndarray(sound[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE_HZ, Fraction(1, RATE_HZ), self._frames * 320
        self._frames += 1
        return frame
