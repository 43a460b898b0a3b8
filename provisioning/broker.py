"""The broker's configuration for one location, and the command that runs it.

``python -m provisioning.broker DIRECTORY --pki PKI`` writes it for all of a computer's addresses.
"""

import argparse
import getpass
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).resolve().parent.parent / "systemd" / "mosquitto"
LOOPBACK = "127.0.0.1"
# mosquitto listens everywhere where none is named.
EVERY_ADDRESS = ""
DEVICE_PORT, DESK_PORT = 8883, 8884
MOST_FILES = 65_536


class BrokerMissing(Exception):
    """The program mosquitto was not found: it is not installed."""


@dataclass(frozen=True, kw_only=True)
class BrokerPlace:
    """The broker's data folder, the desk's certificates, and its local ports."""

    directory: Path
    pki: Path
    device_port: int
    desk_port: int
    device_address: str = LOOPBACK
    desk_address: str = LOOPBACK


def configure(place: BrokerPlace) -> Path:
    """Write ``mosquitto.conf`` and its access list into the folder; return the former's path."""
    place.directory.mkdir(parents=True, exist_ok=True)
    acl_file = place.directory / "kotiruutu.acl"
    shutil.copyfile(TEMPLATES / "kotiruutu.acl", acl_file)
    # mosquitto warns of an access list that others can read.
    acl_file.chmod(0o600)
    values = {
        "user": getpass.getuser(),
        "directory": place.directory.resolve(),
        "pki": place.pki.resolve(),
        "acl_file": acl_file.resolve(),
        "device_port": place.device_port,
        "device_address": place.device_address,
        "desk_port": place.desk_port,
        "desk_address": place.desk_address,
    }
    configuration = place.directory / "mosquitto.conf"
    configuration.write_text(Template((TEMPLATES / "kotiruutu.conf").read_text()).substitute(values))
    return configuration


def command(configuration: Path) -> list[str]:
    """Return the command that runs the broker in the foreground. Raises ``BrokerMissing``."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        raise BrokerMissing("mosquitto is not installed: apt install mosquitto")
    # Each connection is an open file; the usual limit of 1,024 would refuse tablets.
    raise_limit = f'ulimit -n "$(ulimit -Hn)" && ulimit -n {MOST_FILES} 2>/dev/null; exec "$0" "$@"'
    return ["/bin/sh", "-c", raise_limit, program, "-c", str(configuration)]


def main() -> None:
    """Write the configuration of a desk's own broker."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.broker")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--pki", type=Path, required=True, help="the desk's certificates")
    parser.add_argument("--device-port", type=int, default=DEVICE_PORT)
    parser.add_argument("--desk-port", type=int, default=DESK_PORT)
    parser.add_argument("--desk-address", default=LOOPBACK, help="other computers of the desk need another")
    options = parser.parse_args()
    configure(
        BrokerPlace(
            directory=options.directory,
            pki=options.pki,
            device_port=options.device_port,
            desk_port=options.desk_port,
            device_address=EVERY_ADDRESS,
            desk_address=options.desk_address,
        )
    )


if __name__ == "__main__":
    main()
