"""Ports: what each hardware component can do, independent of its vendor."""

from hal.ports.buttons import STUCK_S, Action, ButtonEvent, Buttons
from hal.ports.clock import Clock, ClockReading
from hal.ports.component import Component, HardwareAbsent, HardwareError
from hal.ports.display import Display, Panel, Rotation
from hal.ports.hardware import PARTS, Hardware, PartReport
from hal.ports.lights import Lamp, Lights, Pattern, Shine
from hal.ports.microphone import SILENCE_DBFS, Microphone, ToneReading
from hal.ports.modem import (
    Modem,
    ModemEvent,
    ModemState,
    Registration,
    Sim,
    SmsDelivered,
    SmsFailed,
    SmsReceived,
    SmsSent,
)
from hal.ports.pendant import PendantPressed, Pendants
from hal.ports.power import LOW_FRACTION, Power, PowerState
from hal.ports.speaker import SELF_TEST_HZ, Ended, Sound, Speaker

__all__ = [
    "LOW_FRACTION",
    "PARTS",
    "SELF_TEST_HZ",
    "SILENCE_DBFS",
    "STUCK_S",
    "Action",
    "ButtonEvent",
    "Buttons",
    "Clock",
    "ClockReading",
    "Component",
    "Display",
    "Ended",
    "Hardware",
    "HardwareAbsent",
    "HardwareError",
    "Lamp",
    "Lights",
    "Microphone",
    "Modem",
    "ModemEvent",
    "ModemState",
    "Panel",
    "PartReport",
    "Pattern",
    "PendantPressed",
    "Pendants",
    "Power",
    "PowerState",
    "Registration",
    "Rotation",
    "Shine",
    "Sim",
    "SmsDelivered",
    "SmsFailed",
    "SmsReceived",
    "SmsSent",
    "Sound",
    "Speaker",
    "ToneReading",
]
