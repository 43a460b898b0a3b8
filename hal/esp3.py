"""Packets of EnOcean Serial Protocol 3 (specification 1.51), as a USB 300 stick sends them.

Own code: the maintained library needs a newer Python than the tablets have and brings hundreds of device
profiles.
"""

from enum import IntEnum
from typing import NamedTuple

_SYNC = 0x55
_HEADER_BYTES = 6
# No telegram is longer; a length that noise announces must not delay the next press.
_LONGEST = 255


class Kind(IntEnum):
    """Packet types (2.2) that are used here."""

    RADIO = 0x01
    RESPONSE = 0x02
    COMMAND = 0x05


class Packet(NamedTuple):
    """One packet; ``kind`` may be a number that ``Kind`` does not name."""

    kind: int
    data: bytes
    optional: bytes


class Rocker(NamedTuple):
    """A telegram of a rocker switch (EEP F6, RPS). ``pressed`` is false for the release."""

    sender: str
    pressed: bool
    signal_dbm: int | None


# CO_RD_VERSION (2.5.6): any working stick answers it.
ARE_YOU_THERE = bytes.fromhex("55 0001 00 05 70 03 09")


def crc8(octets: bytes) -> int:
    """Return the CRC-8 with polynomial x8 + x2 + x + 1 (3.3)."""
    value = 0
    for octet in octets:
        value ^= octet
        for _ in range(8):
            value = (value << 1 ^ (0x07 if value & 0x80 else 0)) & 0xFF
    return value


def write(kind: int, data: bytes, optional: bytes = b"") -> bytes:
    """Serialise a packet for the line (1.6)."""
    header = len(data).to_bytes(2, "big") + bytes((len(optional), kind))
    body = data + optional
    return bytes((_SYNC,)) + header + bytes((crc8(header),)) + body + bytes((crc8(body),))


class Reader:
    """Extracts packets from a byte stream and skips noise between them."""

    def __init__(self) -> None:
        self._octets = b""

    def read(self, octets: bytes) -> list[Packet]:
        """Add bytes and return the packets that are complete."""
        self._octets += octets
        found = []
        while self._octets:
            start = self._octets.find(_SYNC)
            self._octets = self._octets[start:] if start >= 0 else b""
            if len(self._octets) < _HEADER_BYTES:
                break
            length = int.from_bytes(self._octets[1:3], "big")
            if crc8(self._octets[1:5]) != self._octets[5] or length > _LONGEST:
                self._octets = self._octets[1:]  # not a real sync byte
                continue
            end = _HEADER_BYTES + length + self._octets[3] + 1
            if len(self._octets) < end:
                break
            if packet := _packet(self._octets[:end]):
                found.append(packet)
                self._octets = self._octets[end:]
            else:
                self._octets = self._octets[1:]
        return found


def _packet(octets: bytes) -> Packet | None:
    body = octets[_HEADER_BYTES:-1]
    if crc8(body) != octets[-1]:
        return None
    length = int.from_bytes(octets[1:3], "big")
    return Packet(octets[4], body[:length], body[length:])


def read_rocker(packet: Packet) -> Rocker | None:
    """Parse an EnOcean Equipment Profile 3.1 telegram, F6-01 to F6-04; return None for any other packet."""
    data = packet.data
    if packet.kind != Kind.RADIO or len(data) != 7 or data[0] != 0xF6:
        return None
    # Optional data (2.1): sub-telegram count, destination, strength as a positive number of -dBm, security.
    signal_dbm = -packet.optional[5] if len(packet.optional) >= 6 else None
    return Rocker(data[2:6].hex().upper(), bool(data[1] & 0x10), signal_dbm)
