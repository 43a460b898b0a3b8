"""Reassembles VP8 frames from RTP packets (RFC 7741) and decides what to request again. Pure.

A frame is complete with its marked packet: none waits for the next one. A missing packet is awaited for as
long as a retransmission takes; then all up to the next key frame is dropped, and one is requested.
"""

from typing import NamedTuple

# A retransmission over a line with a round trip of 150 ms, twice.
HOLE_PATIENCE_S = 0.4
# How often a missing packet is requested again: the request or its answer may be lost too.
ASK_AGAIN_S = 0.08
_KEY_PICTURE_PATIENCE_S = 0.5
# Nothing is shown yet, and a sender refuses one soon after another: libwebrtc for 0.3 s.
_FIRST_KEY_PICTURE_PATIENCE_S = 0.1
_MOST_PACKETS = 2048
_MISORDERED = 1 << 15


class _Piece(NamedTuple):
    timestamp: int
    marker: bool
    begins: bool
    data: bytes

    @property
    def begins_key_picture(self) -> bool:
        """Return whether a key frame starts here: the first bit of the first octet is 0 (RFC 6386, 9.1)."""
        return self.begins and bool(self.data) and not self.data[0] & 1


class EncodedPicture(NamedTuple):
    """One encoded frame with its RTP ``timestamp``."""

    timestamp: int
    data: bytes
    is_key: bool


class Assembly:
    """Reassembles one stream.

    ``wants_key_picture`` and ``missing`` return what to request from the sender.
    """

    def __init__(self) -> None:
        self._pieces: dict[int, _Piece] = {}
        self._expected: int | None = None
        self._newest = 0
        self._hole_since_s: float | None = None
        self._asked_again_s = 0.0
        self._asked_for_key_s: float | None = None
        self._patience_s = _FIRST_KEY_PICTURE_PATIENCE_S

    def hole_age_s(self, now_s: float) -> float:
        """Return how long the next packet has been missing; 0 where it is not."""
        return now_s - self._hole_since_s if self._hole_since_s is not None else 0.0

    def add(  # noqa: PLR0913 - the fields of a packet
        self, sequence: int, *, timestamp: int, marker: bool, payload: bytes, data: bytes, now_s: float
    ) -> list[EncodedPicture]:
        """Add a packet and return the frames that are complete.

        ``payload`` has the VP8 descriptor, ``data`` what follows it.
        """
        number = self._unwrap(sequence)
        if self._expected is not None and number < self._expected:
            return []
        if len(self._pieces) >= _MOST_PACKETS:
            self._pieces.clear()
            self._expected = None
        begins = bool(payload) and payload[0] & 0x17 == 0x10
        self._pieces[number] = _Piece(timestamp, marker, begins, data)
        self._newest = max(self._newest, number)
        if self._expected is None or self._hole_since_s is not None:
            self._skip_to_key_picture()
        pictures = self._whole_ones()
        self._watch_hole(now_s)
        return pictures

    def wants_key_picture(self, now_s: float) -> bool:
        """Return true now and then while only a key frame would help, before the first one most often."""
        if self._expected is not None:
            self._asked_for_key_s, self._patience_s = None, _KEY_PICTURE_PATIENCE_S
            return False
        if self._asked_for_key_s is not None and now_s - self._asked_for_key_s < self._patience_s:
            return False
        self._asked_for_key_s = now_s
        return True

    def missing(self, now_s: float) -> list[int]:
        """Return the sequence numbers of the packets to request again now."""
        if self._expected is None or self._hole_since_s is None or now_s - self._asked_again_s < ASK_AGAIN_S:
            return []
        self._asked_again_s = now_s
        span = range(self._expected, self._newest)
        return [number % 2**16 for number in span if number not in self._pieces]

    def start_over(self) -> None:
        """Request a key frame: the decoder could not use a picture."""
        self._expected = None
        self._hole_since_s = None

    def _unwrap(self, sequence: int) -> int:
        if self._expected is None and not self._pieces:
            self._newest = sequence
            return sequence
        return self._newest + (sequence - self._newest + _MISORDERED) % 2**16 - _MISORDERED

    def _skip_to_key_picture(self) -> None:
        """Skip to a key frame behind the gap, where there is one: what is before it is not needed."""
        for number in sorted(self._pieces, reverse=True):
            if self._pieces[number].begins_key_picture and self._begins_at(number):
                self._expected = number
                self._hole_since_s = None
                self._forget_before(number)
                return

    def _begins_at(self, number: int) -> bool:
        return self._expected is None or number > self._expected

    def _whole_ones(self) -> list[EncodedPicture]:
        pictures: list[EncodedPicture] = []
        while self._expected is not None and (end := self._end_of_picture(self._expected)) is not None:
            pieces = [self._pieces.pop(number) for number in range(self._expected, end + 1)]
            self._expected = end + 1
            data = b"".join(piece.data for piece in pieces)
            if data:
                first = next(piece for piece in pieces if piece.data)
                pictures.append(EncodedPicture(first.timestamp, data, first.begins_key_picture))
        return pictures

    def _end_of_picture(self, start: int) -> int | None:
        """Return the number of its last packet if the frame is complete; padding counts as an empty frame."""
        number = start
        while piece := self._pieces.get(number):
            if piece.marker or not piece.data:
                return number
            number += 1
        return None

    def _watch_hole(self, now_s: float) -> None:
        if self._expected is None:
            return
        # All received packets are in a row: only the end of the newest frame is missing.
        if len(self._pieces) == self._newest - self._expected + 1:
            self._hole_since_s = None
        elif self._hole_since_s is None:
            self._hole_since_s = self._asked_again_s = now_s
        elif now_s - self._hole_since_s > HOLE_PATIENCE_S:
            self.start_over()
            self._pieces.clear()

    def _forget_before(self, first: int) -> None:
        for number in [number for number in self._pieces if number < first]:
            del self._pieces[number]
