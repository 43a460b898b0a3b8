"""Bookkeeping of SMS: sent messages that await reports, and received segments that await the others."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from hal import gsm_text
from hal.pdu import Concatenation, Deliver, Fate, StatusReport
from hal.ports import ModemEvent, SmsDelivered, SmsFailed, SmsReceived

# A sender of endless segments must not fill the memory.
MOST_UNFINISHED = 50
MOST_OUTSTANDING = 200
# The segments of a message are seconds apart; one missing after this long will not arrive.
LONE_PART_S = 600.0

# TP-Status as text (TS 23.040, 9.2.3.15).
_STATUS = {
    0x40: "remote procedure error",
    0x41: "incompatible destination",
    0x42: "connection rejected by the receiver",
    0x43: "the number cannot be reached",
    0x45: "the receiver is not subscribed to messages",
    0x46: "the validity period is over",
    0x47: "deleted by the sender",
    0x48: "deleted by the service centre",
    0x49: "the message is unknown to the service centre",
    0x60: "the network is congested",
    0x61: "the receiver's phone is busy",
    0x62: "the receiver's phone does not answer",
    0x63: "the service was rejected",
}


class Outgoing:
    """Maps the network's message references to our ids. The network counts to 255 and starts again."""

    def __init__(self) -> None:
        self._id_of: dict[int, str] = {}
        self._open_parts: dict[str, int] = {}

    def sent(self, id_: str, references: list[int]) -> None:
        """Record that every segment of a message was sent."""
        for reference in references:
            self._id_of.pop(reference, None)
            self._id_of[reference] = id_
        self._open_parts[id_] = len(references)
        while len(self._open_parts) > MOST_OUTSTANDING:
            self._forget(next(iter(self._open_parts)))

    def reported(self, report: StatusReport) -> Iterator[ModemEvent]:
        """Yield at most one event a message: when its last segment is delivered or its first is lost."""
        id_ = self._id_of.get(report.reference)
        if id_ is None or report.fate is Fate.TRYING:
            return
        del self._id_of[report.reference]
        self._open_parts[id_] -= 1
        if report.fate is Fate.FAILED:
            self._forget(id_)
            words = _STATUS.get(report.status, f"status 0x{report.status:02X}")
            yield SmsFailed(id_, f"not delivered: {words}")
        elif not self._open_parts[id_]:
            self._forget(id_)
            yield SmsDelivered(id_)

    def _forget(self, id_: str) -> None:
        self._open_parts.pop(id_, None)
        self._id_of = {reference: other for reference, other in self._id_of.items() if other != id_}


class _Part(NamedTuple):
    deliver: Deliver
    place: str
    since_s: float


class Incoming:
    """Joins segments in whatever order they arrive; each stays in the modem until it may be deleted.

    ``place`` is the modem's storage index, empty where it stores none: after a restart it is read again.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[str, int, int], dict[int, _Part]] = {}

    def received(self, deliver: Deliver, place: str, now_s: float) -> tuple[list[SmsReceived], list[str]]:
        """Add a segment; return the message that is complete, if any, and the places to delete."""
        if deliver.part is None:
            return [_whole([deliver])], [place]
        key = _key(deliver, deliver.part)
        parts = self._parts.setdefault(key, {})
        known = parts.get(deliver.part.number)
        parts[deliver.part.number] = _Part(deliver, place, known.since_s if known else now_s)
        if len(parts) < deliver.part.total:
            return self._limit()
        return self._end(key)

    def overdue(self, now_s: float) -> tuple[list[SmsReceived], list[str]]:
        """Return what has waited too long for its missing segments, each handled as it is."""
        late = [
            key
            for key, parts in self._parts.items()
            if now_s - min(part.since_s for part in parts.values()) >= LONE_PART_S
        ]
        ended = [self._end(key) for key in late]
        return [event for events, _ in ended for event in events], [
            place for _, places in ended for place in places
        ]

    def _limit(self) -> tuple[list[SmsReceived], list[str]]:
        return self._end(next(iter(self._parts))) if len(self._parts) > MOST_UNFINISHED else ([], [])

    def _end(self, key: tuple[str, int, int]) -> tuple[list[SmsReceived], list[str]]:
        parts = self._parts.pop(key)
        whole = _whole([parts[number].deliver for number in sorted(parts)])
        return [whole], [part.place for part in parts.values()]


def _key(deliver: Deliver, part: Concatenation) -> tuple[str, int, int]:
    return deliver.number, part.reference, part.total


def _whole(parts: list[Deliver]) -> SmsReceived:
    """Join the units before they are decoded: some senders cut a character in two."""
    first = parts[0]
    if all(part.coding is first.coding for part in parts):
        text = gsm_text.decode(first.coding, b"".join(part.units for part in parts))
    else:
        text = "".join(part.text for part in parts)
    return SmsReceived(first.number, text, first.sent_at or datetime.now(UTC))
