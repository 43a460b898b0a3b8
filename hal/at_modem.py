"""A GSM, 4G or 5G modem at a serial port: SMS by AT commands in PDU mode (3GPP TS 27.005, 27.007)."""

import logging
import queue
import re
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from hal import at_line, at_questions, pdu
from hal.at_line import AtError, AtLine
from hal.listener import Listener
from hal.ports import (
    HardwareAbsent,
    HardwareError,
    ModemEvent,
    ModemState,
    Sim,
    SmsFailed,
    SmsSent,
)
from hal.serial_line import SerialLine, SerialService
from hal.sms_ledger import Incoming, Outgoing

_log = logging.getLogger(__name__)

_NUMBER = re.compile(r"^\+?[0-9]{3,15}$")
# The modem stores messages until we have read them and sends reports at once; not every modem supports every
# form.
_INDICATIONS = ("AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,2,0", "AT+CNMI=1,1,0,1,0", "AT+CNMI=2,1")
# An unreadable message must not fill the modem's memory.
_MOST_LOOKS = 3


class Timing(NamedTuple):
    """Timeouts in seconds.

    A network may take a minute for one segment of a message (TS 27.005 sets no limit).
    """

    answer_s: float = 5.0
    send_s: float = 60.0
    look_s: float = 60.0
    retry_s: float = 2.0
    attempts: int = 5


class _Message(NamedTuple):
    number: str
    text: str
    id: str


