"""The brokers of this desk, and which two of them each device knows: the unit in which the fleet grows."""

from dataclasses import dataclass
from zlib import crc32

from django.conf import settings

# The one where it belongs, and the one to which it goes when that is dead.
EACH_KNOWS = 2


@dataclass(frozen=True)
class Broker:
    """One broker, as devices and as the desk's own parts reach it."""

    host: str
    device_port: int
    desk_port: int

    @property
    def name(self) -> str:
        """How the desk's database names it."""
        return f"{self.host}:{self.desk_port}"


def brokers() -> list[Broker]:
    """All that the settings name; none where the desk has no broker."""
    if not settings.BROKER_DESK_PORT:
        return []
    first = Broker(settings.BROKER_HOST, settings.BROKER_DEVICE_PORT, settings.BROKER_DESK_PORT)
    return [first, *(Broker(*each) for each in settings.OTHER_BROKERS)]


def known_to(device: str) -> list[Broker]:
    """The brokers of one device, its own first; devices are spread evenly over all of them."""
    known = brokers()
    start = crc32(device.encode()) % max(1, len(known))
    return [known[(start + each) % len(known)] for each in range(min(EACH_KNOWS, len(known)))]
