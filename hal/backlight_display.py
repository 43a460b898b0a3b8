"""A panel with a backlight that the kernel can set (Documentation/ABI/stable/sysfs-class-backlight)."""

from pathlib import Path

from hal.mixing import cut
from hal.ports import HardwareAbsent, Panel

SYSFS = Path("/sys")
# enum of linux/fb.h.
_UNBLANK, _POWERDOWN = "0", "4"
# The darkest level that can still be read in a dark room.
_DARKEST = 0.03


class BacklightDisplay:
    """A backlight below ``/sys/class/backlight``; an empty ``name`` takes the only one there."""

    def __init__(self, name: str = "", panel: Panel | None = None, sysfs: Path = SYSFS) -> None:
        """Open the backlight. ``panel`` overrides the panel's EDID.

        Raises ``HardwareAbsent`` without a backlight.
        """
        lights = sorted((sysfs / "class/backlight").glob(name or "*"))
        if not lights:
            raise HardwareAbsent(
                f"there is no backlight {name}".rstrip() + f" in {sysfs / 'class/backlight'}"
            )
        self._folder = lights[0]
        self._panel = _complete(panel or Panel(), read_panel(sysfs))
        self._fault = ""
        self._most = self._read("max_brightness")
        self._level = cut(self._read("brightness") / self._most) if self._most else 1.0
        self._blanked = self._read("bl_power") != int(_UNBLANK)

    @property
    def panel(self) -> Panel:
        """Return the panel's size, from the board's file or else from its EDID."""
        return self._panel

    @property
    def level(self) -> float:
        """Return the backlight level, 0 to 1, as last set."""
        return self._level

    @property
    def blanked(self) -> bool:
        """Return whether the backlight is switched off."""
        return self._blanked

    def dim(self, level: float) -> None:
        """Set the backlight, at least to its first step: on some panels zero is off."""
        self._level = cut(level)
        share = _DARKEST + (1 - _DARKEST) * self._level
        self._write("brightness", str(max(1, round(share * self._most))))

    def blank(self) -> None:
        """Switch the backlight off (``bl_power`` of the kernel's backlight class)."""
        self._blanked = self._write("bl_power", _POWERDOWN)

    def unblank(self) -> None:
        """Switch the backlight on at its last brightness."""
        self._blanked = not self._write("bl_power", _UNBLANK)
        self.dim(self._level)

    def health(self) -> str:
        """Return the last write error of the kernel; empty where there was none."""
        return self._fault

    def close(self) -> None:
        """Leave the backlight as it is: a dark screen helps nobody."""

    def _read(self, name: str) -> int:
        try:
            return int((self._folder / name).read_text())
        except (OSError, ValueError) as error:
            self._fault = f"the backlight cannot be read: {error}"
            return 0

    def _write(self, name: str, value: str) -> bool:
        try:
            (self._folder / name).write_text(value)
        except OSError as error:
            self._fault = f"the backlight cannot be set: {error}"
            return False
        self._fault = ""
        return True


def read_panel(sysfs: Path = SYSFS) -> Panel:
    """Return mode and EDID size of the first connected panel; zeros where missing, as on DSI panels."""
    for connector in sorted((sysfs / "class/drm").glob("card*-*")):
        try:
            if (connector / "status").read_text().strip() != "connected":
                continue
            mode = (connector / "modes").read_text().split("\n", 1)[0]
            edid = (connector / "edid").read_bytes()
        except OSError:
            continue
        width, _, height = mode.rstrip("ip").partition("x")
        width_mm, height_mm = _size_mm(edid)
        return Panel(_number(width), _number(height), width_mm, height_mm)
    return Panel()


def _size_mm(edid: bytes) -> tuple[int, int]:
    """Return the size in a VESA E-EDID 1.4: first detailed timing (3.10.2), else centimetres (3.6.2)."""
    if len(edid) < 128:
        return 0, 0
    width, height, high = edid[66], edid[67], edid[68]
    if width or height or high:
        return (high >> 4 << 8) + width, ((high & 0x0F) << 8) + height
    return 10 * edid[21], 10 * edid[22]


def _complete(configured: Panel, found: Panel) -> Panel:
    return Panel(
        configured.width_px or found.width_px,
        configured.height_px or found.height_px,
        configured.width_mm or found.width_mm,
        configured.height_mm or found.height_mm,
        configured.rotation,
    )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
