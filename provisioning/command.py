"""The ``kotiruutu`` command for installers, and for developers without hardware."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from provisioning.simulation import add_commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 where it succeeded."""
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
    install.add_argument(
        "--root", type=Path, default=Path("/"), help="the root of a system that does not run"
    )
    install.set_defaults(run=_install)

    key = commands.add_parser("release-key", help="make the pair of keys that signs releases")
    key.add_argument("--key", required=True, type=Path, help="the secret one; keep it offline")
    key.add_argument("--public", required=True, type=Path, help="the one that desk and devices get")
    key.set_defaults(run=_release_key)

    release = commands.add_parser("release", help="build and sign a release for the desk; from a clone")
    release.add_argument("--key", required=True, type=Path, help="the secret key of release-key")
    release.add_argument("--arch", choices=["amd64", "arm64"], default="amd64")
    release.add_argument("--into", required=True, type=Path, help="the file to be written")
    release.add_argument("--tree", type=Path, help="a tree of files that was built already")
    release.set_defaults(run=_release)

    health = commands.add_parser("health", help="say how every part of this device is, and since when")
    health.add_argument("--data", required=True, type=Path, help="the device's data directory")
    health.set_defaults(run=_health)

    add_commands(commands.add_parser("sim", help="drive simulated hardware"))
    return parser


def _enrol(options: argparse.Namespace) -> int:
    from device.enrolment import EnrolmentFailed, enrol

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
        make_known(options.root)
    except InstallFailed as error:
        return _fail(f"Not installed: {error}.")
    for path in written:
        print(f"Written: {path}")
    print("The services are in place." if written else "The services were in place already.")
    return 0


def _release_key(options: argparse.Namespace) -> int:
    from provisioning.release import make_keys

    try:
        make_keys(options.key, options.public)
    except OSError as error:
        return _fail(f"No keys made: {error}")
    print(f"Keep {options.key} offline. {options.public} goes to the desk and to every device.")
    return 0


def _release(options: argparse.Namespace) -> int:
    from provisioning.release import ReleaseFailed, build

    try:
        manifest = build(options)
    except ReleaseFailed as error:
        return _fail(f"Not built: {error}")
    size_mb = options.into.stat().st_size / 1e6
    print(f"Release {manifest.version}, number {manifest.number}: {options.into} ({size_mb:.0f} MB)")
    return 0


def _health(options: argparse.Namespace) -> int:
    from provisioning.health import Health, NoHealth

    try:
        health = Health(options.data)
    except NoHealth as error:
        return _fail(str(error))
    for line in health.lines():
        print(line)
    return 0 if health.is_well else 1


def _fail(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
