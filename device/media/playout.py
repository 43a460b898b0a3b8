"""The jitter buffer of the caller's audio: smooths out late, lost and bunched packets. Pure.

A packet is played a little after it arrived, so that one which arrives a little later is still in time. The
delay follows from the last seconds of the line.
"""

from collections import deque
from typing import NamedTuple

RATE_HZ = 48_000
# What a browser's packet nearly always contains.
FRAME_SAMPLES = RATE_HZ * 20 // 1000
_SHORTEST_DELAY = RATE_HZ * 40 // 1000
_LONGEST_DELAY = RATE_HZ * 240 // 1000
# After a longer silence the buffer is filled again, instead of playing a gap of this size.
_LONGEST_HOLE = RATE_HZ // 2
_MOST_DRY_TAKES = 5
_TRANSITS = 250
_LEVELS = 25
# A voice that is sped up by a sixth still sounds natural.
_TAKES_BETWEEN_FOLDS = 6
_MOST_PACKETS = 200


class Tally(NamedTuple):
    """Packet counts: ``played``, lost or too late, and merged with the next one."""

    played: int = 0
    missing: int = 0
    squeezed: int = 0


class Playout:
    """Accepts packets as they arrive and returns them in order, one each 20 ms. For one thread at a time."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._packets: dict[int, bytes] = {}
        self._started = False
        self._next = 0
        self._newest = 0
        self._filling = True
        self._dry_takes = 0
        self._transits: deque[float] = deque(maxlen=_TRANSITS)
        self._levels: deque[int] = deque(maxlen=_LEVELS)
        self._takes_since_fold = 0

    @property
    def delay_samples(self) -> int:
        """Return how long a packet is buffered, so that delays like those of the last seconds are covered."""
        if not self._transits:
            return _SHORTEST_DELAY
        ordered = sorted(self._transits)
        spread = ordered[int(0.97 * (len(ordered) - 1))] - ordered[0]
        return int(min(_LONGEST_DELAY, max(_SHORTEST_DELAY, spread + FRAME_SAMPLES)))

    def put(self, timestamp: int, payload: bytes, now_s: float) -> None:
        """Add a packet; ``timestamp`` is RTP's, in samples modulo 2**32 (RFC 7587)."""
        at = self._unwrap(timestamp)
        self._transits.append(now_s * RATE_HZ - at)
        if self._started and at < self._next:
            return
        if len(self._packets) < _MOST_PACKETS:
            self._packets[at] = payload
            self._newest = max(self._newest, at)
        if not self._started:
            self._started, self._next = True, at

    def take(self) -> tuple[bytes, ...] | None:
        """Return what to play for the next 20 ms.

        One packet; two, to be merged into the time of one; ``()`` where one is missing; None for silence.
        """
        if self._filling and not self._filled():
            return None
        packet = self._packets.pop(self._next, None)
        if packet is None:
            return self._without()
        self._dry_takes = 0
        self._next += FRAME_SAMPLES
        self.tally = self.tally._replace(played=self.tally.played + 1)
        self._levels.append(self._level())
        return self._folded(packet)

    def _filled(self) -> bool:
        """Return whether enough is buffered to start with the oldest."""
        if self._level() < self.delay_samples or not self._packets:
            return False
        self._next = min(self._packets)
        self._filling = False
        self._levels.clear()
        return True

    def _level(self) -> int:
        return self._newest + FRAME_SAMPLES - self._next if self._packets else 0

    def _without(self) -> tuple[bytes, ...] | None:
        if not self._packets:
            # It may still arrive: its place is kept, and what is played in between makes the delay longer.
            self._dry_takes += 1
            self._filling = self._dry_takes > _MOST_DRY_TAKES
            return ()
        following = min(self._packets)
        if following - self._next > _LONGEST_HOLE:
            self._next, self._filling = following, True
            return None
        missed = self._next + FRAME_SAMPLES <= following
        self._next = self._next + FRAME_SAMPLES if missed else following
        self.tally = self.tally._replace(missing=self.tally.missing + missed)
        return () if missed else self.take()

    def _folded(self, packet: bytes) -> tuple[bytes, ...]:
        """Return two packets where the buffer is constantly too full: a delay would never be caught up."""
        enough = self.delay_samples + FRAME_SAMPLES
        self._takes_since_fold += 1
        due = len(self._levels) == _LEVELS and self._takes_since_fold >= _TAKES_BETWEEN_FOLDS
        if not due or min(self._levels) <= enough or self._next not in self._packets:
            return (packet,)
        second = self._packets.pop(self._next)
        self._next += FRAME_SAMPLES
        self._takes_since_fold = 0
        self._levels = deque((level - FRAME_SAMPLES for level in self._levels), maxlen=_LEVELS)
        self.tally = self.tally._replace(played=self.tally.played + 1, squeezed=self.tally.squeezed + 1)
        return (packet, second)

    def _unwrap(self, timestamp: int) -> int:
        """Return the timestamp without its modulus, near the newest one."""
        if not self._started:
            self._newest = timestamp
            return timestamp
        return self._newest + (timestamp - self._newest + 2**31) % 2**32 - 2**31
