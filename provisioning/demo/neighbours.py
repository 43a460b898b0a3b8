"""The programs of a house's other residents: simulated devices in one process, and a nurse."""

from collections.abc import Sequence
from pathlib import Path

from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.place import Place

PATIENCE_S = 120.0


class Neighbours:
    """``nurse`` is the module, with its arguments, that prepares them into a folder and then answers them."""

    def __init__(
        self, place: Place, authority: Path, nurse: Sequence[str], patience_s: float = PATIENCE_S
    ) -> None:
        identities = place.folder / "house"
        self._done = identities / "done.json"
        self._patience_s = patience_s
        command = place.python(*nurse, str(identities.resolve()))
        self._nurse = ManagedProcess(
            "the nurse", command, log=place.log("nurse"), environment=place.environment
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
        self._nurse.wait_until(self._done.exists, timeout_s=self._patience_s)
        self._house.start()

    def stop(self) -> None:
        """Stop both; calling it twice is safe."""
        self._house.stop()
        self._nurse.stop()
