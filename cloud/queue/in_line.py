"""Which screens of open visits are there: heard again and again, or shown as away within five (Q9)."""

import time
from collections.abc import Collection

from django.utils import timezone

from cloud.queue import line, service
from cloud.queue.models import Visit

# Two beats of a second and a half, and what the line may be late.
LONGEST_SILENCE_S = 3.3
MOST_HEARD = 100_000


class InLine:
    """What one link worker has heard, in memory: a worker that starts waits before it calls anybody away."""

    def __init__(self) -> None:
        self._heard: dict[str, float] = {}
        self._began_s = time.monotonic()

    def hear(self, device: str) -> None:
        """The screen of this device has an open visit, and is there."""
        if len(self._heard) >= MOST_HEARD:
            self._heard.clear()
        self._heard[device] = time.monotonic()

    def begin_again(self) -> None:
        """The broker was away: nobody could be heard."""
        self._began_s = time.monotonic()

    def turn(self, partitions: Collection[str], broker: str) -> None:
        """Mark those of this broker away who have fallen silent, and those back who are heard again."""
        now_s = time.monotonic()
        open_visits = Visit.objects.exclude(stage="ended").filter(device__broker=broker)
        for visit in open_visits.select_related("device"):
            device = visit.device
            if device is None or device.pk[0] not in partitions:
                continue
            # Whoever has only just joined has had no time to say more.
            joined_s = abs((timezone.now() - visit.joined_at).total_seconds())
            silent_s = min(now_s - self._heard.get(device.pk, self._began_s), joined_s)
            is_here = device.online and silent_s <= LONGEST_SILENCE_S
            if is_here and visit.away_since and device.pk in self._heard:
                service.apply(visit.id, line.come_back)
            elif not is_here and visit.away_since is None:
                service.apply(visit.id, lambda rule: line.lose(rule, timezone.now()))
