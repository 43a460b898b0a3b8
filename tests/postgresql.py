"""Runs the tests that are marked ``postgresql`` on a PostgreSQL of their own: ``python -m tests.postgresql``.

The server lives in a temporary folder, listens on a free port of this machine, and is gone afterwards.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from provisioning.demo.managed_process import ManagedProcess
from provisioning.demo.ports import LOOPBACK, a_free_port, answers

DEBIAN = Path("/usr/lib/postgresql")
# A database of tests need not survive a power cut.
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB"]


def main(arguments: list[str]) -> int:
    """The exit status of pytest."""
    with running_server() as url:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "--migrations", "-m", "postgresql", *arguments],
            env=os.environ | {"KOTIRUUTU_DESK_DATABASE": url},
            check=False,
        ).returncode


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """The address of an empty server, for ``KOTIRUUTU_DESK_DATABASE``."""
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
    settings = [f"port={port}", f"listen_addresses={LOOPBACK}", f"unix_socket_directories={folder}", *QUICK]
    serve = [str(programs / "postgres"), "-D", str(data)]
    serve += [word for setting in settings for word in ("-c", setting)]
    server = ManagedProcess("PostgreSQL", [*as_user, *serve], log=folder / "log", restarts=False)
    try:
        subprocess.run([*as_user, *make], check=True, stdout=subprocess.DEVNULL)
        server.start()
        server.wait_until(lambda: answers(port))
        yield f"postgresql://desk@{LOOPBACK}:{port}/desk"
    finally:
        server.stop()
        shutil.rmtree(folder)


def create_database(url: str) -> None:
    """Create the database of this address; tests make one of their own."""
    import psycopg

    server, _slash, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())


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
