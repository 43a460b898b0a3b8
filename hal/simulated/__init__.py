"""Simulated adapters for every port: controlled and inspected from tests and from the command line."""

from hal.simulated.buttons import BUTTONS, SimulatedButtons
from hal.simulated.clock import SimulatedClock
from hal.simulated.component import SimulatedComponent
from hal.simulated.control import ControlServer
from hal.simulated.display import TEN_INCH, SimulatedDisplay
from hal.simulated.hardware import SimulatedHardware
from hal.simulated.lights import SimulatedLights
from hal.simulated.microphone import SimulatedMicrophone
from hal.simulated.modem import Network, SimulatedModem
from hal.simulated.pendants import SimulatedPendants
from hal.simulated.power import SimulatedPower
from hal.simulated.speaker import SimulatedSpeaker

__all__ = [
    "BUTTONS",
    "TEN_INCH",
    "ControlServer",
    "Network",
    "SimulatedButtons",
    "SimulatedClock",
    "SimulatedComponent",
    "SimulatedDisplay",
    "SimulatedHardware",
    "SimulatedLights",
    "SimulatedMicrophone",
    "SimulatedModem",
    "SimulatedPendants",
    "SimulatedPower",
    "SimulatedSpeaker",
]
