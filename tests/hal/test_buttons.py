"""One suite for all buttons: simulated, mock GPIO pins, and a device file with the kernel's key events."""

import os
import queue
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory, MockPin

from hal import button_timing
from hal.evdev_buttons import EvdevButtons
from hal.gpiozero_buttons import GpiozeroButtons
from hal.key_codes import KEYS
from hal.ports import Action, ButtonEvent, Buttons, HardwareAbsent
from hal.simulated import SimulatedButtons
from tests.link.waiting import eventually

Heard = queue.Queue[ButtonEvent]
HOLD_S = 0.15


class SimulatedRig:
    """Simulated buttons, which report ``HELD`` at once."""

    def __init__(self) -> None:
        self._simulated = SimulatedButtons(("help", "call"))
        self.buttons: Buttons = self._simulated

    def down(self, name: str) -> None:
        self._simulated.hold(name)

    def up(self, name: str) -> None:
        self._simulated.release(name)

    def close(self) -> None:
        """Do nothing: nothing is open."""
        self.buttons.close()


class GpioRig:
    """Buttons at gpiozero's mock pins."""

    def __init__(self) -> None:
        self.factory = MockFactory()
        self.pins = {"help": 17, "call": 27}
        self.buttons: Buttons = GpiozeroButtons(self.pins, HOLD_S, self.factory)

    def down(self, name: str) -> None:
        self.factory.pin(self.pins[name]).drive_low()

    def up(self, name: str) -> None:
        self.factory.pin(self.pins[name]).drive_high()

    def close(self) -> None:
        """Close the buttons and release the pins."""
        self.buttons.close()
        self.factory.close()


class KeyRig:
    """Key events written to a FIFO in place of the kernel's device file."""

    def __init__(self, folder: Path) -> None:
        self.device = folder / "event0"
        self.plug()
        keys = {"help": KEYS["KEY_F13"], "call": KEYS["KEY_ENTER"]}
        self._codes = keys
        self.buttons: Buttons = EvdevButtons(str(self.device), keys, hold_s=HOLD_S, retry_s=0.02, alone=False)
        eventually(lambda: self.buttons.health() == "", "the device is open")

    def plug(self) -> None:
        os.mkfifo(self.device)
        self._descriptor = os.open(self.device, os.O_RDWR)

    def unplug(self) -> None:
        self.device.unlink()
        os.close(self._descriptor)

    def down(self, name: str) -> None:
        """Send a press with the synchronisation and repetition events of keyboards."""
        self.key(self._codes[name], 1)
        self.key(self._codes[name], 2)

    def up(self, name: str) -> None:
        self.key(self._codes[name], 0)

    def key(self, code: int, value: int) -> None:
        """Write one key event and its SYN."""
        os.write(self._descriptor, struct.pack("llHHillHHi", 0, 0, 1, code, value, 0, 0, 0, 0, 0))

    def close(self) -> None:
        """Close both ends of the FIFO."""
        self.buttons.close()
        os.close(self._descriptor)


Rig = SimulatedRig | GpioRig | KeyRig


