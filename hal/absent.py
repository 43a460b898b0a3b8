"""Parts that are not there: they do nothing, and say why."""

from collections.abc import Callable, Mapping

from hal.audience import Audience
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
    """``reason`` is empty where the board does not have the part: that is no fault."""

    def __init__(self, reason: str = "") -> None:
        self._reason = reason

    def health(self) -> str:
        """Why it is not there although it should be."""
        return self._reason

    def close(self) -> None:
        """Nothing to let go."""


class AbsentButtons(AbsentPart):
    """Nobody presses."""

    names: tuple[str, ...] = ()

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Never called."""

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Never called."""

    def pressed_since(self) -> Mapping[str, float]:
        """None."""
        return {}


class AbsentPendants(AbsentPart):
    """Nobody presses."""

    def watch(self, heard: Callable[[PendantPressed], None]) -> None:
        """Never called."""


class AbsentSpeaker(AbsentPart):
    """Silence, and ``playing`` says so."""

    playing: frozenset[Sound] = frozenset()

    def play(self, sound: Sound, *, loop: bool = False) -> None:
        """Silence."""

    def say(self, text: str, language: str) -> None:
        """Silence."""

    def stream(self, url: str) -> None:
        """Silence."""

    def stop(self, sound: Sound | None = None) -> None:
        """It is silent."""

    def set_volume(self, sound: Sound, volume: float) -> None:
        """Of nothing."""

    def watch(self, heard: Callable[[Ended], None]) -> None:
        """Never called: what has not begun does not end."""


class AbsentMicrophone(AbsentPart):
    """Every question raises."""

    def level_dbfs(self, seconds: float = 0.3) -> float:  # noqa: ARG002 - as the port has it
        """Raises ``HardwareAbsent``."""
        raise HardwareAbsent(self._reason or "no microphone is fitted")

    def listen_for(
        self,
        frequency_hz: float,  # noqa: ARG002 - as the port has it
        seconds: float = 0.5,  # noqa: ARG002
    ) -> ToneReading:
        """Raises ``HardwareAbsent``."""
        raise HardwareAbsent(self._reason or "no microphone is fitted")


class AbsentLights(AbsentPart):
    """Dark."""

    lamps: tuple[Lamp, ...] = ()

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """Dark."""

    def showing(self) -> Mapping[Lamp, Shine]:
        """None."""
        return {}


class AbsentDisplay(AbsentPart):
    """A panel whose backlight nobody can set: it shines as it likes."""

    level = 1.0
    blanked = False

    def __init__(self, reason: str = "", panel: Panel | None = None) -> None:
        super().__init__(reason)
        self.panel = panel or Panel()

    def dim(self, level: float) -> None:
        """As bright as before."""

    def blank(self) -> None:
        """As bright as before."""

    def unblank(self) -> None:
        """As bright as before."""


class AbsentPower(AbsentPart):
    """Nothing is known."""

    def state(self) -> PowerState:
        """Not known."""
        return PowerState()

    def watch(self, heard: Callable[[PowerState], None]) -> None:
        """Never called."""


class AbsentModem(AbsentPart):
    """Every message fails at once."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self._audience = Audience[ModemEvent]()

    def send(self, number: str, text: str, id: str) -> None:  # noqa: A002, ARG002 - as the port has it
        """Failed, before it returns."""
        self._audience.tell(SmsFailed(id, f"no modem: {self._reason or 'none is fitted'}"))

    def state(self) -> ModemState:
        """Not there."""
        return ModemState()

    def watch(self, heard: Callable[[ModemEvent], None]) -> None:
        """On the thread that sends."""
        self._audience.watch(heard)
