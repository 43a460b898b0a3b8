"""The health file for the installer's ``kotiruutu health``."""

import logging
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from device.contract.errors import ContractError
from device.contract.vital import DeviceHealth, Fault, PartHealth
from device.contract.wire import read

_log = logging.getLogger(__name__)


class HealthFile:
    """Written whenever a fault begins or ends; its times survive a restart."""

    def __init__(self, path: Path, fitted: Sequence[str]) -> None:
        self._path = path
        self._fitted = fitted
        self._known = _kept(path)
        self._faults: Sequence[Fault] | None = None

    def write(self, faults: Sequence[Fault], at: datetime) -> None:
        """Write the file; a disk that refuses affects nothing else: the heartbeat informs the desk."""
        if faults == self._faults:
            return
        self._faults = faults
        self._known = ages(self._known, faults, fitted=self._fitted, at=at)
        health = DeviceHealth(pid=os.getpid(), parts=list(self._known))
        partial = self._path.with_suffix(".part")
        try:
            partial.write_bytes(msgspec.json.encode(health))
            partial.replace(self._path)
        except OSError as error:
            _log.error("the health file could not be written: %s", error)


def ages(
    known: Sequence[PartHealth], faults: Sequence[Fault], *, fitted: Sequence[str], at: datetime
) -> tuple[PartHealth, ...]:
    """Return every fitted component and every fault; an unchanged state keeps its start time."""
    reasons = {**dict.fromkeys(fitted, ""), **{fault.part: fault.reason for fault in faults}}
    before = {each.part: each for each in known}
    return tuple(
        PartHealth(part=part, reason=reason, since=_since(before.get(part), reason, at))
        for part, reason in sorted(reasons.items())
    )


def _since(before: PartHealth | None, reason: str, at: datetime) -> datetime:
    return before.since if before and bool(before.reason) == bool(reason) else at


def _kept(path: Path) -> tuple[PartHealth, ...]:
    try:
        return tuple(read(path.read_bytes(), DeviceHealth).parts)
    except (OSError, ContractError):
        return ()
