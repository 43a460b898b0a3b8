"""The radio receiver for battery-free pendants: an EnOcean USB 300 stick."""

import time
from collections.abc import Callable, Collection

from hal import esp3
from hal.boottime import monotonic_s
from hal.esp3 import Kind
from hal.listener import Listener
from hal.ports import HardwareError, PendantPressed
from hal.serial_line import SerialLine, SerialService

BAUD = 57_600
# A press is sent three times within 40 ms, and again by repeaters.
_REPEATED_S = 0.3
_ASK_S = 60.0
_ANSWER_S = 3.0


class EnoceanPendants:
    """An EnOcean stick read by a thread of its own; it is opened again after it was unplugged."""

    def __init__(
        self,
        port: str,
        senders: Collection[str] = (),
        *,
        ask_s: float = _ASK_S,
        answer_s: float = _ANSWER_S,
        retry_s: float = 2.0,
    ) -> None:
        """Start the receiver.

        ``senders`` are ids of eight hex digits; without them every pendant is reported.
        """
        self._senders = frozenset(sender.upper() for sender in senders)
        self._ask_s, self._answer_s = ask_s, answer_s
        self._last: dict[str, float] = {}
        self._listener = Listener[PendantPressed]()
        self._service = SerialService(
            port, BAUD, self._serve, self._without, retry_s=retry_s, name="pendants"
        )
        self._service.start()

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Set the callback; it is called on the receiver's thread."""
        self._listener.set(heard)

    def health(self) -> str:
        """Return whether the stick is present and answers.

        Only a press can show that a pendant still works.
        """
        return self._service.fault

    def close(self) -> None:
        """Stop the thread and close the port."""
        self._service.close()
        self._listener.clear()

    def _serve(self, line: SerialLine) -> None:
        reader = esp3.Reader()
        asked_s, answered = time.monotonic(), False
        line.write(esp3.ARE_YOU_THERE)
        while not self._service.closing.is_set():
            wait_s = asked_s + (self._ask_s if answered else self._answer_s) - time.monotonic()
            for packet in reader.read(line.read(wait_s)):
                if packet.kind == Kind.RESPONSE:
                    answered, self._service.fault = True, ""
                self._take(packet)
            if time.monotonic() >= asked_s + (self._ask_s if answered else self._answer_s):
                if not answered:
                    raise HardwareError("the receiver does not answer: is it a USB 300?")
                line.write(esp3.ARE_YOU_THERE)
                asked_s, answered = time.monotonic(), False

    def _take(self, packet: esp3.Packet) -> None:
        rocker = esp3.read_rocker(packet)
        if rocker is None or (self._senders and rocker.sender not in self._senders):
            return
        now_s = monotonic_s()
        if not rocker.pressed:
            self._last.pop(rocker.sender, None)
            return
        before_s = self._last.get(rocker.sender)
        self._last[rocker.sender] = now_s
        if before_s is None or now_s - before_s > _REPEATED_S:
            self._listener.notify(PendantPressed(rocker.sender, now_s, rocker.signal_dbm))

    def _without(self, _reason: str) -> None:
        self._last.clear()