class AtModem:
    """A modem whose port belongs to a thread of its own; it is opened again after it was unplugged."""

    def __init__(self, port: str, baud: int = 115200, pin: str = "", timing: Timing | None = None) -> None:
        """Start the modem's thread. ``pin`` is tried only once: the third wrong PIN would lock the SIM."""
        self._timing = timing or Timing()
        self._pin = pin
        self._state = ModemState()
        self._messages: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._outgoing, self._incoming = Outgoing(), Incoming()
        self._reference = int(time.time()) & 0xFF
        self._listening = False
        self._unread: dict[str, int] = {}
        self._memories: list[str] = []
        self._memory = ""
        self._listener = Listener[ModemEvent]()
        self._service = SerialService(
            port, baud, self._serve, self._without, retry_s=self._timing.retry_s, name="modem"
        )
        self._service.start()

    def send(self, number: str, text: str, id: str) -> None:  # noqa: A002 - the port's signature
        """Queue the message; the modem's thread sends it."""
        self._messages.put(_Message(number, text, id))
        self._service.wake()

    def state(self) -> ModemState:
        """Return the state of the last poll."""
        return self._state

    def watch(self, heard: Callable[[ModemEvent], None]) -> None:
        """Set the callback; it is called on the modem's thread."""
        self._listener.set(heard)

    def health(self) -> str:
        """Return the first fault of port, response, SIM and network."""
        state = self._state
        if not state.present:
            return self._service.fault
        if state.sim is not Sim.READY:
            return f"the SIM is {state.sim}"
        if not state.ready:
            return f"no mobile network: {state.registration}"
        return ""

    def close(self) -> None:
        """Stop the thread and close the port."""
        self._service.close()
        self._listener.clear()

    def _serve(self, line: SerialLine) -> None:
        at = AtLine(line, self._timing.answer_s)
        self._greet(at)
        self._listening = False
        self._memory = ""
        look_at_s = 0.0
        while not self._service.closing.is_set():
            if time.monotonic() >= look_at_s:
                self._look(at)
                look_at_s = time.monotonic() + self._timing.look_s
            elif not self._messages.empty():
                self._send(at, self._messages.get())
            else:
                at.listen(look_at_s - time.monotonic())
            self._hear(at)

    def _without(self, reason: str) -> None:
        self._state = ModemState()
        while not self._messages.empty():
            self._listener.notify(SmsFailed(self._messages.get().id, f"no modem: {reason}"))

    def _greet(self, at: AtLine) -> None:
        """Synchronise with a modem that may be silent or send garbage for some seconds after its start."""
        for attempt in range(self._timing.attempts):
            at.break_off()
            try:
                at.command("ATE0", self._timing.answer_s / 2)
                break
            except HardwareAbsent:
                raise
            except HardwareError:
                if attempt == self._timing.attempts - 1:
                    raise
        at.command("AT+CMEE=1")

    def _look(self, at: AtLine) -> None:
        """Poll SIM, network and signal, and fetch messages whose notification was lost."""
        sim = self._ask_sim(at)
        registration = at_questions.registration(at)
        self._state = ModemState(True, sim, registration, at_questions.signal_dbm(at))
        self._service.fault = ""
        if sim is Sim.READY and not self._listening:
            self._begin_to_listen(at)
        if self._listening:
            self._collect(at)

    def _ask_sim(self, at: AtLine) -> Sim:
        sim = at_questions.sim(at)
        pin, self._pin = (self._pin, "") if sim is Sim.LOCKED else ("", self._pin)
        return at_questions.unlock(at, pin) if pin else sim

    def _begin_to_listen(self, at: AtLine) -> None:
        """Select PDU mode and notifications; the poll every minute covers modems that lack the latter."""
        try:
            at.command("AT+CMGF=0")
        except AtError as error:
            _log.warning("the modem is not ready for messages yet: %s", error)
            return
        at_questions.quietly(at, "AT+CSMS=0")
        self._memories = at_questions.memories(at)
        self._select(at, self._memories[0] if self._memories else "")
        for command in _INDICATIONS:
            try:
                at.command(command)
                break
            except AtError as error:
                _log.info("the modem does not know %s: %s", command, error)
        self._listening = True

    def _select(self, at: AtLine, memory: str) -> bool:
        """Select a message memory for reading and deleting; return whether the modem accepted it."""
        if not memory or memory == self._memory:
            return True
        try:
            at.command(f'AT+CPMS="{memory}"')
        except AtError as error:
            _log.info("the modem cannot read its memory %s: %s", memory, error)
            return False
        self._memory = memory
        return True

    def _collect(self, at: AtLine) -> None:
        """Fetch the messages of every memory.

        Each is reported before it is deleted: rather twice than never.
        """
        for memory in self._memories or [""]:
            if self._select(at, memory):
                self._collect_here(at)
        events, done = self._incoming.overdue(time.monotonic())
        self._tell(at, events, done)

    def _collect_here(self, at: AtLine) -> None:
        place = ""
        for line in at_questions.quietly(at, "AT+CMGL=4"):
            if found := re.match(r"\+CMGL: ?(\d+),", line):
                place = found[1]
            elif place and at_line.HEX.match(line):
                self._take(at, place, line)
                place = ""

    def _hear(self, at: AtLine) -> None:
        while at.unasked:
            head, body = at.unasked.popleft()
            if found := re.match(r'\+(CMTI|CDSI): ?"?(\w+)"?,(\d+)', head):
                self._fetch(at, found[2], found[3])
            else:
                self._receive(at, body, "")

    def _fetch(self, at: AtLine, memory: str, place: str) -> None:
        if not self._select(at, memory):
            return
        for line in at_questions.quietly(at, f"AT+CMGR={place}"):
            if at_line.HEX.match(line):
                self._take(at, place, line)

    def _take(self, at: AtLine, place: str, body: str) -> None:
        """Handle one stored message.

        An unreadable one may be a line error: it is deleted only after several polls.
        """
        kept = f"{self._memory}/{place}"
        if self._receive(at, body, kept):
            self._unread.pop(kept, None)
            return
        self._unread[kept] = self._unread.get(kept, 0) + 1
        if self._unread[kept] == _MOST_LOOKS:
            del self._unread[kept]
            self._delete(at, kept)

    def _delete(self, at: AtLine, kept: str) -> None:
        memory, _slash, place = kept.partition("/")
        if place and self._select(at, memory):
            at_questions.quietly(at, f"AT+CMGD={place}")

    def _tell(self, at: AtLine, events: Iterable[ModemEvent], done: Iterable[str]) -> None:
        for event in events:
            self._listener.notify(event)
        for kept in done:
            self._delete(at, kept)

    def _receive(self, at: AtLine, body: str, kept: str) -> bool:
        """Handle one PDU; return whether it could be parsed."""
        try:
            read = pdu.read(body)
        except pdu.PduError as error:
            _log.warning("a message could not be read: %s", error)
            return False
        if isinstance(read, pdu.Deliver):
            self._tell(at, *self._incoming.received(read, kept, time.monotonic()))
        else:
            self._tell(at, self._outgoing.reported(read), [kept])
        return True

    def _send(self, at: AtLine, message: _Message) -> None:
        try:
            references = self._send_parts(at, message)
        except (AtError, pdu.PduError) as error:
            self._listener.notify(SmsFailed(message.id, str(error)))
        except HardwareError as error:
            self._state = ModemState()
            self._listener.notify(SmsFailed(message.id, f"{error}; it may have been sent"))
            raise
        else:
            self._outgoing.sent(message.id, references)
            self._listener.notify(SmsSent(message.id))

    def _send_parts(self, at: AtLine, message: _Message) -> list[int]:
        if not _NUMBER.match(message.number):
            raise pdu.PduError(f"'{message.number}' is no phone number")
        self._reference = self._reference + 1 & 0xFF
        parts = pdu.submit(message.number, message.text, self._reference)
        if self._state.sim is not Sim.READY:
            raise AtError(f"the SIM is {self._state.sim}")
        return [at.send_pdu(part.length, part.hex, self._timing.send_s) for part in parts]
