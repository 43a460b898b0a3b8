"""The demo's care desk: prepared once, then started; used through its own commands and files."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from provisioning import janus
from provisioning.demo.inspector import Inspector
from provisioning.demo.managed_process import ManagedProcess, ProcessFailed
from provisioning.demo.place import REPOSITORY, Place
from provisioning.demo.ports import answers


class Prepared(Struct, frozen=True):
    """The prepared database: tables of this version, and the output of ``seed_demo``."""

    tables: str
    seed: dict[str, Any]


class Desk:
    """The desk's programs (pages, device port, link worker, escalation) and their data."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._prepared_file = place.folder / "prepared.json"
        ports = place.ports
        pages = place.python("cloud", "serve", "pages", "--port", str(ports.pages))
        self.pages = self._part("the care desk", pages, "desk")
        devices = place.python("cloud", "serve", "devices", "--port", str(ports.devices))
        self.devices = self._part("the devices' port", devices, "devices")
        self._signer_socket = place.sockets / "sign"
        signer = place.python(
            "cloud.pki", "--directory", str(place.signer), "--socket", str(self._signer_socket)
        )
        self.signer = self._part("the signing process", signer, "signer")
        self.link = self._part("the link worker", place.python("cloud", "link"), "link")
        self.escalation = self._part("the escalation", place.python("cloud", "escalate"), "escalate")
        self.cafe = self._part("the café", place.python("cloud", "cafe"), "cafe")
        self.engine: ManagedProcess | None = None
        if janus.program():
            command = janus.configured(place.folder / "janus", place.sockets / "janus")
            self.engine = self._part("the café's engine", command, "janus")
        self.inspector = Inspector(place.python("cloud", "inspect"), place.environment, place.log("inspect"))
        self.rows = self.inspector.rows
        self.url = f"http://localhost:{ports.pages}"
        self.device_url = f"https://localhost:{ports.devices}"
        self.authority = place.desk / "pki" / "ca.pem"

    def prepare(self) -> Prepared:
        """Create authority, tables and the demo's people, unless they exist."""
        tables = _digest_of_tables()
        known = self._known()
        if known and known.tables == tables and self.authority.exists() and self._place.signer.exists():
            return known
        self._place.desk.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor() as both:
            authority = both.submit(self.run, "make_authority", "--host", "localhost")
            self._migrate(is_old=known is not None)
            authority.result()
        prepared = Prepared(tables, json.loads(self.run("seed_demo")))
        self._prepared_file.write_bytes(msgspec.json.encode(prepared))
        return prepared

    def _migrate(self, *, is_old: bool) -> None:
        try:
            self.run("migrate")
        except ProcessFailed as error:
            if not is_old:
                raise
            raise ProcessFailed(
                f"its data in {self._place.folder} are of an earlier version, or damaged. "
                f"Delete that folder, and start it again.\n{error}"
            ) from None

    def run(self, *arguments: str) -> str:
        """Run one of the desk's commands and return its output. Raises ``ProcessFailed`` with its errors."""
        done = subprocess.run(
            self._place.python("cloud", *arguments),
            env=self._place.environment,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ProcessFailed(f"the care desk could not do '{arguments[0]}':\n{done.stderr[-2000:]}")
        return done.stdout

    def start(self) -> None:
        """Start all its programs; ``wait`` until they answer."""
        self.signer.start()
        self.pages.start()
        self.devices.start()
        self.link.start()
        self.escalation.start()
        if self.engine:
            self.engine.start()
        self.cafe.start()

    @property
    def cafe_parts(self) -> tuple[ManagedProcess, ...]:
        """Return the café's process, and its SFU where Debian has one."""
        return (self.cafe, self.engine) if self.engine else (self.cafe,)

    def wait(self) -> None:
        """Wait until all programs answer. Raises ``ProcessFailed``."""
        ports = self._place.ports
        self.wait_for_signer()
        self.pages.wait_until(lambda: answers(ports.pages))
        self.devices.wait_until(lambda: answers(ports.devices))

    def wait_for_signer(self) -> None:
        """Wait until certificates can be signed. Raises ``ProcessFailed``."""
        self.signer.wait_until(self._signer_socket.exists)

    def _part(self, name: str, command: list[str], log: str) -> ManagedProcess:
        return ManagedProcess(name, command, log=self._place.log(log), environment=self._place.environment)

    def _known(self) -> Prepared | None:
        try:
            return msgspec.json.decode(self._prepared_file.read_bytes(), type=Prepared)
        except (OSError, msgspec.MsgspecError):
            return None


def _digest_of_tables() -> str:
    digest = hashlib.sha256()
    for path in sorted(_sources_of_tables()):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _sources_of_tables() -> Iterator[Path]:
    yield from (REPOSITORY / "cloud").glob("*/migrations/*.py")
    yield from (REPOSITORY / "cloud").glob("*/demo/*")
