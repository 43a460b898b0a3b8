"""Null objects for components that are not fitted or failed to open: they do nothing and report why."""

from collections.abc import Callable, Mapping

from hal.listener import Listener
from hal.ports import (
    ButtonEvent,
    Ended,
    HardwareAbsent,
    Lamp,
    ModemEvent,
    ModemState,
    Panel,
    Pattern,
    PendantPressed,
    PowerState,
    Shine,
    SmsFailed,
    Sound,
    ToneReading,
)


class AbsentPart:
    """A component that is absent. ``reason`` is empty where the board does not list it: that is no fault."""

    def __init__(self, reason: str = "") -> None:
        self._reason = reason

    def health(self) -> str:
        """Return why the component could not be opened; empty where the board does not list it."""
        return self._reason

    def close(self) -> None:
        """Do nothing: no resource was opened."""


class AbsentButtons(AbsentPart):
    """No buttons: no event is ever reported."""

    names: tuple[str, ...] = ()

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Ignore the callback: there are no events."""

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Ignore the callback: there are no presses."""

    def pressed_since(self) -> Mapping[str, float]:
        """Return an empty mapping: no button is pressed."""
        return {}


class AbsentPendants(AbsentPart):
    """No pendant receiver: no press is ever reported."""

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Ignore the callback: there are no presses."""


class AbsentSpeaker(AbsentPart):
    """No loudspeaker: plays nothing, and ``playing`` is always empty."""

    playing: frozenset[Sound] = frozenset()

    def play(self, sound: Sound, *, loop: bool = False) -> None:
        """Play nothing; the absence is reported by ``health``."""

    def say(self, text: str, language: str) -> None:
        """Speak nothing; the sentence is on the screen anyway."""

    def stream(self, url: str) -> None:
        """Open no stream, not even a connection."""

    def stop(self, sound: Sound | None = None) -> None:
        """Do nothing: nothing is playing."""

    def set_volume(self, sound: Sound, volume: float) -> None:
        """Ignore the volume, of which no sound is made."""

    def watch(self, heard: Callable[[Ended], None]) -> None:
        """Ignore the callback: no sound starts, so none ends."""


class AbsentMicrophone(AbsentPart):
    """No microphone: every measurement raises ``HardwareAbsent``."""

    def level_dbfs(self, seconds: float = 0.3) -> float:  # noqa: ARG002 - the port's signature
        """Raise ``HardwareAbsent``: silence would be a false measurement."""
        raise HardwareAbsent(self._reason or "no microphone is fitted")

    def listen_for(
        self,
        frequency_hz: float,  # noqa: ARG002 - the port's signature
        seconds: float = 0.5,  # noqa: ARG002
    ) -> ToneReading:
        """Raise ``HardwareAbsent``: no tone would be a false measurement."""
        raise HardwareAbsent(self._reason or "no microphone is fitted")


class AbsentLights(AbsentPart):
    """No lamps: nothing is ever lit."""

    lamps: tuple[Lamp, ...] = ()

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """Light nothing: no lamp is fitted."""

    def showing(self) -> Mapping[Lamp, Shine]:
        """Return an empty mapping: no lamp is fitted."""
        return {}


class AbsentDisplay(AbsentPart):
    """A panel whose backlight cannot be controlled."""

    level = 1.0
    blanked = False

    def __init__(self, reason: str = "", panel: Panel | None = None) -> None:
        super().__init__(reason)
        self.panel = panel or Panel()

    def dim(self, level: float) -> None:
        """Leave the brightness unchanged: the panel decides it."""

    def blank(self) -> None:
        """Leave the backlight on; the window shows black."""

    def unblank(self) -> None:
        """Leave the backlight on, as it was."""


class AbsentPower(AbsentPart):
    """No power sensor: mains and battery are unknown."""

    def state(self) -> PowerState:
        """Return a state in which everything is unknown."""
        return PowerState()

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Ignore the callback: no change is ever detected."""


class AbsentModem(AbsentPart):
    """No modem: every message fails at once."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self._listener = Listener[ModemEvent]()

    def send(self, number: str, text: str, id: str) -> None:  # noqa: A002, ARG002 - the port's signature
        """Report ``SmsFailed`` before returning, with the reason that no modem is fitted."""
        self._listener.notify(SmsFailed(id, f"no modem: {self._reason or 'none is fitted'}"))

    def state(self) -> ModemState:
        """Return a state without SIM, network and signal."""
        return ModemState()

    def watch(self, heard: Callable[[ModemEvent], None]) -> None:
        """Set the callback; it is called on the thread that sends."""
        self._listener.set(heard)
