"""The programs of the demo's other residents: simulated devices in one process, and a nurse."""

from pathlib import Path

from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place

DEVICES = 30


class Neighbours:
    """Started last, so that the screen need not wait for them."""

    def __init__(self, place: Place, authority: Path, devices: int) -> None:
        identities = place.folder / "house"
        self._done = identities / "done.json"
        nurse = place.python(
            "cloud", "live_in_house", "--devices", str(devices), "--into", str(identities.resolve())
        )
        self._nurse = ManagedProcess(
            "the nurse", nurse, log=place.log("nurse"), environment=place.environment
        )
        house = place.python(
            "provisioning.demo.house", str(identities), str(authority), str(place.ports.broker_devices)
        )
        self._house = ManagedProcess(
            "the house", house, log=place.log("house"), environment=place.environment
        )

    def start(self) -> None:
        """Prepare what is missing, then switch the devices on. Raises ``ProcessFailed``."""
        self._done.unlink(missing_ok=True)
        self._nurse.start()
        self._nurse.wait_until(self._done.exists, timeout_s=120)
        self._house.start()

    def stop(self) -> None:
        """Stop both; calling it twice is safe."""
        self._house.stop()
        self._nurse.stop()
