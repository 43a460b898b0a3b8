"""SMS TPDUs of 3GPP TS 23.040, in hex as TS 27.005 exchanges them with the modem."""

from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import NamedTuple

from hal import gsm_text
from hal.gsm_text import Coding

LONGEST_PARTS = 255

# First octet of a SUBMIT (TS 23.040, 9.2.2.2): type, relative validity, status report wanted, header inside.
_SUBMIT, _RELATIVE, _REPORT, _HEADER = 0x01, 0x10, 0x20, 0x40
_VALID_24_H = 0xA7
_INTERNATIONAL, _NATIONAL, _ALPHANUMERIC = 0x91, 0x81, 0xD0
_DIGITS = "0123456789*#abc"
_CONCATENATED_8, _CONCATENATED_16 = 0x00, 0x08


class PduError(ValueError):
    """A PDU that cannot be parsed, or a text that does not fit into an SMS."""


class Submit(NamedTuple):
    """A PDU to send; ``length`` is the argument of ``AT+CMGS``: octets without the service centre address."""

    hex: str
    length: int


class Concatenation(NamedTuple):
    """The segment's place in a concatenated message; ``number`` counts from 1."""

    reference: int
    total: int
    number: int


class Deliver(NamedTuple):
    """A received message or segment.

    ``units`` as in ``gsm_text``; ``sent_at`` is None where it is invalid.
    """

    number: str
    sent_at: datetime | None
    coding: Coding
    units: bytes
    part: Concatenation | None

    @property
    def text(self) -> str:
        """Return the text of this segment alone."""
        return gsm_text.decode(self.coding, self.units)


class Fate(IntEnum):
    """Delivery status in the groups of TP-Status (TS 23.040, 9.2.3.15)."""

    DELIVERED = 0
    TRYING = 1
    FAILED = 2


class StatusReport(NamedTuple):
    """Delivery status of the segment that the modem sent as ``reference``."""

    reference: int
    number: str
    fate: Fate
    status: int


def submit(number: str, text: str, reference: int) -> list[Submit]:
    """Build the PDUs of one message, all to be sent. ``reference`` is 0 to 255, unique within a minute.

    Raises ``PduError`` for more than 255 segments.
    """
    coding, units = gsm_text.encode(text)
    parts = gsm_text.split(coding, units)
    if len(parts) > LONGEST_PARTS:
        raise PduError(f"the text is too long: it would take {len(parts)} messages")
    if len(parts) == 1:
        return [_submit(number, coding, parts[0], b"")]
    headers = [
        bytes((5, _CONCATENATED_8, 3, reference & 0xFF, len(parts), place + 1)) for place in range(len(parts))
    ]
    return [_submit(number, coding, part, header) for part, header in zip(parts, headers, strict=True)]


def _submit(number: str, coding: Coding, units: bytes, header: bytes) -> Submit:
    first = _SUBMIT | _RELATIVE | _REPORT | (_HEADER if header else 0)
    fill_bits = -8 * len(header) % 7 if coding is Coding.GSM7 else 0
    data = header + (gsm_text.pack(units, fill_bits) if coding is Coding.GSM7 else units)
    length = (8 * len(header) + fill_bits) // 7 + len(units) if coding is Coding.GSM7 else len(data)
    tpdu = bytes((first, 0)) + _address(number) + bytes((0, coding, _VALID_24_H, length)) + data
    return Submit(hex=(b"\x00" + tpdu).hex().upper(), length=len(tpdu))


def _address(number: str) -> bytes:
    """Encode an address (TS 23.040, 9.1.2.5): count of digits, type, digits swapped in pairs."""
    digits = number.removeprefix("+")
    kind = _INTERNATIONAL if number.startswith("+") else _NATIONAL
    padded = digits + "F" * (len(digits) % 2)
    pairs = zip(padded[1::2], padded[::2], strict=True)
    return bytes((len(digits), kind)) + bytes.fromhex("".join(high + low for high, low in pairs))


