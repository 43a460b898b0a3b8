"""Buttons between a GPIO pin and ground."""

from collections.abc import Callable, Mapping
from typing import Any

from hal.button_timing import HOLD_S, ButtonTiming
from hal.ports import ButtonEvent, HardwareAbsent


class GpiozeroButtons:
    """The pull-up of the chip holds the pin high; pressed is low."""

    def __init__(self, pins: Mapping[str, int], hold_s: float = HOLD_S, pin_factory: Any = None) -> None:
        """``pins`` are BCM numbers. Raises ``HardwareAbsent`` where there is no GPIO, or a pin is taken."""
        import gpiozero

        self._timing = ButtonTiming(tuple(pins), hold_s)
        self._buttons: list[Any] = []
        try:
            for name, pin in pins.items():
                button = gpiozero.Button(pin, pull_up=True, pin_factory=pin_factory)
                self._buttons.append(button)
                button.when_pressed = self._follow(name, down=True)
                button.when_released = self._follow(name, down=False)
                if button.is_pressed:
                    self._timing.level(name, down=True)
        except (gpiozero.GPIOZeroError, OSError, ImportError) as error:
            self.close()
            raise HardwareAbsent(f"the buttons cannot be used: {error}") from None

    def _follow(self, name: str, *, down: bool) -> Callable[[], None]:
        """A function without parameters: gpiozero counts them, and stumbles over a partial one."""
        return lambda: self._timing.level(name, down=down)

    @property
    def names(self) -> tuple[str, ...]:
        """As in the board's file."""
        return self._timing.names

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """On the buttons' thread."""
        self._timing.watch(heard)

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Presses only."""
        self._timing.listen(pressed)

    def pressed_since(self) -> Mapping[str, float]:
        """Which are down."""
        return self._timing.pressed_since()

    def health(self) -> str:
        """Stuck buttons; a wire that is cut cannot be told from a button that nobody presses."""
        return self._timing.stuck()

    def close(self) -> None:
        """Give the pins back."""
        for button in self._buttons:
            button.close()
        self._timing.close()
