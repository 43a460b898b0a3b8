"""``make test-vm``: the image from its first start to help, power cuts and updates; build/vm.json."""

import argparse
import json
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from provisioning.demo.place import REPOSITORY
from tests.vm.disk import Disk
from tests.vm.host import Host
from tests.vm.machine import Machine
from tests.vm.releases import Releases
from tests.vm.stages import Found, Stages

RESULT = REPOSITORY / "build" / "vm.json"
PROGRAMS = ("qemu-system-x86_64", "qemu-img", "mcopy", "sfdisk", "debugfs", "dpkg-deb")
MOST_TAPS = 25


def main() -> int:
    """Return 0 where every check passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.vm")
    parser.add_argument("--cuts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--image", type=Path, default=REPOSITORY / "build/image/kotiruutu-tablet_amd64.img")
    parser.add_argument("--no-updates", action="store_true")
    options = parser.parse_args()
    package = max((REPOSITORY / "build/package").glob("kotiruutu-tablet_*_amd64.deb"), default=None)
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or package is None or not options.image.exists():
        sys.stderr.write(f"It needs build/image (make image), OVMF, and {', '.join(missing or PROGRAMS)}.\n")
        return 2
    folder = REPOSITORY / "build" / "vm"
    shutil.rmtree(folder, ignore_errors=True)
    releases = Releases(package, folder / "releases")
    # Ended from outside, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    host = Host(folder / "host")
    host.trust(releases)
    disk = Disk(options.image, folder / "machine")
    disk.trust(releases.public)
    disk.make_layer()
    machine = Machine(disk, folder / "machine")
    try:
        found = _run(Stages(host, machine, releases, random.Random(options.seed)), host, options)
    finally:
        machine.close()
        host.stop()
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if _has_held(found) else 1


def _run(stages: Stages, host: Host, options: argparse.Namespace) -> Found:
    """What was found is kept after each stage: a later one may fail."""
    host.start()
    found: Found = {}
    plan: list[Callable[[], Found]] = [stages.set_up, stages.faults, lambda: stages.days(options.cuts)]
    if not options.no_updates:
        plan += [stages.updates, lambda: stages.cut_updates(options.cuts)]
    plan.append(stages.quiet)
    for stage in plan:
        found |= stage()
        RESULT.write_text(json.dumps(found, indent=1) + "\n")
    return found


def _has_held(found: Found) -> bool:
    whole = ("day_cuts_survived", "returned_by_itself", "update_cuts_survived")
    is_whole = all(found.get(name, 1.0) in (None, 1.0) for name in whole)
    return is_whole and found["wizard_taps"] <= MOST_TAPS and found["help_twice"] == 0


if __name__ == "__main__":
    sys.exit(main())
