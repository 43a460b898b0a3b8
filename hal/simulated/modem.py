"""A simulated modem whose network behaves as the test sets it."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from hal.listener import Listener
from hal.ports import (
    ModemEvent,
    ModemState,
    Registration,
    Sim,
    SmsDelivered,
    SmsFailed,
    SmsReceived,
    SmsSent,
)
from hal.simulated.component import SimulatedComponent


class Network(StrEnum):
    """How the simulated network handles a message."""

    DELIVERS = "delivers"
    TAKES = "takes"  # sent, without a delivery report
    REFUSES = "refuses"
    SILENT = "silent"  # no report until the behaviour changes


class SimulatedModem(SimulatedComponent):
    """A modem that records each message in ``history``: ``("send", number, text, id)``."""

    def __init__(self) -> None:
        super().__init__()
        self._state = ModemState(True, Sim.READY, Registration.HOME, -75)
        self._network = Network.DELIVERS
        self._waiting: list[str] = []
        self._listener = Listener[ModemEvent]()

    def send(self, number: str, text: str, id: str) -> None:  # noqa: A002 - the port's signature
        """Report the result before returning, as the network is set."""
        self.note("send", number, text, id)
        if self.dead:
            self._listener.notify(SmsFailed(id, f"no modem: {self.health() or 'closed'}"))
            return
        self._waiting.append(id)
        self._answer()

    def state(self) -> ModemState:
        """Return the state that was set."""
        return ModemState() if self.dead else self._state

    def watch(self, heard: Callable[[ModemEvent], None]) -> None:
        """Set the callback; it is called on the thread that causes the event."""
        self._listener.set(heard)

    def health(self) -> str:
        """Return whether it is unplugged, without SIM or without network."""
        if self._fault or self._state.ready:
            return self._fault
        if self._state.sim is not Sim.READY:
            return f"the SIM is {self._state.sim}"
        return f"the mobile network says: {self._state.registration}"

    def be(self, network: Network) -> None:
        """Set the network's behaviour, also for messages that wait."""
        self._network = network
        self._answer()

    def set_state(self, state: ModemState) -> None:
        """Set SIM, registration and signal."""
        self._state = state

    def receive(self, number: str, text: str, sent_at: datetime | None = None) -> None:
        """Let a text message arrive from this number."""
        self.note("receive", number, text)
        if not self.dead:
            self._listener.notify(SmsReceived(number, text, sent_at or datetime.now(UTC)))

    def close(self) -> None:
        """Stop reporting messages and answers."""
        super().close()
        self._listener.clear()

    def _answer(self) -> None:
        if self._network is Network.SILENT:
            return
        waiting, self._waiting = self._waiting, []
        for id_ in waiting:
            if self._network is Network.REFUSES:
                self._listener.notify(SmsFailed(id_, "the network refused the message"))
                continue
            self._listener.notify(SmsSent(id_))
            if self._network is Network.DELIVERS:
                self._listener.notify(SmsDelivered(id_))
