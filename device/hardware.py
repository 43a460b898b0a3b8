"""The fitted hardware, as the core meets it: presses come in as events, troubles as faults."""

from collections.abc import Callable

from device.rules.events import ButtonChanged, Event, FaultChanged, PendantPressed
from hal.ports import Hardware


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
        """Hear buttons and pendants from now on."""
        self._hardware.buttons.watch(
            lambda event: self._tell(ButtonChanged(name=event.name, action=event.action.value))
        )
        self._hardware.pendants.watch(lambda press: self._tell(PendantPressed(sender=press.sender)))

    def look(self) -> None:
        """Ask every part how it is; what differs becomes an event."""
        for part, _, reason in self._hardware.report():
            if self._known.get(part, "") != reason:
                self._known[part] = reason
                self._tell(FaultChanged(part=part, reason=reason))
