"""Releases for an emulated tablet: the files of its own package under a newer version, whole or broken."""

import argparse
import subprocess
from collections.abc import Callable
from pathlib import Path

from provisioning.release import build, make_keys

# What each does wrong, and in which file of the release.
PAINTS_NOTHING = ("kiosk_ui/__main__.py", "raise SystemExit(1)\n")
HANGS = ("device/__main__.py", "import time\n\nwhile True:\n    time.sleep(60)\n")
Fault = tuple[str, str]


class Releases:
    """Each is newer than the one before; ``public`` goes to the tablet and the desk."""

    def __init__(self, package: Path, folder: Path, arch: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._arch = arch
        self._key, self.public = folder / "release.key", folder / "release.pub"
        if not self._key.exists():
            make_keys(self._key, self.public)
        subprocess.run(["dpkg-deb", "-x", str(package), str(folder / "package")], check=True)
        self._tree = folder / "package/opt/kotiruutu"

    def build(self, fault: Fault | None = None) -> tuple[str, Path]:
        """Version and file of a new release."""
        version = f"0.1.{len(list(self._folder.glob('*.release'))) + 1}"
        file = self._folder / f"{version}.release"
        (self._tree / "device/__init__.py").write_text(
            f'"""The tablet."""\n\nVERSION = "{version}"\n', encoding="utf-8"
        )
        undo = self._break(fault) if fault else None
        build(argparse.Namespace(key=self._key, tree=self._tree, into=file, arch=self._arch))
        if undo:
            undo()
        return version, file

    def _break(self, fault: Fault) -> Callable[[], object]:
        path, content = fault
        file = self._tree / path
        whole = file.read_text(encoding="utf-8")
        file.write_text(content, encoding="utf-8")
        return lambda: file.write_text(whole, encoding="utf-8")
