"""The folder of one running system, and its programs' environment."""

import errno
import hashlib
import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from provisioning.demo.ports import Ports, chosen_ports

REPOSITORY = Path(__file__).resolve().parents[2]
# A Unix socket's path has 107 bytes at most (unix(7)).
LONGEST_SOCKET_FOLDER = 90


@dataclass(frozen=True)
class Place:
    """One folder with all files of a system."""

    folder: Path

    @cached_property
    def ports(self) -> Ports:
        """Return the ports, chosen once and kept for the next start."""
        return chosen_ports(self.folder / "ports.json")

    @cached_property
    def sockets(self) -> Path:
        """Return the folder of the tablet's sockets: under /tmp where this folder's path is too long."""
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
        """Return the desk's folder: database, authority, photos."""
        return self.folder / "desk"

    @property
    def signer(self) -> Path:
        """Return the folder with the authority's key, which the signing process alone needs."""
        return self.folder / "signer"

    @property
    def tablet(self) -> Path:
        """Return the tablet's folder: identity, settings and data."""
        return self.folder / "tablet"

    def log(self, part: str) -> Path:
        """Return the log file of one program."""
        return self.folder / "log" / f"{part}.log"

    def python(self, module: str, *arguments: str) -> list[str]:
        """Return the command that runs one of our packages with this Python."""
        return [sys.executable, "-m", module, *arguments]

    @cached_property
    def environment(self) -> dict[str, str]:
        """Return every program's environment: this shell's, without variables of another system."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("KOTIRUUTU_")}
        return inherited | {
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "cloud.desk.settings",
            "KOTIRUUTU_DESK_DATA": str(self.desk.resolve()),
            "KOTIRUUTU_DESK_SECRET": self._secret(),
            "KOTIRUUTU_DESK_PLAIN_HTTP": "1",
            "KOTIRUUTU_SIGNER_SOCKET": str(self.sockets / "sign"),
            "KOTIRUUTU_SIGNER_DIRECTORY": str(self.signer.resolve()),
            # The demo sends no mail: it is printed into the log of the sending process.
            "KOTIRUUTU_DESK_MAIL": "console:",
            "KOTIRUUTU_CAFE_SOCKETS": str(self.sockets / "janus"),
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
