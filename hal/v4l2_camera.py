"""A camera of the kernel's (Video4Linux2): whether it is there. Only the process of a call films with it."""

import stat
from pathlib import Path


class V4l2Camera:
    """``device`` is a node such as ``/dev/video0``; it is never opened here."""

    def __init__(self, device: str) -> None:
        self._device = Path(device)

    def health(self) -> str:
        """Looked up each time: cameras come and go with their plug."""
        try:
            mode = self._device.stat().st_mode
        except OSError:
            return "unplugged"
        return "" if stat.S_ISCHR(mode) else f"{self._device} is no camera"

    def close(self) -> None:
        """Nothing is held."""
