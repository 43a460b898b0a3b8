"""Text messages over the mobile network, without internet."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.component import Component


class Sim(StrEnum):
    """State of the SIM in the modem."""

    READY = "ready"
    LOCKED = "locked"  # needs a PIN or PUK
    MISSING = "missing"
    UNKNOWN = "unknown"


class Registration(StrEnum):
    """Network registration (3GPP TS 27.007, 7.2)."""

    HOME = "home"
    ROAMING = "roaming"
    SEARCHING = "searching"
    DENIED = "denied"
    NONE = "none"
    UNKNOWN = "unknown"


class ModemState(NamedTuple):
    """State of the last poll. ``signal_dbm`` is about -113 (none) to -51, ``None`` where unknown."""

    present: bool = False
    sim: Sim = Sim.UNKNOWN
    registration: Registration = Registration.UNKNOWN
    signal_dbm: int | None = None

    @property
    def ready(self) -> bool:
        """Return whether a message could be sent now."""
        registered = self.registration in (Registration.HOME, Registration.ROAMING)
        return self.present and self.sim is Sim.READY and registered


class SmsSent(NamedTuple):
    """The network has accepted every segment of the message. It is not delivered yet."""

    id: str


class SmsDelivered(NamedTuple):
    """Every segment is on the recipient's phone."""

    id: str


class SmsFailed(NamedTuple):
    """The message was not sent or not delivered.

    The caller may retry under a new id; the adapter does not.
    """

    id: str
    reason: str


class SmsReceived(NamedTuple):
    """A complete message, joined from its segments. ``sent_at`` is aware, from the network's clock."""

    number: str
    text: str
    sent_at: datetime


ModemEvent = SmsSent | SmsDelivered | SmsFailed | SmsReceived


class Modem(Component, Protocol):
    """Sends and receives SMS. ``health`` covers modem, SIM and network."""

    def send(self, number: str, text: str, id: str) -> None:  # noqa: A002 - the plain name for a message's id
        """Queue a message of any length to an international number (``+358…``); returns at once.

        Exactly one of ``SmsSent`` and ``SmsFailed`` follows, immediately where there is no modem;
        ``SmsDelivered`` or ``SmsFailed`` may follow later, if the network reports it.
        """

    def state(self) -> ModemState:
        """Return the state of the last poll, at most a minute old."""

    def watch(self, heard: Callable[[ModemEvent], None]) -> None:
        """Set the callback for all events; it is called in order, on a thread of the adapter."""
