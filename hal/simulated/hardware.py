"""A complete device of simulated components."""

from dataclasses import dataclass, field
from typing import Self

from hal.ports import PARTS, Hardware
from hal.simulated.buttons import SimulatedButtons
from hal.simulated.component import SimulatedComponent
from hal.simulated.display import SimulatedDisplay
from hal.simulated.lights import SimulatedLights
from hal.simulated.microphone import SimulatedMicrophone
from hal.simulated.modem import SimulatedModem
from hal.simulated.pendants import SimulatedPendants
from hal.simulated.power import SimulatedPower
from hal.simulated.speaker import SimulatedSpeaker


@dataclass(frozen=True, kw_only=True)
class SimulatedHardware(Hardware):
    """A ``Hardware`` whose components have their simulated types."""

    buttons: SimulatedButtons
    pendants: SimulatedPendants
    speaker: SimulatedSpeaker
    microphone: SimulatedMicrophone
    lights: SimulatedLights
    display: SimulatedDisplay
    power: SimulatedPower
    modem: SimulatedModem
    camera: SimulatedComponent
    fitted: frozenset[str] = field(default=frozenset(PARTS))

    @classmethod
    def make(cls, buttons: SimulatedButtons | None = None) -> Self:
        """Build all components, fitted and healthy."""
        speaker = SimulatedSpeaker()
        return cls(
            buttons=buttons or SimulatedButtons(),
            pendants=SimulatedPendants(),
            speaker=speaker,
            microphone=SimulatedMicrophone(speaker),
            lights=SimulatedLights(),
            display=SimulatedDisplay(),
            power=SimulatedPower(),
            modem=SimulatedModem(),
            camera=SimulatedComponent(),
        )
