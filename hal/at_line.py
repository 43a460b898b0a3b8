"""AT commands and responses on the serial line to a modem (ITU-T V.250; 3GPP TS 27.005 and 27.007)."""

import re
import time
from collections import deque

from hal.ports import HardwareError
from hal.serial_line import SerialLine

_FINAL = re.compile(r"^(OK|ERROR|NO CARRIER|\+CM[ES] ERROR: ?.*)$")
# Unsolicited result codes that we use; a message's PDU follows on a line of its own (TS 27.005, 3.4.1).
_WANTED = re.compile(r"^(\+CMTI|\+CDSI): ?")
_WITH_PDU = re.compile(r"^(\+CMT|\+CDS): ?")
HEX = re.compile(r"^[0-9A-Fa-f]+$")
_PROMPT = b">"
_END_OF_PDU, _ESCAPE = b"\x1a", b"\x1b"
# A modem that sends this much without a line end sends noise.
_LONGEST_LINE = 4096

# TS 27.005, 3.2.5 and TS 27.007, 9.2: only the errors that somebody can act on.
_ERRORS = {
    "+CME ERROR: 10": "there is no SIM",
    "+CME ERROR: 11": "the SIM asks for its PIN",
    "+CME ERROR: 12": "the SIM asks for its PUK",
    "+CME ERROR: 13": "the SIM is broken",
    "+CME ERROR: 14": "the SIM is busy",
    "+CME ERROR: 16": "the PIN is wrong",
    "+CME ERROR: 30": "there is no mobile network",
    "+CMS ERROR: 8": "the operator bars this number",
    "+CMS ERROR: 10": "the subscription bars messages",
    "+CMS ERROR: 21": "the network rejected the message",
    "+CMS ERROR: 27": "the receiver is out of service",
    "+CMS ERROR: 28": "the network does not know the number",
    "+CMS ERROR: 38": "the mobile network is out of order",
    "+CMS ERROR: 41": "the network failed for a moment",
    "+CMS ERROR: 42": "the network is congested",
    "+CMS ERROR: 50": "the subscription has no messages",
    "+CMS ERROR: 310": "there is no SIM",
    "+CMS ERROR: 311": "the SIM asks for its PIN",
    "+CMS ERROR: 313": "the SIM is broken",
    "+CMS ERROR: 316": "the SIM asks for its PUK",
    "+CMS ERROR: 322": "the modem's memory is full",
    "+CMS ERROR: 330": "the number of the service centre is not known",
    "+CMS ERROR: 331": "there is no mobile network",
    "+CMS ERROR: 332": "the network did not answer in time",
}


class AtError(HardwareError):
    """The modem answered with an error."""


class AtSilent(HardwareError):
    """The modem did not answer in time."""


class AtLine:
    """Runs one AT command at a time.

    ``unasked`` holds the unsolicited result codes, each with its PDU if it has one.
    """

    def __init__(self, line: SerialLine, answer_s: float = 5.0) -> None:
        self._line = line
        self._answer_s = answer_s
        self._octets = b""
        self._announced = ""
        self.unasked: deque[tuple[str, str]] = deque()

    def command(self, words: str, seconds: float | None = None) -> list[str]:
        """Run a command and return the lines of its response.

        Raises ``AtError``, ``AtSilent``, ``HardwareAbsent``.
        """
        self._line.write(words.encode("ascii") + b"\r")
        return self._answer(words, seconds or self._answer_s)

    def send_pdu(self, length: int, pdu: str, seconds: float) -> int:
        """Send a PDU with ``AT+CMGS`` and return the network's message reference.

        Raises as ``command`` does.
        """
        words = f"AT+CMGS={length}"
        self._line.write(words.encode("ascii") + b"\r")
        self._wait_for_prompt(words)
        self._line.write(pdu.encode("ascii") + _END_OF_PDU)
        for line in self._answer(pdu, seconds):
            if found := re.match(r"^\+CMGS: ?(\d{1,3})", line):
                return int(found[1])
        raise AtError("the modem says OK and does not say what it sent")

    def break_off(self) -> None:
        """Abort any prompt the modem may be in and discard all input so far."""
        self._line.write(_ESCAPE + b"\r")
        while self._line.read(0.1):
            pass
        self._octets, self._announced = b"", ""

    def listen(self, seconds: float) -> None:
        """Read unsolicited result codes until something arrives, the time is over or the line is woken."""
        self._take_all()  # what arrived together with the last response
        if not self.unasked:
            self._octets += self._line.read(seconds)
            self._take_all()

    def _answer(self, echo: str, seconds: float) -> list[str]:
        deadline = time.monotonic() + seconds
        lines: list[str] = []
        while (line := self._next_line(deadline)) is not None:
            if line == echo or self._take(line):
                continue
            if not _FINAL.match(line):
                lines.append(line)
            elif line == "OK":
                return lines
            else:
                raise AtError(_in_words(line))
        raise AtSilent(f"the modem does not answer to {echo[:20]}")

    def _wait_for_prompt(self, echo: str) -> None:
        deadline = time.monotonic() + self._answer_s
        while time.monotonic() < deadline:
            while (line := self._line_there()) is not None:
                if line != echo and not self._take(line) and _FINAL.match(line):
                    raise AtError(_in_words(line))
            if self._octets.lstrip().startswith(_PROMPT):
                self._octets = b""
                return
            self._octets += self._line.read(deadline - time.monotonic())
        raise AtSilent(f"the modem does not answer to {echo}")

    def _next_line(self, deadline: float) -> str | None:
        while True:
            if (line := self._line_there()) is not None:
                return line
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return None
            self._octets += self._line.read(left_s)

    def _line_there(self) -> str | None:
        """Return the next line that is complete and not empty, or None."""
        while b"\r" in self._octets or b"\n" in self._octets:
            line, _, self._octets = self._octets.replace(b"\r", b"\n").partition(b"\n")
            if words := line.decode("ascii", "replace").strip():
                return words
        self._octets = self._octets[-_LONGEST_LINE:]
        return None

    def _take_all(self) -> None:
        while (line := self._line_there()) is not None:
            self._take(line)

    def _take(self, line: str) -> bool:
        """Store an unsolicited result code; return False for any other line."""
        announced, self._announced = self._announced, ""
        if announced and HEX.match(line):
            self.unasked.append((announced, line))
            return True
        if _WITH_PDU.match(line):
            self._announced = line
            return True
        if _WANTED.match(line):
            self.unasked.append((line, ""))
            return True
        return False


def _in_words(line: str) -> str:
    """Return a final result code as readable text."""
    return _ERRORS.get(re.sub(r"ERROR: *", "ERROR: ", line), line)
