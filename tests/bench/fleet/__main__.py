"""Measures help with a whole fleet: ``python -m tests.bench.fleet --tablets 100 1000``."""

import argparse
import asyncio
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import django

from tests.bench.fleet.figures import plot, table, write
from tests.bench.fleet.place import FleetDesk
from tests.bench.fleet.trials import Trials
from tests.bench.screen.tables import put_into

BUILD, PAGE = Path("build") / "bench", Path("docs") / "bench-fleet.md"
PICTURE = Path("docs") / "pictures" / "bench-fleet.png"


def main() -> None:
    """The figures of each size on standard output, and all of them in ``fleet.json``."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fleet", description=__doc__)
    parser.add_argument("--tablets", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--publish", action="store_true", help="bring the page in docs/ up to date")
    given = parser.parse_args()
    # Ended by a signal, it still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    found = {str(count): _found(count, given) for count in given.tablets}
    if len(found) > 1:
        smallest = found[str(min(given.tablets))]["cpu_per_device"]
        for figures in found.values():
            figures["cpu_per_device_growth"] = round(figures["cpu_per_device"] / smallest, 3)
    write(BUILD / "fleet.json", found, postgresql=given.postgresql)
    sys.stdout.write(f"{table(found)}\n")
    if given.publish:
        put_into(PAGE, {"figures": table(found)})
        plot(PICTURE, found)


def _found(count: int, given: argparse.Namespace) -> dict[str, float]:
    """Measure here, or of several sizes each in a process of its own: Django knows one database only."""
    if given.tablets == [count]:
        return _measure(count, postgresql=given.postgresql)
    command = [sys.executable, "-m", "tests.bench.fleet", "--tablets", str(count)]
    child = subprocess.Popen(command + ["--postgresql"] * given.postgresql, stdout=subprocess.DEVNULL)
    try:
        if child.wait():
            raise SystemExit(f"{count} tablets could not be measured")
    finally:
        child.terminate()
        child.wait()
    sizes: dict[str, dict[str, float]] = json.loads((BUILD / "fleet.json").read_text())["sizes"]
    return sizes[str(count)]


def _measure(count: int, *, postgresql: bool) -> dict[str, float]:
    folder = (BUILD / "fleet").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    with FleetDesk(folder, count, postgresql=postgresql) as place:
        os.environ.update(place.place.environment)
        django.setup()
        trials = Trials(place, _unknown, _owners)
        asyncio.run(trials.run())
        return {name: float(f"{value:.4g}") for name, value in trials.figures.items()}


def _unknown(sessions: dict[str, int]) -> int:
    """Of how many tablets the desk does not know that they are there."""
    from django.db import connection

    from cloud.devices.models import Device

    try:
        rows = Device.objects.filter(online=True).values_list("pk", "session")
        return len(sessions) - sum(sessions.get(pk) == session for pk, session in rows)
    finally:
        connection.close()


def _owners() -> tuple[int, int]:
    """How many link workers serve how many partitions; an expired lease is nobody's."""
    from django.db import connection
    from django.db.models.functions import Now

    from cloud.link.models import PartitionLease

    try:
        owners = list(PartitionLease.objects.filter(expires_at__gt=Now()).values_list("owner", flat=True))
        return len(set(owners)), len(owners)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
