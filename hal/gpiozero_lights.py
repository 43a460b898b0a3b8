"""Lamps at GPIO pins, dimmed by pulse width."""

import math
import threading
import time
from collections.abc import Mapping
from typing import Any

from hal.mixing import cut
from hal.ports import HardwareAbsent, Lamp, Pattern, Shine

_BREATH_S = 4.0
_BLINK_S = 0.5
_STEP_S = 0.04
# A quarter of the current looks half as bright.
_GAMMA = 2.0


class GpiozeroLights:
    """Lamps driven by PWM; a thread animates those that breathe or blink and sleeps while none does."""

    def __init__(self, pins: Mapping[Lamp, int], pin_factory: Any = None) -> None:
        """Open the pins (BCM numbers). Raises ``HardwareAbsent`` without GPIO or where a pin is in use."""
        import gpiozero

        self._leds: dict[Lamp, Any] = {}
        self._shines: dict[Lamp, tuple[Shine, float]] = {}
        self._changed = threading.Condition()
        self._closed = False
        try:
            for lamp, pin in pins.items():
                self._leds[lamp] = gpiozero.PWMLED(pin, pin_factory=pin_factory)
                self._shines[lamp] = Shine(), 0.0
        except (gpiozero.GPIOZeroError, OSError, ImportError) as error:
            self._release()
            raise HardwareAbsent(f"the lights cannot be used: {error}") from None
        self._thread = threading.Thread(target=self._run, daemon=True, name="lights")
        self._thread.start()

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """Return the lamps of the board's file."""
        return tuple(self._leds)

    def show(self, lamp: Lamp, pattern: Pattern, brightness: float = 1.0) -> None:
        """Show a pattern at once; one that is already shown is not restarted."""
        with self._changed:
            if lamp not in self._leds or self._closed:
                return
            shine = Shine(pattern, cut(brightness))
            if shine != self._shines[lamp][0]:
                self._shines[lamp] = shine, time.monotonic()
                self._leds[lamp].value = level(shine, 0.0)
                self._changed.notify()

    def showing(self) -> Mapping[Lamp, Shine]:
        """Return what each lamp currently shows."""
        with self._changed:
            return {lamp: shine for lamp, (shine, _) in self._shines.items()}

    def health(self) -> str:
        """Return an empty string: a lamp at a pin gives no feedback."""
        return ""

    def close(self) -> None:
        """Switch all lamps off and release the pins."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._shines = {lamp: (Shine(), 0.0) for lamp in self._shines}
            self._changed.notify()
        self._thread.join(timeout=5.0)
        self._release()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now_s = time.monotonic()
                moving = [lamp for lamp, (shine, _) in self._shines.items() if shine.pattern in _MOVING]
                for lamp in moving:
                    shine, since_s = self._shines[lamp]
                    self._leds[lamp].value = level(shine, now_s - since_s)
                self._changed.wait(_STEP_S if moving else None)

    def _release(self) -> None:
        for led in self._leds.values():
            led.off()
            led.close()


_MOVING = (Pattern.BREATHING, Pattern.BLINKING)


def level(shine: Shine, at_s: float) -> float:
    """Return the fraction of full current, 0 to 1, ``at_s`` after the pattern's start; each starts bright."""
    match shine.pattern:
        case Pattern.OFF:
            share = 0.0
        case Pattern.ON:
            share = 1.0
        case Pattern.BLINKING:
            share = 1.0 if at_s % _BLINK_S < _BLINK_S / 2 else 0.0
        case Pattern.BREATHING:
            share = 0.5 + 0.5 * math.cos(2 * math.pi * at_s / _BREATH_S)
    return float((shine.brightness * share) ** _GAMMA)
