"""The desk's brokers, and the two of them that each device uses: how the fleet scales."""

from dataclasses import dataclass
from zlib import crc32

from django.conf import settings

# Its primary broker, and the fallback when that is down.
EACH_KNOWS = 2


@dataclass(frozen=True)
class Broker:
    """One broker, with its addresses for devices and for the desk's processes.

    ``desk_host`` is the host by which the desk's processes reach it; without it as devices do.
    """

    host: str
    device_port: int
    desk_port: int
    desk_host: str = ""

    @property
    def name(self) -> str:
        """Return its name in the desk's database."""
        return f"{self.host}:{self.desk_port}"


def brokers() -> list[Broker]:
    """Return all brokers of the settings; none where the desk has no broker."""
    if not settings.BROKER_DESK_PORT:
        return []
    ports = settings.BROKER_DEVICE_PORT, settings.BROKER_DESK_PORT
    first = Broker(settings.BROKER_HOST, *ports, desk_host=settings.BROKER_DESK_HOST)
    return [first, *(Broker(*each) for each in settings.OTHER_BROKERS)]


def known_to(device: str) -> list[Broker]:
    """Return the brokers of one device, its primary first; devices are spread evenly."""
    known = brokers()
    start = crc32(device.encode()) % max(1, len(known))
    return [known[(start + each) % len(known)] for each in range(min(EACH_KNOWS, len(known)))]
