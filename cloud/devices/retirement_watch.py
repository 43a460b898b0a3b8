"""Takes retired devices from the brokers, in a process where waiting for a broker holds up nobody (K17)."""

from threading import Event

from cloud.base import due_work
from cloud.devices.retiring import clear_brokers

POLL_S = 20.0


class RetirementWatch:
    """Looks for devices that are still known to a broker; several may run."""

    def run(self, stopping: Event) -> None:
        """Until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, clear_brokers)
