"""The fitted hardware, as the core meets it: presses and troubles come in, sound and light go out."""

from collections.abc import Callable

from device.contract.values import Language
from device.rules import effects as fx
from device.rules.events import (
    ButtonChanged,
    Event,
    FaultChanged,
    PendantPressed,
    SmsArrived,
    SmsChanged,
)
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
        found = {part: reason for part, _, reason in self._hardware.report()}
        supply = self._hardware.power.state()
        if supply.mains is False and not found["power"]:
            found["power"] = "no mains"
        found["battery"] = "low" if supply.battery is not None and supply.battery <= LOW_FRACTION else ""
        for part, reason in found.items():
            if self._known.get(part, "") != reason:
                self._known[part] = reason
                self._tell(FaultChanged(part=part, reason=reason))

    def perform(self, effect: fx.RoomEffect) -> None:
        """Let it be heard or seen in the room; a part that cannot says so in its health."""
        speaker = self._hardware.speaker
        match effect:
            case fx.Play(sound=sound, loop=loop):
                speaker.play(Sound(sound), loop=loop)
            case fx.StopSound(sound=sound):
                speaker.stop(Sound(sound))
            case fx.SetVolume(sound=sound, volume=volume):
                speaker.set_volume(Sound(sound), volume)
            case fx.Shine(lamp=lamp, pattern=pattern, brightness=brightness):
                self._hardware.lights.show(Lamp(lamp), Pattern(pattern), brightness)
            case fx.Dim(level=level):
                self._hardware.display.dim(level)

    def say(self, text: str, language: Language) -> None:
        """Speak, and stop what was being said: the newest is what counts."""
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
