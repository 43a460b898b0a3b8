"""A Video4Linux2 camera: whether it is present. Only the call process records from it."""

import stat
from pathlib import Path


class V4l2Camera:
    """A camera by its device node, such as ``/dev/video0``, which is never opened here."""

    def __init__(self, device: str) -> None:
        self._device = Path(device)

    def health(self) -> str:
        """Check the device node each time: cameras are plugged in and out."""
        try:
            mode = self._device.stat().st_mode
        except OSError:
            return "unplugged"
        return "" if stat.S_ISCHR(mode) else f"{self._device} is no camera"

    def close(self) -> None:
        """Do nothing: no resource is open."""
