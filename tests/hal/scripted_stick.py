"""A scripted USB 300 stick."""

from pathlib import Path

from hal import esp3
from tests.hal.serial_device import SerialDevice


class ScriptedStick(SerialDevice):
    """Answers commands, and sends telegrams of pendants when a test presses them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.mute = False

    def answer(self, octets: bytes) -> None:
        """Answer with return code RET_OK and a version (ESP3, 2.5.6)."""
        if esp3.ARE_YOU_THERE in octets and not self.mute:
            self.say(esp3.write(esp3.Kind.RESPONSE, bytes(33)))

    def telegram(self, sender: str, *, down: bool) -> bytes:
        """Return the packet of a press or a release, received at -71 dBm."""
        data = (
            bytes((0xF6, 0x10 if down else 0x00)) + bytes.fromhex(sender) + bytes((0x30 if down else 0x20,))
        )
        return esp3.write(esp3.Kind.RADIO, data, bytes((1, 0xFF, 0xFF, 0xFF, 0xFF, 71, 0)))

    def press(self, sender: str) -> None:
        """Press, with a repeater's copy, and release."""
        down, up = self.telegram(sender, down=True), self.telegram(sender, down=False)
        self.say(down + down + up)
