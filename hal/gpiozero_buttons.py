"""Buttons between a GPIO pin and ground."""

from collections.abc import Callable, Mapping
from typing import Any

from hal.button_timing import HOLD_S, ButtonTiming
from hal.ports import ButtonEvent, HardwareAbsent


class GpiozeroButtons:
    """Buttons with the chip's pull-up, which holds the pin high; pressed is low."""

    def __init__(self, pins: Mapping[str, int], hold_s: float = HOLD_S, pin_factory: Any = None) -> None:
        """Open the pins (BCM numbers). Raises ``HardwareAbsent`` without GPIO or where a pin is in use."""
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
        """Return a callback without parameters: gpiozero inspects the signature and fails with a partial."""
        return lambda: self._timing.level(name, down=down)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the button names of the board's file."""
        return self._timing.names

    def watch(self, heard: Callable[[ButtonEvent], None]) -> None:
        """Set the callback for all events; it is called on the buttons' thread."""
        self._timing.watch(heard)

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Set the callback for presses only."""
        self._timing.listen(pressed)

    def pressed_since(self) -> Mapping[str, float]:
        """Return the buttons that are down and since when, in monotonic seconds."""
        return self._timing.pressed_since()

    def health(self) -> str:
        """Return stuck buttons; a cut wire cannot be distinguished from a button that is not pressed."""
        return self._timing.stuck()

    def close(self) -> None:
        """Release the pins and the thread that times long presses."""
        for button in self._buttons:
            button.close()
        self._timing.close()
