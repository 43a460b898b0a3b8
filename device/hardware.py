"""The fitted hardware, as the core meets it: presses come in as events, troubles as faults."""

from collections.abc import Callable

from device.rules.events import (
    ButtonChanged,
    Event,
    FaultChanged,
    PendantPressed,
    SmsArrived,
    SmsChanged,
)
from hal.ports import Hardware, ModemEvent, SmsDelivered, SmsFailed, SmsReceived


class FittedHardware:
    """``tell`` is called on the core's loop, whatever thread an adapter speaks from."""

    def __init__(self, hardware: Hardware, tell: Callable[[Event], None]) -> None:
        self._hardware = hardware
        self._tell = tell
        self._known: dict[str, str] = {}

    @property
    def fitted(self) -> list[str]:
        """The parts that the board has."""
        return sorted(self._hardware.fitted)

    def start(self) -> None:
        """Hear buttons, pendants and modem from now on."""
        self._hardware.buttons.watch(
            lambda event: self._tell(ButtonChanged(name=event.name, action=event.action.value))
        )
        self._hardware.modem.watch(lambda event: self._tell(_modem_event(event)))
        self._hardware.pendants.watch(lambda press: self._tell(PendantPressed(sender=press.sender)))

    def send_sms(self, number: str, text: str, id_: str) -> None:
        """Hand a text message to the modem; what becomes of it is an event."""
        self._hardware.modem.send(number, text, id_)

    def look(self) -> None:
        """Ask every part how it is; what differs becomes an event."""
        for part, _, reason in self._hardware.report():
            if self._known.get(part, "") != reason:
                self._known[part] = reason
                self._tell(FaultChanged(part=part, reason=reason))


def _modem_event(event: ModemEvent) -> SmsChanged | SmsArrived:
    match event:
        case SmsReceived(number=number, text=text):
            return SmsArrived(number=number, text=text)
        case SmsFailed(id=id_, reason=reason):
            return SmsChanged(id=id_, outcome="failed", reason=reason)
        case SmsDelivered(id=id_):
            return SmsChanged(id=id_, outcome="delivered")
    return SmsChanged(id=event.id, outcome="sent")
