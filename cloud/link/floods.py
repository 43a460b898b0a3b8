"""Devices over their message limit: a fault at the desk until they are back to normal (K21)."""

import time
from collections import Counter

from cloud.devices import faults
from cloud.devices.models import Device

CALM_AFTER_S = 60.0


class Floods:
    """Records floods; used from the worker's thread, which calls it often."""

    def __init__(self) -> None:
        self._since_start: Counter[str] = Counter()
        self._last_s: dict[str, float] = {}

    def note(self, dropped: Counter[str]) -> None:
        """Record dropped messages, and the end of floods."""
        now_s = time.monotonic()
        for name, count in dropped.items():
            self._since_start[name] += count
            self._last_s[name] = now_s
            if device := Device.objects.filter(pk=name).first():
                faults.keep_flood(device, self._since_start[name])
        calm = [name for name, last_s in self._last_s.items() if now_s - last_s > CALM_AFTER_S]
        for name in calm:
            del self._last_s[name], self._since_start[name]
            if device := Device.objects.filter(pk=name).first():
                faults.keep_flood(device, 0)
