"""Presence of the screens of open visits, marked away within five seconds (Q9)."""

import time
from collections.abc import Collection

from django.utils import timezone

from cloud.queue import line, service
from cloud.queue.models import Visit

# Two heartbeats of a second and a half, and network delay.
LONGEST_SILENCE_S = 3.3
MOST_HEARD = 100_000


class InLine:
    """One link worker's presence data, in memory: after its start nobody is marked away at once."""

    def __init__(self) -> None:
        self._heard: dict[str, float] = {}
        self._began_s = time.monotonic()

    def hear(self, device: str) -> None:
        """Record a heartbeat of this device."""
        if len(self._heard) >= MOST_HEARD:
            self._heard.clear()
        self._heard[device] = time.monotonic()

    def begin_again(self) -> None:
        """Restart the timeouts: the broker was disconnected."""
        self._began_s = time.monotonic()

    def turn(self, partitions: Collection[str], broker: str) -> None:
        """Mark this broker's silent devices as away, and returned ones as present."""
        now_s = time.monotonic()
        open_visits = Visit.objects.exclude(stage="ended").filter(device__broker=broker)
        for visit in open_visits.select_related("device"):
            device = visit.device
            if device is None or device.pk[0] not in partitions:
                continue
            # A visit that has just begun has had no time for heartbeats.
            joined_s = abs((timezone.now() - visit.joined_at).total_seconds())
            silent_s = min(now_s - self._heard.get(device.pk, self._began_s), joined_s)
            is_here = device.online and silent_s <= LONGEST_SILENCE_S
            if is_here and visit.away_since and device.pk in self._heard:
                service.apply(visit.id, line.come_back)
            elif not is_here and visit.away_since is None:
                service.apply(visit.id, lambda rule: line.lose(rule, timezone.now()))
