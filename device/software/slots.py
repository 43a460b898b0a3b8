"""Two slots for releases, a link to the one that runs, and the way back; power may fail at any moment (K16).

``current`` is a symbolic link to a slot; without it the package runs. Only renames change what runs, so that
it is always the old one or the new one, whole. Needs Python alone: it must work where a release does not.
"""

import json
import os
from pathlib import Path
from typing import Any

SLOTS = ("a", "b")
MANIFEST = "manifest.json"
# A release that does not come up so often goes.
MOST_STARTS = 3


class Slots:
    """The folder of the releases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> str:
        """The slot that runs; empty where the package does."""
        try:
            name = (self.folder / "current").readlink().name
        except OSError:
            return ""
        return name if (self.folder / name / MANIFEST).exists() else ""

    @property
    def spare(self) -> str:
        """The slot that may be written: neither the one that runs nor the one to go back to."""
        taken = {self.current, self.trial.get("before", "")}
        return next((name for name in SLOTS if name not in taken), "")

    @property
    def trial(self) -> dict[str, Any]:
        """What is on trial: its slot, the one before, its version; empty where nothing is."""
        return _read(self.folder / "trial.json")

    @property
    def returned(self) -> dict[str, Any]:
        """What the device came back from, and why; empty once that was told."""
        return _read(self.folder / "returned.json")

    def begin_trial(self, slot: str, version: str, number: int) -> None:
        """From the next start on this slot runs, on trial."""
        self._remove("returned.json")
        self._write(
            "trial.json",
            {"slot": slot, "before": self.current, "version": version, "number": number, "starts": 0},
        )
        self._point_to(slot)

    def end_trial(self) -> None:
        """What runs is good."""
        self._remove("trial.json")

    def go_back(self, reason: str) -> None:
        """From the next start on the one before runs again."""
        trial = self.trial
        if not trial:
            return
        about = {"version": trial["version"], "number": trial["number"], "reason": reason}
        self._write("returned.json", about)
        self._point_to(trial["before"])
        self._remove("trial.json")

    def forget_return(self) -> None:
        """The desk will hear of it."""
        self._remove("returned.json")

    def settle(self) -> None:
        """Ends what a power cut left half done."""
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
        """One more start on trial, and back where there were too many. Called before the start."""
        self.settle()
        trial = self.trial
        if not trial:
            return
        if trial["starts"] >= MOST_STARTS:
            self.go_back("it does not start")
            return
        self._write("trial.json", {**trial, "starts": trial["starts"] + 1})

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
        new = self.folder / f"{name}.new"
        with new.open("w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.folder / name)
        sync_folder(self.folder)

    def _remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        sync_folder(self.folder)


def sync_folder(folder: Path) -> None:
    """What was renamed and deleted there is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
