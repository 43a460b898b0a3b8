"""The text commands that control simulated hardware."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from hal.ports import PARTS, Hardware, Registration, Sim, Sound
from hal.simulated.buttons import SimulatedButtons
from hal.simulated.component import SimulatedComponent
from hal.simulated.microphone import SimulatedMicrophone
from hal.simulated.modem import Network, SimulatedModem
from hal.simulated.pendants import SimulatedPendants
from hal.simulated.power import SimulatedPower
from hal.simulated.speaker import SimulatedSpeaker

Answer = dict[str, Any]
P = TypeVar("P")


def answer(line: bytes, hardware: Hardware) -> Answer:
    """Run one command. Never raises: an error is returned with ``ok`` false and the reason."""
    try:
        said = msgspec.json.decode(line, type=dict[str, Any])
        verb = next((verb for verb in said if verb in VERBS), "")
        return {"ok": True, **VERBS.get(verb, _misunderstood)(hardware, said.pop(verb, None), said)}
    except (ValueError, TypeError, KeyError) as error:
        return {"ok": False, "error": str(error)}


def _the(hardware: Hardware, name: str, kind: type[P]) -> P:
    part = getattr(hardware, name)
    if isinstance(part, kind):
        return part
    raise ValueError(f"this device's {name}: not simulated")


def _name(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"expected words, not {value!r}")


def _any(hardware: Hardware, name: Any) -> SimulatedComponent | SimulatedButtons:
    if name not in PARTS:
        raise ValueError(f"there is no part '{name}'; there are: {', '.join(PARTS)}")
    part = getattr(hardware, name)
    if isinstance(part, SimulatedComponent | SimulatedButtons):
        return part
    raise ValueError(f"this device's {name}: not simulated")


def _press(hardware: Hardware, name: Any, _rest: Answer) -> Answer:
    _the(hardware, "buttons", SimulatedButtons).press(_name(name))
    return {"pressed": name}


def _hold(hardware: Hardware, name: Any, _rest: Answer) -> Answer:
    _the(hardware, "buttons", SimulatedButtons).hold(_name(name))
    return {"held": name}


def _release(hardware: Hardware, name: Any, _rest: Answer) -> Answer:
    _the(hardware, "buttons", SimulatedButtons).release(_name(name))
    return {"released": name}


def _pendant(hardware: Hardware, sender: Any, _rest: Answer) -> Answer:
    _the(hardware, "pendants", SimulatedPendants).press(_name(sender))
    return {"pressed": sender}


def _sms_in(hardware: Hardware, sms: Any, _rest: Answer) -> Answer:
    modem = _the(hardware, "modem", SimulatedModem)
    modem.receive(_name(sms["number"]), _name(sms["text"]))
    return {"received": sms["text"]}


def _network(hardware: Hardware, network: Any, _rest: Answer) -> Answer:
    _the(hardware, "modem", SimulatedModem).be(Network(network))
    return {"network": network}


def _sim(hardware: Hardware, sim: Any, _rest: Answer) -> Answer:
    modem = _the(hardware, "modem", SimulatedModem)
    modem.set_state(modem.state()._replace(sim=Sim(sim)))
    return {"sim": sim}


def _registration(hardware: Hardware, registration: Any, _rest: Answer) -> Answer:
    modem = _the(hardware, "modem", SimulatedModem)
    modem.set_state(modem.state()._replace(registration=Registration(registration)))
    return {"registration": registration}


def _power(hardware: Hardware, what: Any, _rest: Answer) -> Answer:
    power = _the(hardware, "power", SimulatedPower)
    does: dict[str, Callable[[], None]] = {"lost": power.lose_mains, "back": power.restore_mains}
    if what not in does:
        raise ValueError('power is "lost" or "back"')
    does[what]()
    return {"power": what}


def _battery(hardware: Hardware, fraction: Any, _rest: Answer) -> Answer:
    if not 0 <= fraction <= 1:
        raise ValueError("a battery holds 0 to 1")
    _the(hardware, "power", SimulatedPower).set_battery(float(fraction))
    return {"battery": fraction}


def _finish(hardware: Hardware, sound: Any, rest: Answer) -> Answer:
    _the(hardware, "speaker", SimulatedSpeaker).finish(Sound(sound), _name(rest.get("reason", "")))
    return {"finished": sound}


def _mute(hardware: Hardware, muted: Any, _rest: Answer) -> Answer:
    _the(hardware, "microphone", SimulatedMicrophone).muted = bool(muted)
    return {"mute": bool(muted)}


def _unplug(hardware: Hardware, name: Any, rest: Answer) -> Answer:
    _any(hardware, name).unplug(_name(rest.get("reason", "unplugged")))
    return {"unplugged": name}


def _plug(hardware: Hardware, name: Any, _rest: Answer) -> Answer:
    _any(hardware, name).plug()
    return {"plugged": name}


def _history(hardware: Hardware, name: Any, _rest: Answer) -> Answer:
    return {"history": msgspec.to_builtins(_any(hardware, name).history)}


def _health(hardware: Hardware, _what: Any, _rest: Answer) -> Answer:
    return {"health": {report.part: report.reason for report in hardware.report() if report.fitted}}


def _misunderstood(_hardware: Hardware, _value: Any, _rest: Answer) -> Answer:
    raise ValueError(f"expected one of: {', '.join(VERBS)}")


VERBS: dict[str, Callable[[Hardware, Any, Answer], Answer]] = {
    "press": _press,
    "hold": _hold,
    "release": _release,
    "pendant": _pendant,
    "sms_in": _sms_in,
    "network": _network,
    "sim": _sim,
    "registration": _registration,
    "power": _power,
    "battery": _battery,
    "finish": _finish,
    "mute": _mute,
    "unplug": _unplug,
    "plug": _plug,
    "history": _history,
    "health": _health,
}