def read(text: str) -> Deliver | StatusReport:
    """Parse a PDU from the modem. Raises ``PduError``."""
    try:
        octets = _Octets(bytes.fromhex(text))
        octets.take(octets.one())  # the service centre
        first = octets.one()
        if first & 0x03 == 0x00:
            return _deliver(first, octets)
        if first & 0x03 == 0x02:
            return _status_report(octets)
    except (ValueError, IndexError) as error:
        raise PduError(f"not a PDU: {error}") from None
    raise PduError("a kind of PDU that a modem does not hand over")


class _Octets:
    """Consumes octets from the front; raises ``IndexError`` at the end."""

    def __init__(self, octets: bytes) -> None:
        self._rest = octets

    def one(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        if count > len(self._rest):
            raise IndexError("it ends too early")
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    def address(self) -> str:
        length, kind = self.one(), self.one()
        octets = self.take((length + 1) // 2)
        if kind & 0x70 == _ALPHANUMERIC & 0x70:
            return gsm_text.decode(Coding.GSM7, gsm_text.unpack(octets, length * 4 // 7))
        nibbles = [nibble for octet in octets for nibble in (octet & 0x0F, octet >> 4)][:length]
        digits = "".join(_DIGITS[nibble] for nibble in nibbles if nibble < len(_DIGITS))
        return f"+{digits}" if kind & 0x70 == _INTERNATIONAL & 0x70 else digits

    def time(self) -> datetime | None:
        return _time(self.take(7))


def _deliver(first: int, octets: _Octets) -> Deliver:
    number = octets.address()
    octets.one()  # TP-PID
    coding = _coding(octets.one())
    sent_at = octets.time()
    length = octets.one()
    data = octets.take(-(-length * 7 // 8) if coding is Coding.GSM7 else length)
    header_length = 1 + data[0] if first & _HEADER and data else 0
    part = _concatenation(data[1:header_length]) if header_length else None
    if coding is not Coding.GSM7:
        return Deliver(number, sent_at, coding, data[header_length:], part)
    fill_bits = -8 * header_length % 7
    count = max(0, length - (8 * header_length + fill_bits) // 7)
    units = gsm_text.unpack(data[header_length:], count, fill_bits)
    return Deliver(number, sent_at, coding, units, part)


def _coding(scheme: int) -> Coding:
    """Return the coding (TS 23.038, 4). Compressed text is read as bytes; nobody sends it."""
    group = scheme >> 4
    if group < 0x4:
        kind = {0x00: Coding.GSM7, 0x08: Coding.UCS2}.get(scheme & 0x0C, Coding.BYTES)
        return Coding.BYTES if scheme & 0x20 else kind
    if group == 0xE:
        return Coding.UCS2
    return Coding.BYTES if group == 0xF and scheme & 0x04 else Coding.GSM7


def _concatenation(header: bytes) -> Concatenation | None:
    """Parse the concatenation header (TS 23.040, 9.2.3.24.1 and .8); None where its numbers are invalid."""
    elements = _Octets(header)
    found = None
    while True:
        try:
            kind, value = elements.one(), elements.take(elements.one())
        except IndexError:
            return found
        if kind in (_CONCATENATED_8, _CONCATENATED_16) and len(value) in (3, 4):
            reference, total, number = int.from_bytes(value[:-2], "big"), value[-2], value[-1]
            if 1 <= number <= total:
                found = Concatenation(reference, total, number)


def _status_report(octets: _Octets) -> StatusReport:
    """Parse a status report (TS 23.040, 9.2.2.3)."""
    reference, number = octets.one(), octets.address()
    octets.take(14)  # timestamps of service centre and discharge
    status = octets.one()
    fate = Fate.DELIVERED if status < 0x20 else Fate.TRYING if status < 0x40 else Fate.FAILED
    return StatusReport(reference, number, fate, status)


def _time(octets: bytes) -> datetime | None:
    """Parse a timestamp (TS 23.040, 9.2.3.11): swapped digits; the zone in quarters of an hour."""
    year, month, day, hour, minute, second = (_two_digits(octet) for octet in octets[:6])
    quarters = _two_digits(octets[6] & 0xF7) * (-1 if octets[6] & 0x08 else 1)
    try:
        zone = timezone(timedelta(minutes=15 * quarters))
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _two_digits(octet: int) -> int:
    return 10 * (octet & 0x0F) + (octet >> 4)
