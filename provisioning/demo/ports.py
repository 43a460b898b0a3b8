"""Free local ports, the same at each start where possible."""

import json
import random
import socket
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from pathlib import Path

LOOPBACK = "127.0.0.1"
# Below the ephemeral port range (32768 and up).
RANGE = range(20000, 32000)


@dataclass(frozen=True)
class Ports:
    """TCP ports on loopback: the desk's pages, its devices' HTTPS, and the broker's two listeners."""

    pages: int
    devices: int
    broker_devices: int
    broker_desk: int


def of_last_start(file: Path) -> dict[str, int]:
    """Return each port by its name; none where the file is missing or unreadable."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def chosen_ports(file: Path) -> Ports:
    """Return the ports of the last start; one that is now in use is replaced."""
    known = of_last_start(file)
    taken: set[int] = set()
    chosen = {}
    for name in (field.name for field in fields(Ports)):
        port = known.get(name)
        chosen[name] = port if isinstance(port, int) and is_free(port) else a_free_port(taken)
        taken.add(chosen[name])
    ports = Ports(**chosen)
    file.write_text(json.dumps(asdict(ports)), encoding="utf-8")
    return ports


def is_free(port: int) -> bool:
    """Return whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Return whether a server listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def a_free_port(but: Collection[int] = ()) -> int:
    """Return a port that is free and not one of ``but``."""
    while True:
        port = random.choice(RANGE)
        if port not in but and is_free(port):
            return port
