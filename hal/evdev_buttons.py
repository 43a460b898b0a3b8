"""Buttons that the kernel sees as a keyboard: USB foot switches, big keys, number pads.

Uses the kernel's interface directly (linux/input.h, stable since 2.6): the evdev library has no wheel for
64-bit ARM and would need a C compiler on every tablet.
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
_UP, _DOWN = 0, 1  # 2 is auto-repeat
# _IOW('E', 0x90, int): exclusive access, so that no console receives these keys.
_EVIOCGRAB = 0x40044590
_RETRY_S = 1.0


class EvdevButtons:
    """Buttons of an input device, which is opened again after it was unplugged."""

    def __init__(
        self,
        device: str,
        keys: Mapping[str, int],
        *,
        hold_s: float = HOLD_S,
        retry_s: float = _RETRY_S,
        alone: bool = True,
    ) -> None:
        """Open the device, best by ``/dev/input/by-id``; ``keys`` maps button names to key codes.

        ``alone`` grabs the device exclusively.
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
        """Return whether the device is unplugged or a button is stuck."""
        return self._fault or self._timing.stuck()

    def close(self) -> None:
        """Stop the thread and close the device."""
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
    """Grab the device exclusively. Raises ``HardwareError`` where another process already has it."""
    try:
        fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
    except OSError as error:
        raise HardwareError(f"cannot be had alone: {error.strerror}") from None
