"""The ``kotiruutu`` command: what an installer, and a developer without hardware, can do by hand."""

import argparse
import json
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from device.contract.errors import ContractError
from device.contract.vital import Fault
from device.contract.wire import read

SOCKET_SETTING = "KOTIRUUTU_SIM_SOCKET"
DEMO_SOCKET = Path("build/demo/run/sim.sock")
TIMEOUT_S = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 where it did what it says."""
    options = _parser().parse_args(arguments)
    result: int = options.run(options)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kotiruutu", description="The screen in a resident's room.")
    commands = parser.add_subparsers(required=True, metavar="command")

    enrol = commands.add_parser("enrol", help="make this device part of a care desk")
    enrol.add_argument("--desk", required=True, help="https address of the desk's device port")
    enrol.add_argument("--ca", required=True, type=Path, help="file with the certificate of the desk's CA")
    enrol.add_argument("--claim", required=True, help="the code that the desk gave, valid for 15 minutes")
    enrol.add_argument("--into", required=True, type=Path, help="directory for the device's key and names")
    enrol.set_defaults(run=_enrol)

    install = commands.add_parser("install", help="put the services into place; as root")
    install.add_argument("--root", type=Path, default=Path("/"), help="a system that does not run: only copy")
    install.set_defaults(run=_install)

    health = commands.add_parser("health", help="say what does not work on this device")
    health.add_argument("--data", required=True, type=Path, help="the device's data directory")
    health.set_defaults(run=_health)

    sim = commands.add_parser("sim", help="drive simulated hardware").add_subparsers(required=True)
    press = sim.add_parser("press", help="press a button")
    press.add_argument("button", help="for example: help")
    press.add_argument("--control", type=Path, default=_usual_socket(), help="Unix socket")
    press.set_defaults(run=_press)
    return parser


def _usual_socket() -> Path | None:
    """The one that the surroundings name, else the demo's, where one runs in this folder."""
    if named := os.environ.get(SOCKET_SETTING):
        return Path(named)
    return DEMO_SOCKET if DEMO_SOCKET.exists() else None


def _enrol(options: argparse.Namespace) -> int:
    from provisioning.enrolment import EnrolmentFailed, enrol

    try:
        link = enrol(options.desk, options.ca, options.claim, options.into)
    except EnrolmentFailed as error:
        return _fail(f"Not enrolled: {error}.")
    print(f"Enrolled as {link.device} with {link.desk_url}.")
    return 0


def _install(options: argparse.Namespace) -> int:
    from provisioning.install import InstallFailed, copy_files, make_known

    try:
        written = copy_files(options.root)
        if options.root == Path("/"):
            make_known()
    except InstallFailed as error:
        return _fail(f"Not installed: {error}.")
    for path in written:
        print(f"Written: {path}")
    print("The services are in place." if written else "The services were in place already.")
    return 0


def _health(options: argparse.Namespace) -> int:
    file = options.data / "health.json"
    try:
        faults = read(file.read_bytes(), list[Fault])
    except FileNotFoundError:
        return _fail(f"There is no {file}: has the device ever run?")
    except (OSError, ContractError) as error:
        return _fail(f"{file} cannot be read: {error}.")
    for fault in faults:
        print(f"{fault.part}: {fault.reason}")
    if not faults:
        print("Everything that is fitted works.")
    return 1 if faults else 0


def _press(options: argparse.Namespace) -> int:
    if options.control is None:
        return _fail(f"Say --control, or set {SOCKET_SETTING}, to the socket of the simulated hardware.")
    try:
        answer = _ask(Path(options.control), {"press": options.button})
    except OSError as error:
        return _fail(f"The simulated hardware at {options.control} does not answer: {error}.")
    print(answer)
    try:
        return 0 if json.loads(answer)["ok"] else 1
    except (ValueError, KeyError, TypeError):
        return 1


def _ask(path: Path, line: dict[str, str]) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT_S)
        connection.connect(str(path))
        connection.sendall(json.dumps(line).encode() + b"\n")
        with connection.makefile() as stream:
            return stream.readline().rstrip("\n")


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
