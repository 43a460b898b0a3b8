"""All hardware components of one device."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hal.ports.buttons import Buttons
from hal.ports.component import Component
from hal.ports.display import Display
from hal.ports.lights import Lights
from hal.ports.microphone import Microphone
from hal.ports.modem import Modem
from hal.ports.pendant import Pendants
from hal.ports.power import Power
from hal.ports.speaker import Speaker


class PartReport(NamedTuple):
    """Health of one component. ``fitted`` is false where the board does not list it; that is no fault."""

    part: str
    fitted: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """All components; one that is not fitted is represented by an absent one, which does nothing."""

    buttons: Buttons
    pendants: Pendants
    speaker: Speaker
    microphone: Microphone
    lights: Lights
    display: Display
    power: Power
    modem: Modem
    camera: Component
    fitted: frozenset[str]

    def parts(self) -> Iterator[tuple[str, Component]]:
        """Yield each component with its name."""
        for name in PARTS:
            yield name, getattr(self, name)

    def report(self) -> tuple[PartReport, ...]:
        """Return the health of every component, in the order of ``PARTS``; never blocks."""
        return tuple(PartReport(name, name in self.fitted, part.health()) for name, part in self.parts())

    def close(self) -> None:
        """Close every component, in the order of ``PARTS``."""
        for _, part in self.parts():
            part.close()


PARTS = ("buttons", "pendants", "speaker", "microphone", "lights", "display", "power", "modem", "camera")
