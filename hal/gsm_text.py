"""Text encoding of the mobile network: the GSM alphabet in 7 bits, or UCS-2 (3GPP TS 23.038)."""

from enum import IntEnum

from gsm0338.codec import Codec

_GSM = Codec.NAME  # registered by the import
_ESCAPE = 0x1B


class Coding(IntEnum):
    """The data coding schemes that are sent (TS 23.038, 4); the values are TP-DCS."""

    GSM7 = 0x00
    BYTES = 0x04
    UCS2 = 0x08


_CODECS = {Coding.GSM7: _GSM, Coding.BYTES: "latin-1", Coding.UCS2: "utf-16-be"}

# Septets or octets in a single message and in a segment of a concatenated one (TS 23.040, 9.2.3.24.1).
ALONE = {Coding.GSM7: 160, Coding.UCS2: 140}
PART = {Coding.GSM7: 153, Coding.UCS2: 134}


def encode(text: str) -> tuple[Coding, bytes]:
    """Encode text: one septet a byte, or UTF-16 octets, which phones accept where UCS-2 is declared."""
    try:
        if chr(_ESCAPE) in text:  # the codec passes it, and it would swallow the next character
            return Coding.UCS2, text.encode("utf-16-be", "replace")
        return Coding.GSM7, text.encode(_GSM)
    except UnicodeEncodeError:
        return Coding.UCS2, text.encode("utf-16-be", "replace")


def decode(coding: Coding, units: bytes) -> str:
    """Decode the units of a whole text; invalid ones become U+FFFD."""
    return units.decode(_CODECS[coding], "replace")


def split(coding: Coding, units: bytes) -> list[bytes]:
    """Split into segments to send; no character is cut in two."""
    if len(units) <= ALONE[coding]:
        return [units]
    parts = []
    while units:
        end = min(PART[coding], len(units))
        if end < len(units) and _cuts_a_character(coding, units, end):
            end -= 1 if coding is Coding.GSM7 else 2
        parts.append(units[:end])
        units = units[end:]
    return parts


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Pack septets into octets, lowest bit first, after ``fill_bits`` zeros (TS 23.038, 6.1.2.1)."""
    bits = 0
    for position, septet in enumerate(septets):
        bits |= septet << (7 * position + fill_bits)
    return bits.to_bytes((7 * len(septets) + fill_bits + 7) // 8, "little")


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """Unpack the first ``count`` septets of the octets."""
    bits = int.from_bytes(octets, "little") >> fill_bits
    there = min(count, (8 * len(octets) - fill_bits) // 7)
    return bytes(bits >> (7 * position) & 0x7F for position in range(there))


def _cuts_a_character(coding: Coding, units: bytes, end: int) -> bool:
    if coding is Coding.GSM7:
        return units[end - 1] == _ESCAPE
    return 0xD8 <= units[end - 2] <= 0xDB  # high surrogate (RFC 2781, 2.1)
