"""Simulated tablets beside the homes of a campaign; as a program (``N FOLDER``) their nurse, too."""

import signal
import sys
from pathlib import Path
from threading import Event

import django

from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place

LOOKS_EVERY_S = 5.0


class Neighbours:
    """Two processes: tablets that live as those of the demo's house do, and a nurse who answers them."""

    def __init__(self, place: Place, authority: Path, count: int) -> None:
        identities = place.folder.resolve() / "neighbours"
        self._done = identities / "done.json"
        self._count = count
        nurse = place.python("tests.campaign.neighbours", str(count), str(identities))
        self._nurse = ManagedProcess(
            "the neighbours' nurse", nurse, log=place.log("neighbours-nurse"), environment=place.environment
        )
        house = place.python(
            "provisioning.demo.house", str(identities), str(authority), str(place.ports.broker_devices)
        )
        self._house = ManagedProcess(
            "the neighbours", house, log=place.log("neighbours"), environment=place.environment
        )

    def start(self) -> None:
        """Enrol them, then switch them on. Raises ``ProcessFailed``."""
        self._nurse.start()
        self._nurse.wait_until(self._done.exists, timeout_s=60 + self._count / 5)
        self._house.start()

    def stop(self) -> None:
        """Stop both; calling it twice is safe."""
        self._house.stop()
        self._nurse.stop()


def main() -> None:
    """Enrol so many, and be their nurse until the end of the process."""
    django.setup()
    from django.db import close_old_connections
    from django.utils import timezone

    from cloud.desk.demo.home import NURSE_OF_THE_HOUSE
    from cloud.desk.demo.staff import work
    from cloud.notify import live_updates
    from cloud.organisations.models import User
    from tests.bench.fleet.enrol import enrol

    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    house = set(enrol(int(sys.argv[1]), Path(sys.argv[2])))
    nurse = User.objects.get(username=NURSE_OF_THE_HOUSE)
    live_updates.here()
    while not stopping.wait(LOOKS_EVERY_S):
        close_old_connections()
        work(nurse, house, timezone.now())
    live_updates.close()


if __name__ == "__main__":
    main()
