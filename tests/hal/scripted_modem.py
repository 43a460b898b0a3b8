"""A scripted modem; by default every command succeeds."""

import re
import threading
from pathlib import Path

from hal import gsm_text, pdu
from tests.hal.serial_device import SerialDevice

CENTRE = "07911326040000F0"


def swapped(digits: str) -> str:
    """Digits in pairs, as PDUs have them."""
    padded = digits + "F" * (len(digits) % 2)
    return "".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2))


def deliver_pdus(number: str, text: str, reference: int = 7) -> list[str]:
    """Return the PDUs that a modem reports when ``text`` comes in (TS 23.040, 9.2.2.1)."""
    coding, units = gsm_text.encode(text)
    parts = gsm_text.split(coding, units)
    found = []
    for place, part in enumerate(parts, 1):
        header = bytes((5, 0, 3, reference, len(parts), place)) if len(parts) > 1 else b""
        fill = -8 * len(header) % 7
        data = header + (gsm_text.pack(part, fill) if coding is gsm_text.Coding.GSM7 else part)
        septets = (8 * len(header) + fill) // 7 + len(part)
        length = septets if coding is gsm_text.Coding.GSM7 else len(data)
        digits = number.removeprefix("+")
        found.append(
            f"{CENTRE}{0x44 if header else 0x04:02X}{len(digits):02X}91{swapped(digits)}00{coding:02X}"
            f"62112102000080{length:02X}{data.hex().upper()}"
        )
    return found


def report_pdu(reference: int, number: str, status: int) -> str:
    """Return the PDU of a delivery report for one segment (TS 23.040, 9.2.2.3)."""
    digits = number.removeprefix("+")
    moment = "62112102000080"
    return f"{CENTRE}06{reference:02X}{len(digits):02X}91{swapped(digits)}{moment}{moment}{status:02X}"


class ScriptedModem(SerialDevice):
    """Answers AT commands. ``script`` overrides the answer to a command; ``None`` there means no answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.script: dict[str, str | None] = {}
        self.commands: list[str] = []
        self.sent: list[str] = []
        self.memories: dict[str, dict[int, str]] = {"SM": {}, "ME": {}}
        self.selected = "SM"
        self.arrives_in = "SM"
        self.refuse: str | None = None
        self.silent_after_pdu = False
        self.report_status: int | None = 0x00
        self.in_small_pieces = False
        self.noise = b""
        self._heard = b""
        self._awaits_pdu = False
        self._reference = 250
        # Test and modem write from two threads; lines must not be mixed.
        self._speaking = threading.Lock()

    @property
    def stored(self) -> dict[int, str]:
        """Return the messages stored on the SIM, by index."""
        return self.memories["SM"]

    @stored.setter
    def stored(self, messages: dict[int, str]) -> None:
        self.memories["SM"] = messages

    def unplug(self) -> None:
        """Simulate unplugging; an incomplete command is dropped."""
        super().unplug()
        self._heard, self._awaits_pdu = b"", False

    def answer(self, octets: bytes) -> None:
        self._heard += octets.replace(b"\x1b", b"")
        while found := re.search(rb"[\r\x1a]", self._heard):
            line = self._heard[: found.start()].decode().strip()
            self._heard = self._heard[found.end() :]
            if self._awaits_pdu:
                self._take_pdu(line)
            elif line:
                self.commands.append(line)
                self._obey(line)

    def receive(self, number: str, text: str, reference: int = 7) -> None:
        """Simulate an incoming message: stored and announced."""
        for body in deliver_pdus(number, text, reference):
            self.keep_and_announce(body)

    def keep_and_announce(self, body: str) -> None:
        """Store and announce a message or a segment, as when it arrives from the network."""
        memory = self.memories[self.arrives_in]
        place = max(memory, default=0) + 1
        memory[place] = body
        self.speak(f'+CMTI: "{self.arrives_in}",{place}')

    def report(self, reference: int, number: str, status: int) -> None:
        """Simulate an incoming status report."""
        body = report_pdu(reference, number, status)
        self.speak(f"+CDS: {len(body) // 2 - 8}\r\n{body}")

    def speak(self, words: str) -> None:
        """Write a line framed as modems do."""
        octets = self.noise + f"\r\n{words}\r\n".encode()
        step = 1 if self.in_small_pieces else len(octets)
        with self._speaking:
            for at in range(0, len(octets), step):
                self.say(octets[at : at + step])

    def _obey(self, line: str) -> None:
        if line in self.script:
            if (words := self.script[line]) is not None:
                self.speak(words)
        elif line.startswith("AT+CMGS="):
            self._awaits_pdu = True
            self.say(b"\r\n> ")
        elif line.startswith(("AT+CPMS", "AT+CMG")) and "=" in line:
            self._obey_memory(line)
        else:
            facts = {"AT+CPIN?": "+CPIN: READY", "AT+CREG?": "+CREG: 0,1", "AT+CSQ": "+CSQ: 19,99"}
            self.speak(f"{facts[line]}\r\n\r\nOK" if line in facts else "OK")

    def _obey_memory(self, line: str) -> None:
        command, _, value = line.partition("=")
        here = self.memories[self.selected]
        match command, value:
            case "AT+CPMS", "?":
                self.speak('+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")')
            case "AT+CPMS", memory:
                self.selected = memory.strip('"')
            case "AT+CMGL", "4":
                for place, body in list(here.items()):
                    self.speak(f"+CMGL: {place},0,,{len(body) // 2 - 8}\r\n{body}")
            case "AT+CMGR", place_:
                if body := here.get(int(place_), ""):
                    self.speak(f"+CMGR: 0,,{len(body) // 2 - 8}\r\n{body}")
            case "AT+CMGD", place_:
                here.pop(int(place_), None)
        self.speak("OK")

    def _take_pdu(self, body: str) -> None:
        self._awaits_pdu = False
        if self.silent_after_pdu:
            return
        if self.refuse:
            self.speak(self.refuse)
            return
        self.sent.append(body)
        self._reference = self._reference + 1 & 0xFF
        self.speak(f"+CMGS: {self._reference}\r\n\r\nOK")
        if self.report_status is not None:
            number, _ = read_submit(body)
            self.report(self._reference, number, self.report_status)


def read_submit(body: str) -> tuple[str, pdu.Deliver]:
    """Parse a PDU that we sent into its number and content: a DELIVER with the fields in another order."""
    octets = bytes.fromhex(body)
    assert octets[0] == 0
    first, digits = octets[1], octets[3]
    end = 5 + (digits + 1) // 2
    address = octets[3:end]
    assert octets[end + 2] == 0xA7  # TP-VP: one day
    rest = octets[end : end + 2] + bytes.fromhex("62112102000080") + octets[end + 3 :]
    as_deliver = bytes.fromhex(CENTRE) + bytes(((first & 0x40) | 0x04,)) + address + rest
    read = pdu.read(as_deliver.hex())
    assert isinstance(read, pdu.Deliver)
    return read.number, read
