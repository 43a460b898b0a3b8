"""Removes retired devices from the brokers, in a process where waiting for a broker blocks nothing (K17)."""

from threading import Event

from cloud.base import due_work
from cloud.devices.retirement import clear_brokers

POLL_S = 20.0


class RetirementWatch:
    """Looks for retired devices that a broker still knows; several may run."""

    def run(self, stopping: Event) -> None:
        """Run until ``stopping`` is set."""
        due_work.repeat(stopping, POLL_S, clear_brokers)
