"""Text messages that need no internet."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hal.ports.part import Part


class Sim(StrEnum):
    """The card in the modem."""

    READY = "ready"
    LOCKED = "locked"  # asks for a PIN or PUK
    MISSING = "missing"
    UNKNOWN = "unknown"


class Registration(StrEnum):
    """What the mobile network says to the modem (3GPP TS 27.007, 7.2)."""

    HOME = "home"
    ROAMING = "roaming"
    SEARCHING = "searching"
    DENIED = "denied"
    NONE = "none"
    UNKNOWN = "unknown"


class ModemState(NamedTuple):
    """As last asked. ``signal_dbm`` is about -113 (nothing) to -51, ``None`` where not known."""

    present: bool = False
    sim: Sim = Sim.UNKNOWN
    registration: Registration = Registration.UNKNOWN
    signal_dbm: int | None = None

    @property
    def ready(self) -> bool:
        """A message could go out now."""
        registered = self.registration in (Registration.HOME, Registration.ROAMING)
        return self.present and self.sim is Sim.READY and registered


class SmsSent(NamedTuple):
    """The network has taken every part of the message. Nobody has read it."""

    id: str


class SmsDelivered(NamedTuple):
    """Every part is on the receiver's phone."""

    id: str


class SmsFailed(NamedTuple):
    """Not sent, or not delivered. It may be tried again under a new id; the adapter does not by itself."""

    id: str
    reason: str


class SmsReceived(NamedTuple):
    """A whole message, put together from its parts. ``sent_at`` is aware, from the network's clock."""

    number: str
    text: str
    sent_at: datetime


ModemEvent = SmsSent | SmsDelivered | SmsFailed | SmsReceived


class Modem(Part, Protocol):
    """Sends and receives SMS. ``health`` is about modem, SIM and network."""

    def send(self, number: str, text: str, id: str) -> None:  # noqa: A002 - an id is what it is
        """Hand over a message of any length to a number in international form (``+358…``); returns at once.

        Exactly one of ``SmsSent`` and ``SmsFailed`` follows, at once where there is no modem; later perhaps
        ``SmsDelivered`` or ``SmsFailed``, as the network pleases.
        """

    def state(self) -> ModemState:
        """As last asked, a minute ago at most."""

    def watch(self, heard: Callable[[ModemEvent], None]) -> None:
        """Tell ``heard`` all that happens, from a thread of the adapter's own, in order."""
