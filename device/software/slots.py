"""Two release slots, a link to the current one, and rollback; safe against power cuts (K16).

``current`` is a symbolic link to a slot; without it the package runs. Only renames change what runs, so that
it is always the complete old or new release. Needs Python alone: it must work where a release does not.
"""

import json
from pathlib import Path
from typing import Any

from device.durable_files import replace_file, sync_folder

SLOTS = ("a", "b")
MANIFEST = "manifest.json"
# A release that fails to start this often is rolled back.
MOST_STARTS = 3


class Slots:
    """The folder of the releases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> str:
        """Return the current slot; empty where the package runs."""
        try:
            name = (self.folder / "current").readlink().name
        except OSError:
            return ""
        return name if (self.folder / name / MANIFEST).exists() else ""

    @property
    def spare(self) -> str:
        """Return the writable slot: neither the current one nor the one to roll back to."""
        taken = {self.current, self.trial.get("before", "")}
        return next((name for name in SLOTS if name not in taken), "")

    @property
    def trial(self) -> dict[str, Any]:
        """Return the trial: its slot, the previous slot, its version; empty where there is none."""
        return _read(self.folder / "trial.json")

    @property
    def returned(self) -> dict[str, Any]:
        """Return the last rollback and its reason; empty once it was reported."""
        return _read(self.folder / "returned.json")

    def begin_trial(self, slot: str, version: str, number: int) -> None:
        """Use this slot from the next start on, on trial."""
        self._remove("returned.json")
        self._write(
            "trial.json",
            {"slot": slot, "before": self.current, "version": version, "number": number, "starts": 0},
        )
        self._point_to(slot)

    def end_trial(self) -> None:
        """Confirm that the current release works: it is not taken back any more."""
        self._remove("trial.json")

    def go_back(self, reason: str) -> None:
        """Use the previous slot from the next start on."""
        trial = self.trial
        if not trial:
            return
        about = {"version": trial["version"], "number": trial["number"], "reason": reason}
        self._write("returned.json", about)
        self._point_to(trial["before"])
        self._remove("trial.json")

    def forget_return(self) -> None:
        """Clear the rollback record: it will be reported to the desk."""
        self._remove("returned.json")

    def finish_interrupted(self) -> None:
        """Complete what a power cut interrupted."""
        trial, returned = self.trial, self.returned
        if not trial:
            return
        if self.current != trial["slot"]:
            # It was never switched to, or it was switched back.
            self._remove("trial.json")
        elif returned.get("number") == trial["number"]:
            self._point_to(trial["before"])
            self._remove("trial.json")

    def count_start(self) -> None:
        """Count a start on trial, and roll back after too many. Called before the start."""
        self.finish_interrupted()
        trial = self.trial
        if not trial:
            return
        if trial["starts"] >= MOST_STARTS:
            self.go_back("it does not start")
            return
        self._write("trial.json", {**trial, "starts": trial["starts"] + 1})

    def go_back_after_hang(self) -> None:
        """Roll back a release whose core hung; not one that has never started: the one before it hung."""
        if self.trial.get("starts"):
            self.go_back("it does not respond")

    def _point_to(self, slot: str) -> None:
        link = self.folder / "current"
        if slot:
            new = self.folder / "current.new"
            new.unlink(missing_ok=True)
            new.symlink_to(slot)
            new.replace(link)
        else:
            link.unlink(missing_ok=True)
        sync_folder(self.folder)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        replace_file(self.folder / name, json.dumps(content).encode())

    def _remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        sync_folder(self.folder)


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
