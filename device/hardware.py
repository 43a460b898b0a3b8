"""Connects the rules with the hardware: presses and faults come in, sound and light go out."""

from collections.abc import Callable

from device.contract.values import Language
from device.performers import Performs
from device.rules import effects as fx
from device.rules.events import (
    ButtonChanged,
    Event,
    FaultChanged,
    PendantPressed,
    SmsArrived,
    SmsChanged,
)
from device.rules.now import Now
from device.rules.state import State
from device.screen.page_context import PageContext
from device.screen.texts import text_message
from hal.ports import (
    LOW_FRACTION,
    Hardware,
    Lamp,
    ModemEvent,
    Pattern,
    SmsDelivered,
    SmsFailed,
    SmsReceived,
    Sound,
)


class FittedHardware:
    """The device's hardware; ``tell`` is called on the core's loop, from whatever thread an event comes."""

    def __init__(self, hardware: Hardware, tell: Callable[[Event], None]) -> None:
        self._hardware = hardware
        self._tell = tell
        self._known: dict[str, str] = {}

    @property
    def fitted(self) -> list[str]:
        """Return the names of the fitted components."""
        return sorted(self._hardware.fitted)

    def start(self) -> None:
        """Start receiving events of buttons, pendants and modem."""
        self._hardware.buttons.watch(
            lambda event: self._tell(ButtonChanged(name=event.name, action=event.action.value))
        )
        self._hardware.modem.watch(lambda event: self._tell(_modem_event(event)))
        self._hardware.pendants.watch(lambda press: self._tell(PendantPressed(sender=press.sender)))

    def look(self) -> None:
        """Check the health of every component; changes become events."""
        found = {part: reason for part, _, reason in self._hardware.report()}
        supply = self._hardware.power.state()
        if supply.mains is False and not found["power"]:
            found["power"] = "no mains"
        found["battery"] = "low" if supply.battery is not None and supply.battery <= LOW_FRACTION else ""
        for part, reason in found.items():
            if self._known.get(part, "") != reason:
                self._known[part] = reason
                self._tell(FaultChanged(part=part, reason=reason))

    def performs(self) -> Performs:
        """Return the effects of sound, light and text messages; failures appear in the components' health."""
        return {
            fx.Play: self._play,
            fx.StopSound: self._stop_sound,
            fx.SetVolume: self._set_volume,
            fx.Shine: self._shine,
            fx.Dim: self._dim,
            fx.SendSms: self._send_sms,
        }

    def _play(self, effect: fx.Play, _state: State, _now: Now) -> None:
        self._hardware.speaker.play(Sound(effect.sound), loop=effect.loop)

    def _stop_sound(self, effect: fx.StopSound, _state: State, _now: Now) -> None:
        self._hardware.speaker.stop(Sound(effect.sound))

    def _set_volume(self, effect: fx.SetVolume, _state: State, _now: Now) -> None:
        self._hardware.speaker.set_volume(Sound(effect.sound), effect.volume)

    def _shine(self, effect: fx.Shine, _state: State, _now: Now) -> None:
        self._hardware.lights.show(Lamp(effect.lamp), Pattern(effect.pattern), effect.brightness)

    def _dim(self, effect: fx.Dim, _state: State, _now: Now) -> None:
        self._hardware.display.dim(effect.level)

    def _send_sms(self, effect: fx.SendSms, state: State, now: Now) -> None:
        """Hand a text message to the modem; its result becomes an event."""
        self._hardware.modem.send(effect.number, text_message(effect, PageContext.of(state, now)), effect.id)

    def say(self, text: str, language: Language) -> None:
        """Speak, and stop what was being spoken."""
        self._hardware.speaker.stop(Sound.SPEECH)
        if text:
            self._hardware.speaker.say(text, language)


def _modem_event(event: ModemEvent) -> SmsChanged | SmsArrived:
    match event:
        case SmsReceived(number=number, text=text):
            return SmsArrived(number=number, text=text)
        case SmsFailed(id=id_, reason=reason):
            return SmsChanged(id=id_, outcome="failed", reason=reason)
        case SmsDelivered(id=id_):
            return SmsChanged(id=id_, outcome="delivered")
    return SmsChanged(id=event.id, outcome="sent")
