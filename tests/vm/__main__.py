"""``make test-vm``: the image from its first start to help, power cuts and updates; build/vm.json."""

import argparse
import json
import random
import shutil
import signal
import sys
from collections.abc import Callable

from playwright.sync_api import Error as PlaywrightError

from provisioning.demo.managed_process import ProcessFailed
from provisioning.demo.place import REPOSITORY
from tests.vm.disk import Disk
from tests.vm.host import Host
from tests.vm.identity_stages import IdentityStages
from tests.vm.machine import ARCHES, Machine, MachineFailed
from tests.vm.releases import Releases
from tests.vm.shell import ShellFailed
from tests.vm.stages import Found, Stages
from tests.vm.waiting import NotSeen, say
from tests.vm.wifi_stage import set_up_by_wifi

BUILD = REPOSITORY / "build"
BROWSER_IMAGE = BUILD / "image" / "kotiruutu-tablet-browser_amd64.img"
WIFI_IMAGE = BUILD / "image" / "kotiruutu-tablet-wifi_amd64.img"
FOLDER = BUILD / "vm"
PROGRAMS = ("qemu-img", "mcopy", "sfdisk", "debugfs", "dpkg-deb")
# In this order: after "replaced" the tablet is out of use.
STAGES = (
    "call",
    "faults",
    "days",
    "updates",
    "cut-updates",
    "quiet",
    "renewals",
    "copied",
    "browser",
    "replaced",
    "wifi",
)
MOST_TAPS = 25
# A stage in which one of these happens has failed; the others are tried all the same.
FAILURES = (NotSeen, ShellFailed, MachineFailed, ProcessFailed, PlaywrightError, AssertionError)


def main() -> int:
    """Return 0 where every check passed."""
    options = _options()
    arch, image = ARCHES[options.arch], BUILD / f"image/kotiruutu-tablet_{options.arch}.img"
    package = max((BUILD / "package").glob(f"kotiruutu-tablet_*_{options.arch}.deb"), default=None)
    missing = [program for program in (arch.program, *PROGRAMS) if not shutil.which(program)]
    missing += [str(file) for file in (image, arch.code) if not file.exists()]
    if missing or package is None:
        needed = ", ".join(missing) or "the package"
        sys.stderr.write(
            f"It needs {needed}: make image, and Debian's qemu-system, ovmf, qemu-efi-aarch64.\n"
        )
        return 2
    if not options.again:
        shutil.rmtree(FOLDER, ignore_errors=True)
    releases = Releases(package, FOLDER / "releases", options.arch)
    # Ended from outside, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    host = Host(FOLDER / "host")
    host.trust(releases)
    disk = Disk(image, FOLDER / "machine", arch.console)
    disk.trust(releases.public)
    machine = Machine(disk.make_layer("first"), FOLDER / "machine", arch)
    stages = Stages(host, machine, releases, random.Random(options.seed))
    identities = IdentityStages(host, machine, disk, FOLDER)
    try:
        host.start()
        found = _run(host, stages, identities, options)
    finally:
        machine.close()
        host.stop()
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if not _has_held(found):
        return 1
    disk.remove()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.vm")
    parser.add_argument("--arch", choices=ARCHES, default="amd64")
    parser.add_argument("--cuts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", nargs="*", choices=STAGES, default=STAGES, help="after setting it up; in the order above"
    )
    parser.add_argument(
        "--again", action="store_true", help="with the tablet that an earlier run has set up and then failed"
    )
    options = parser.parse_args()
    if options.arch != "amd64" and "browser" in options.only:
        parser.error("Chromium's start is compared on amd64 only: name the stages (--only)")
    return options


def _run(host: Host, stages: Stages, identities: IdentityStages, options: argparse.Namespace) -> Found:
    """What was found is kept after each stage: a later one may fail. Other stages of earlier runs stay."""
    result = BUILD / ("vm.json" if options.arch == "amd64" else f"vm-{options.arch}.json")
    is_part = options.again or set(options.only) != set(STAGES)
    known = json.loads(result.read_text()) if is_part and result.exists() else {}
    plan: dict[str, Callable[[], Found]] = {
        "call": stages.call,
        "faults": stages.faults,
        "days": lambda: stages.days(options.cuts),
        "updates": stages.updates,
        "cut-updates": lambda: stages.cut_updates(options.cuts),
        "quiet": stages.quiet,
        "renewals": identities.renewals,
        "copied": identities.copied,
        "browser": lambda: stages.beside_a_browser(BROWSER_IMAGE, FOLDER / "browser"),
        "replaced": identities.replaced,
        "wifi": lambda: set_up_by_wifi(host, WIFI_IMAGE, FOLDER / "wifi", ARCHES["amd64"]),
    }
    assert set(plan) == set(STAGES)
    first = stages.go_on if options.again else stages.set_up
    found = known | first() | {"failed": {}}
    result.write_text(json.dumps(found, indent=1) + "\n")
    for name in (each for each in STAGES if each in options.only):
        try:
            found |= plan[name]()
        except FAILURES as failure:
            found["failed"][name] = str(failure)
            say(f"FAILED: {name}: {failure}")
            stages.starts_again_after(BUILD / f"vm-failed-{name}")
        result.write_text(json.dumps(found, indent=1) + "\n")
    return found


def _has_held(found: Found) -> bool:
    whole = ("day_cuts_survived", "returned_by_itself", "update_cuts_survived")
    is_whole = all(found.get(name, 1.0) in (None, 1.0) for name in whole)
    is_set_up = found["wizard_taps"] <= MOST_TAPS and found["tone_heard"]
    is_right = is_set_up and found.get("help_twice", 0) == 0
    return is_whole and is_right and not found["failed"]


if __name__ == "__main__":
    sys.exit(main())