@pytest.fixture(params=["simulated", "gpio", "keys"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    rig: Rig
    if request.param == "simulated":
        rig = SimulatedRig()
    else:
        rig = GpioRig() if request.param == "gpio" else KeyRig(tmp_path)
    yield rig
    rig.close()


def watch(buttons: Buttons) -> Heard:
    heard: Heard = queue.Queue()
    buttons.watch(heard.put)
    return heard


def actions(heard: Heard, count: int) -> list[tuple[str, Action]]:
    return [heard.get(timeout=5)[:2] for _ in range(count)]


PRESSED, HELD, RELEASED = Action.PRESSED, Action.HELD, Action.RELEASED


def test_a_finger_presses_holds_and_lets_go(rig: Rig) -> None:
    """Each action is reported once, in order, with increasing times."""
    heard = watch(rig.buttons)
    rig.down("help")
    pressed, held = heard.get(timeout=5), heard.get(timeout=5)
    assert (pressed[:2], held[:2]) == (("help", PRESSED), ("help", HELD))
    assert rig.buttons.pressed_since() == {"help": pressed.monotonic_s}
    rig.up("help")
    released = heard.get(timeout=5)
    assert released[:2] == ("help", RELEASED)
    assert pressed.monotonic_s <= held.monotonic_s <= released.monotonic_s
    assert rig.buttons.pressed_since() == {}
    assert heard.empty()


@pytest.mark.requirement("K3")
def test_a_press_while_the_device_starts_is_heard(rig: Rig) -> None:
    """A press before the first listener is buffered, and reported to it first and once."""
    rig.down("help")
    eventually(rig.buttons.pressed_since, "the press has come")
    rig.up("help")
    eventually(lambda: not rig.buttons.pressed_since(), "it was let go")
    heard = watch(rig.buttons)
    found = [heard.get(timeout=5)[1]]
    while found[-1] is not RELEASED:
        found.append(heard.get(timeout=5)[1])
    rig.down("call")
    assert found[0] is PRESSED
    assert found.count(PRESSED) == 1
    assert heard.get(timeout=5)[:2] == ("call", PRESSED)


@pytest.mark.requirement("K3")
def test_two_buttons_at_once_are_two(rig: Rig) -> None:
    """Two buttons pressed together are reported separately."""
    heard = watch(rig.buttons)
    rig.down("help")
    rig.down("call")
    rig.up("help")
    rig.up("call")
    found = [heard.get(timeout=5) for _ in range(4)]
    while len([event for event in found if event.action is not HELD]) < 4:
        found.append(heard.get(timeout=5))
    assert {event.name for event in found if event.action is PRESSED} == {"help", "call"}
    assert {event.name for event in found if event.action is RELEASED} == {"help", "call"}


def test_a_watcher_of_presses_only_gets_presses_only(rig: Rig) -> None:
    """Presses are reported by the button's name."""
    names: queue.Queue[str] = queue.Queue()
    rig.buttons.listen(names.put)
    rig.down("help")
    rig.up("help")
    rig.down("call")
    assert [names.get(timeout=5), names.get(timeout=5)] == ["help", "call"]
    assert names.empty()


@pytest.mark.requirement("K8")
def test_a_button_that_is_down_too_long_is_a_fault(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stuck button is reported as a fault."""
    heard = watch(rig.buttons)
    rig.down("help")
    heard.get(timeout=5)
    assert rig.buttons.health() == ""
    monkeypatch.setattr(button_timing, "STUCK_S", 0.0)
    assert "'help'" in rig.buttons.health()
    rig.up("help")
    eventually(lambda: rig.buttons.health() == "", "well again")


@pytest.fixture
def gpio() -> Iterator[GpioRig]:
    rig = GpioRig()
    yield rig
    rig.close()


def test_bounces_are_one_press(gpio: GpioRig) -> None:
    """Twenty edges of a worn contact; the last level counts."""
    heard = watch(gpio.buttons)
    for _ in range(10):
        gpio.down("help")
        gpio.up("help")
    gpio.down("help")
    assert actions(heard, 2) == [("help", PRESSED), ("help", HELD)]
    gpio.up("help")
    assert actions(heard, 1) == [("help", RELEASED)]
    assert heard.empty()


@pytest.mark.requirement("K3")
def test_the_shortest_press_is_a_press(gpio: GpioRig) -> None:
    """Even a press that ends before any thread wakes up is reported."""
    heard = watch(gpio.buttons)
    gpio.down("help")
    gpio.up("help")
    assert actions(heard, 2) == [("help", PRESSED), ("help", RELEASED)]


@pytest.mark.requirement("K8")
def test_a_button_that_is_down_at_the_start_is_seen() -> None:
    """A short-circuit is detected without an edge."""
    short_circuited = type("ShortCircuited", (MockPin,), {"_get_state": lambda _: 0})
    factory = MockFactory(pin_class=short_circuited)
    buttons = GpiozeroButtons({"help": 17}, HOLD_S, factory)
    eventually(lambda: "help" in buttons.pressed_since(), "it is seen")
    buttons.close()
    factory.close()


def test_a_pin_that_is_taken_is_said_to_be(gpio: GpioRig) -> None:
    """The button is absent, with the reason in words."""
    with pytest.raises(HardwareAbsent, match="17"):
        GpiozeroButtons({"help": 17}, HOLD_S, gpio.factory)


def test_without_gpio_the_buttons_are_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a computer without GPIO."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
    if any(Path("/dev").glob("gpiochip*")):
        pytest.skip("this computer has GPIO")
    with pytest.raises(HardwareAbsent, match="buttons"):
        GpiozeroButtons({"help": 17})


@pytest.mark.requirement("K8")
def test_usb_keys_that_were_unplugged_are_used_again(tmp_path: Path) -> None:
    """A key that was down when it was unplugged is released."""
    rig = KeyRig(tmp_path)
    heard = watch(rig.buttons)
    rig.down("help")
    assert actions(heard, 2) == [("help", PRESSED), ("help", HELD)]
    rig.unplug()
    assert actions(heard, 1) == [("help", RELEASED)]
    eventually(lambda: "event0" in rig.buttons.health(), "its health says so")
    rig.plug()
    eventually(lambda: rig.buttons.health() == "", "well again")
    rig.down("call")
    assert actions(heard, 1) == [("call", PRESSED)]
    rig.close()


def test_other_keys_and_half_events_are_nobodys(tmp_path: Path) -> None:
    """Only keys in the board's file are reported."""
    rig = KeyRig(tmp_path)
    heard = watch(rig.buttons)
    rig.key(KEYS["KEY_SPACE"], 1)
    rig.down("call")
    assert actions(heard, 1) == [("call", PRESSED)]
    rig.close()


def test_keys_of_a_real_keyboard_are_had_alone(tmp_path: Path) -> None:
    """Where a uinput device can be created; no console receives the keys then."""
    if not os.access("/dev/uinput", os.W_OK):
        pytest.skip("there is no /dev/uinput here: a keyboard cannot be made")
    device, destroy = make_keyboard()
    buttons = EvdevButtons(device, {"help": KEYS["KEY_F13"]}, retry_s=0.02)
    eventually(lambda: buttons.health() == "", "the keyboard is open")
    second = EvdevButtons(device, {"help": KEYS["KEY_F13"]}, retry_s=0.02)
    eventually(lambda: "alone" in second.health(), "the second one is refused")
    second.close()
    buttons.close()
    destroy()


def make_keyboard() -> tuple[str, Any]:
    """Create a keyboard with F13 through linux/uinput.h; return its device file and a way to remove it."""
    import fcntl

    descriptor = os.open("/dev/uinput", os.O_WRONLY)
    fcntl.ioctl(descriptor, 0x40045564, 1)
    fcntl.ioctl(descriptor, 0x40045565, KEYS["KEY_F13"])
    os.write(descriptor, struct.pack("80sHHHHi", b"kotiruutu test", 3, 1, 1, 1, 0) + bytes(4 * 64 * 4))
    fcntl.ioctl(descriptor, 0x5501)

    def device() -> str:
        for name in Path("/sys/class/input").glob("event*/device/name"):
            if name.read_text().strip() == "kotiruutu test":
                return f"/dev/input/{name.parent.parent.name}"
        return ""

    return eventually(device, "the keyboard has a file"), lambda: os.close(descriptor)
