"""Where one running system keeps its files, and what its programs are told."""

import errno
import hashlib
import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from provisioning.demo.ports import Ports, remembered

REPOSITORY = Path(__file__).resolve().parents[2]
# A Unix socket's path has 107 bytes at most (unix(7)).
LONGEST_SOCKET_FOLDER = 90


@dataclass(frozen=True)
class Place:
    """One folder with everything that a system leaves behind."""

    folder: Path

    @cached_property
    def ports(self) -> Ports:
        """Chosen once, and kept for the next start."""
        return remembered(self.folder / "ports.json")

    @cached_property
    def sockets(self) -> Path:
        """Where the tablet's Unix sockets are: in the folder, or under /tmp where its name is too long."""
        inside = self.folder.resolve() / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            inside.mkdir(parents=True, exist_ok=True)
            return inside
        name = hashlib.sha256(os.fsencode(inside)).hexdigest()[:12]
        outside = Path(tempfile.gettempdir(), f"kotiruutu-{os.getuid()}-{name}")
        outside.mkdir(mode=0o700, exist_ok=True)
        if outside.stat().st_uid != os.getuid():
            raise PermissionError(errno.EPERM, "it belongs to another user", str(outside))
        return outside

    @property
    def desk(self) -> Path:
        """The desk's data: database, authority, photos."""
        return self.folder / "desk"

    @property
    def tablet(self) -> Path:
        """The tablet's identity, settings and data."""
        return self.folder / "tablet"

    def log(self, part: str) -> Path:
        """The log file of one part."""
        return self.folder / "log" / f"{part}.log"

    def python(self, module: str, *arguments: str) -> list[str]:
        """The command that runs one of our packages with this Python."""
        return [sys.executable, "-m", module, *arguments]

    @cached_property
    def environment(self) -> dict[str, str]:
        """The surroundings of every part: this shell's, less what would lead to another system."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("KOTIRUUTU_")}
        return inherited | {
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "cloud.desk.settings",
            "KOTIRUUTU_DESK_DATA": str(self.desk.resolve()),
            "KOTIRUUTU_DESK_SECRET": self._secret(),
            "KOTIRUUTU_DESK_PLAIN_HTTP": "1",
            # Mail of the demo goes to nobody: it is printed into the log of whoever sends it.
            "KOTIRUUTU_DESK_MAIL": "console:",
            "KOTIRUUTU_CAFE_SOCKET": str(self.sockets / "janus"),
            "KOTIRUUTU_BROKER_HOST": "localhost",
            "KOTIRUUTU_DEVICE_PORT": str(self.ports.devices),
            "KOTIRUUTU_BROKER_DEVICE_PORT": str(self.ports.broker_devices),
            "KOTIRUUTU_BROKER_DESK_PORT": str(self.ports.broker_desk),
        }

    def _secret(self) -> str:
        file = self.folder / "secret"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48), encoding="ascii")
        return file.read_text(encoding="ascii")
