"""Runs the tests that are marked ``postgresql`` on a PostgreSQL of their own: ``python -m tests.postgresql``.

The server lives in a temporary folder, listens on a free port of this machine, and is gone afterwards.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.ports import LOOPBACK, a_free_port, answers

DEBIAN = Path("/usr/lib/postgresql")
MARK = "postgresql"
# A database of tests need not survive a power cut.
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB"]
# What it has confirmed survives a crash.
DURABLE = ["shared_buffers=32MB"]


def main(arguments: list[str]) -> int:
    """The exit status of pytest."""
    with running_server() as url:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "--migrations", "-m", MARK, *(arguments or _marked())],
            env=os.environ | {"KOTIRUUTU_DESK_DATABASE": url},
            check=False,
        ).returncode


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of its own, and its address for ``KOTIRUUTU_DESK_DATABASE``."""

    url: str
    port: int
    process: ManagedProcess

    def crash(self) -> None:
        """End it without a checkpoint, and start it again."""
        self.process.stop(signal.SIGQUIT)
        self.process.start()
        self.process.wait_until(lambda: answers(self.port))


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """The address of an empty server, for ``KOTIRUUTU_DESK_DATABASE``."""
    with server(QUICK) as running:
        yield running.url


@contextlib.contextmanager
def server(settings: Sequence[str]) -> Iterator[Server]:
    """An empty server with these settings."""
    programs, port = _programs(), a_free_port()
    folder = Path(tempfile.mkdtemp(prefix="kotiruutu-pg-"))
    as_user = _not_root(folder)
    data = folder / "data"
    make = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "desk",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
    ]
    own = [f"port={port}", f"listen_addresses={LOOPBACK}", f"unix_socket_directories={folder}"]
    serve = [str(programs / "postgres"), "-D", str(data)]
    serve += [word for setting in (*own, *settings) for word in ("-c", setting)]
    process = ManagedProcess("PostgreSQL", [*as_user, *serve], log=folder / "log", restarts=False)
    try:
        subprocess.run([*as_user, *make], check=True, stdout=subprocess.DEVNULL)
        process.start()
        process.wait_until(lambda: answers(port))
        yield Server(f"postgresql://desk@{LOOPBACK}:{port}/desk", port, process)
    finally:
        process.stop()
        shutil.rmtree(folder)


def create_database(url: str) -> None:
    """Create the database of this address; tests make one of their own."""
    import psycopg

    server, _slash, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())


def _marked() -> list[str]:
    """Only the files that name the mark: reading all the others takes longer than many tests."""
    files = sorted(Path("tests").rglob("test_*.py"))
    return [str(file) for file in files if f"mark.{MARK}" in file.read_text()]


def _programs() -> Path:
    """Debian keeps each version's programs off the PATH."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("PostgreSQL is not installed: apt install postgresql")
    return found[-1].parent


def _not_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    # A change of user clears the death signal that ManagedProcess has asked for: it is asked for again.
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    return [*user, "setpriv", "--pdeathsig", "KILL", "--"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
