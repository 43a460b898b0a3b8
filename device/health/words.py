"""The device's health in one line, for ``systemctl status``."""

from collections.abc import Sequence

from device.contract.vital import Fault


def in_words(faults: Sequence[Fault]) -> str:
    """Return the faults and their reasons."""
    if not faults:
        return "Everything that is fitted works."
    return "Does not work: " + "; ".join(f"{fault.part} ({fault.reason})" for fault in faults)
