"""Buttons that the computer takes for a keyboard: USB foot switches, big keys, number pads.

The kernel's own interface (linux/input.h, stable since 2.6): the evdev library would need a C compiler on
every tablet, for there is no ready-made one for 64-bit ARM.
"""

import fcntl
import os
import select
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from hal.button_timing import HOLD_S, ButtonTiming
from hal.ports import ButtonEvent, HardwareError

# struct input_event: two longs of time, type, code, value.
_EVENT = struct.Struct("llHHi")
_EV_KEY = 0x01
_UP, _DOWN = 0, 1  # 2 is the keyboard's own repetition
# _IOW('E', 0x90, int): nobody else hears these keys, least of all a console.
_EVIOCGRAB = 0x40044590
_RETRY_S = 1.0


class EvdevButtons:
    """Opens the device again when it was unplugged and is back."""

    def __init__(
        self,
        device: str,
        keys: Mapping[str, int],
        *,
        hold_s: float = HOLD_S,
        retry_s: float = _RETRY_S,
        alone: bool = True,
    ) -> None:
        """``device`` is best one of ``/dev/input/by-id``; ``keys`` are codes by the buttons' names.

        ``alone`` keeps its keys from everybody else.
        """
        self._device = Path(device)
        self._name_of = {code: name for name, code in keys.items()}
        self._retry_s, self._alone = retry_s, alone
        self._timing = ButtonTiming(tuple(keys), hold_s)
        self._fault = f"{device} has not been opened yet"
        self._woken, self._waker = os.pipe()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="usb-buttons")
        self._thread.start()

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
        """Unplugged, or stuck."""
        return self._fault or self._timing.stuck()

    def close(self) -> None:
        """Give the device back."""
        if self._closing.is_set():
            return
        self._closing.set()
        os.write(self._waker, b"!")
        self._thread.join(timeout=5.0)
        self._timing.close()
        os.close(self._woken)
        os.close(self._waker)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._serve()
            except (OSError, HardwareError) as error:
                self._fault = f"{self._device}: {getattr(error, 'strerror', None) or error}"
            self._timing.let_go_all()
            self._closing.wait(self._retry_s)

    def _serve(self) -> None:
        descriptor = os.open(self._device, os.O_RDONLY | os.O_NONBLOCK)
        try:
            if self._alone:
                _grab(descriptor)
            self._fault = ""
            while not self._closing.is_set():
                ready, _, _ = select.select([descriptor, self._woken], [], [])
                if descriptor in ready:
                    self._take(os.read(descriptor, 64 * _EVENT.size))
        finally:
            os.close(descriptor)

    def _take(self, octets: bytes) -> None:
        if not octets:
            raise HardwareError("unplugged")
        for _, _, kind, code, value in _EVENT.iter_unpack(octets[: len(octets) // _EVENT.size * _EVENT.size]):
            if kind == _EV_KEY and code in self._name_of and value in (_UP, _DOWN):
                self._timing.level(self._name_of[code], down=value == _DOWN)


def _grab(descriptor: int) -> None:
    """Alone. Raises ``HardwareError`` where somebody else already is."""
    try:
        fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
    except OSError as error:
        raise HardwareError(f"cannot be had alone: {error.strerror}") from None
