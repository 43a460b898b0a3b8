"""Decodes Opus packets without gaps: what is missing is concealed with the preceding audio."""

from threading import Lock

import av
import numpy as np
import numpy.typing as npt

from device.media.playout import FRAME_SAMPLES, RATE_HZ, Playout, Tally

Samples = npt.NDArray[np.int16]
_Wave = npt.NDArray[np.float32]

_SHORTEST_PERIOD = RATE_HZ // 400
_LONGEST_PERIOD = RATE_HZ // 66
_COMPARED = RATE_HZ // 100
_JOINT = RATE_HZ // 200
# A longer concealment sounds like a machine.
_FADE_SAMPLES = 3 * FRAME_SAMPLES


class IncomingVoice:
    """Decoded audio; ``put`` is called by the network's thread, ``samples`` by the loudspeaker's."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._playout = Playout()
        self._decoder = _decoder()
        self._ready: _Wave = np.zeros(0, np.float32)
        self._past: _Wave = np.zeros(2 * _LONGEST_PERIOD + _COMPARED, np.float32)
        self._concealed_samples = 0

    @property
    def tally(self) -> Tally:
        """Return how many packets were played, concealed and late."""
        return self._playout.tally

    def put(self, timestamp: int, payload: bytes, now_s: float) -> None:
        """Add a packet; an empty one, which would end the decoder, is dropped."""
        if payload:
            with self._lock:
                self._playout.put(timestamp, payload, now_s)

    def samples(self, count: int) -> Samples:
        """Return the next ``count`` samples to play, at 48 kHz."""
        while len(self._ready) < count:
            self._ready = np.concatenate((self._ready, self._next()))
        out, self._ready = self._ready[:count], self._ready[count:]
        return out.astype(np.int16)

    def _next(self) -> _Wave:
        with self._lock:
            packets = self._playout.take()
        if packets is None:
            return self._played(self._faded_out())
        waves = [wave for wave in map(self._decoded, packets) if len(wave)]
        if not waves:
            return self._played(self._concealment(FRAME_SAMPLES))
        wave = waves[0] if len(waves) == 1 else _folded(*waves)
        if self._concealed_samples:
            wave = self._joined(wave)
        self._concealed_samples = 0
        return self._played(wave)

    def _decoded(self, packet: bytes) -> _Wave:
        """Decode a packet; return nothing where it is not Opus: then it counts as missing."""
        try:
            frames = self._decoder.decode(av.Packet(packet))
        except av.FFmpegError:
            self._decoder = _decoder()
            return np.zeros(0, np.float32)
        waves = [frame.to_ndarray()[0].astype(np.float32) for frame in frames]
        return np.concatenate(waves) if waves else np.zeros(0, np.float32)

    def _played(self, wave: _Wave) -> _Wave:
        self._past = np.concatenate((self._past, wave))[-len(self._past) :]
        return wave

    def _faded_out(self) -> _Wave:
        if self._concealed_samples >= _FADE_SAMPLES:
            return np.zeros(FRAME_SAMPLES, np.float32)
        return self._concealment(FRAME_SAMPLES)

    def _concealment(self, count: int) -> _Wave:
        """Return the last period of the voice repeated, softer and softer."""
        period = self._period()
        wave = np.resize(self._past[-period:], count)
        before = self._concealed_samples
        self._concealed_samples += count
        loudness = 1 - (before + np.arange(count, dtype=np.float32)) / _FADE_SAMPLES
        return wave * np.maximum(loudness, 0)

    def _joined(self, wave: _Wave) -> _Wave:
        """Cross-fade from concealment to decoded audio without a click."""
        joint = min(_JOINT, len(wave))
        rise = np.linspace(0, 1, joint, dtype=np.float32)
        start = wave[:joint] * rise + self._concealment(joint) * (1 - rise)
        return np.concatenate((start, wave[joint:]))

    def _period(self) -> int:
        """Return the shift, in samples, at which the last 10 ms best match what was before them."""
        newest = self._past[-_COMPARED:]
        if not np.any(newest):
            return _SHORTEST_PERIOD
        before = self._past[-(_LONGEST_PERIOD + _COMPARED) : -_SHORTEST_PERIOD]
        likeness = np.correlate(before, newest, "valid")
        energy = np.convolve(before**2, np.ones(_COMPARED, np.float32), "valid")
        best = int(np.argmax(likeness / np.sqrt(energy + 1.0)))
        return _LONGEST_PERIOD - best


def _folded(first: _Wave, second: _Wave) -> _Wave:
    """Merge two pieces into the time of one, the first fading into the second."""
    if len(first) != len(second):
        return np.concatenate((first, second))
    rise = np.linspace(0, 1, len(first), dtype=np.float32)
    return first * (1 - rise) + second * rise


def _decoder() -> av.AudioCodecContext:
    decoder = av.CodecContext.create("libopus", "r")
    decoder.format = av.AudioFormat("s16")
    decoder.layout = "mono"
    decoder.sample_rate = RATE_HZ
    return decoder
