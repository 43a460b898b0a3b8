"""What is done to an emulated tablet, one stage after the other; each says what was found."""

import itertools
import random
import time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.vm.browser_starts import browser_starts
from tests.vm.call_stage import first_call
from tests.vm.home import help_is_received, help_place, is_home
from tests.vm.host import Host
from tests.vm.installer import Installer
from tests.vm.machine import Machine
from tests.vm.releases import HANGS, PAINTS_NOTHING, Releases
from tests.vm.resident_pages import shows_help
from tests.vm.waiting import NotSeen, say, wait

Found = dict[str, Any]

# Help is received within a second or two: power fails before that, or soon after it.
LONGEST_DAY_S = 4.0
# Power fails at some moment after an update has come this far, in seconds at the most.
LONGEST_UPDATE_S = {"asked": 60.0, "fetched": 20.0, "on trial": 60.0}
BROWSER_STARTS = 3
QUIET_S = 600.0
HOUR_S = 3600.0
# What is done to the running tablet, and how it is undone; /var is its data partition.
_FAULTS = {
    "disk_full": (
        "dd if=/dev/zero of=/var/full bs=1M; sync",
        "rm /var/full",
    ),
    "disk_read_only": ("echo u >/proc/sysrq-trigger; sleep 2; ! touch /var/x", "mount -o remount,rw /var"),
    "clock_1970": (
        "systemctl stop systemd-timesyncd; date -s @3600; systemctl restart kotiruutu-core",
        "date -s @{now}; systemctl start systemd-timesyncd",
    ),
}
# Nothing more comes of a release after one of these reports.
ENDED = ("installed", "returned", "refused")
_WAY = (*LONGEST_UPDATE_S, *ENDED)
SOFTWARE = "/var/lib/kotiruutu/software"
# Of the core that runs now: how often it asked the desk for a release, and its version.
_ASKED = (
    "journalctl _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID kotiruutu-core) -o cat"
    " | grep -c v1/release? || true"
)
_RUNS = (
    f"(cd {SOFTWARE}/current 2>/dev/null || cd /opt/kotiruutu;"
    """ sed -n 's/^VERSION = "\\(.*\\)"/\\1/p' device/__init__.py)"""
)


class Day(NamedTuple):
    """A power cut: how long until the home page, and how many calls for help came of one press."""

    home_s: float | None
    received: int
    is_in_flight: bool

    @property
    def is_whole(self) -> bool:
        """Return whether it came home, and its press at most once."""
        return self.home_s is not None and self.received <= 1


class Stages:
    """Share one tablet and one desk."""

    def __init__(self, host: Host, machine: Machine, releases: Releases, chance: random.Random) -> None:
        self._host = host
        self._machine = machine
        self._releases = releases
        self._chance = chance

    def set_up(self) -> Found:
        """From a blank disk to the resident's home, and to the first help that is received."""
        self._machine.start()
        installer = Installer(self._machine)
        installer.sees_the_wizard()
        wizard_s = time.monotonic() - self._machine.started_s
        say(f"the wizard is painted after {wizard_s:.0f} s")
        installer.sets_up(self._host)
        wait(self._is_home, "the resident's home")
        wait(self._host.has_painted, "the desk knows that the view is painted")
        home_s = time.monotonic() - self._machine.started_s
        say(f"home after {home_s:.0f} s, {installer.taps} taps and {installer.keys} keys")
        self._ask_for_help()
        help_s = time.monotonic() - self._machine.started_s
        say(f"the desk has the first call for help after {help_s:.0f} s")
        return {
            "boot_to_wizard_s": round(wizard_s, 1),
            "blank_to_home_s": round(home_s, 1),
            "blank_to_first_help_s": round(help_s, 1),
            "wizard_taps": installer.taps,
            "wizard_keys": installer.keys,
            "tone_heard": installer.is_tone_heard,
        }

    def call(self) -> Found:
        """The resident calls a relative."""
        return first_call(self._host, self._machine)

    def go_on(self) -> Found:
        """With the tablet of the last run."""
        self._machine.start()
        wait(self._is_home, "home")
        return {}

    def starts_again_after(self, failed: Path) -> None:
        """What a stage has left behind is kept, as a picture and a log, and the next begins at home."""
        self._machine.keep_evidence(failed)
        self._machine.cut()
        self._machine.start()
        wait(self._is_home, "home after a stage that failed")

    def days(self, cuts: int) -> Found:
        """Power cuts with help in flight: home again, no press that was seen is lost, none comes twice."""
        days = [self._cut_a_day(number, cuts) for number in range(cuts)]
        homes = sorted(day.home_s for day in days if day.home_s)
        return {
            "home_after_a_cut_s": round(homes[len(homes) // 2], 1) if homes else None,
            "day_cuts": cuts,
            "day_cuts_survived": sum(day.is_whole for day in days) / cuts if cuts else None,
            "help_in_flight": sum(day.is_in_flight for day in days),
            "help_twice": sum(max(0, day.received - 1) for day in days),
        }

    def quiet(self) -> Found:
        """What is written while nothing happens."""
        before = self._machine.written_bytes()
        time.sleep(QUIET_S)
        written = self._machine.written_bytes() - before
        say(f"{written} bytes written in {QUIET_S:.0f} quiet seconds")
        return {"written_bytes_quiet_hour": round(written * HOUR_S / QUIET_S)}

    def beside_a_browser(self, image: Path, folder: Path) -> Found:
        """From switching on to the painted home, ours and the same image with Chromium in cage."""
        if not image.exists():
            say("Chromium's start: SKIPPED, no image (make image VARIANT=tests/vm/browser)")
            return {}
        ours_s = []
        for _ in range(BROWSER_STARTS):
            self._machine.cut()
            self._machine.start()
            wait(self._is_home, "home")
            ours_s.append(time.monotonic() - self._machine.started_s)
            say(f"home is painted after {ours_s[-1]:.0f} s")
        self._machine.cut()
        theirs_s = browser_starts(image, folder, BROWSER_STARTS)
        self._machine.start()
        wait(self._is_home, "home again")
        median_s = sorted(ours_s)[len(ours_s) // 2]
        say(f"painted after {median_s:.0f} s, Chromium's page after {theirs_s:.0f} s")
        ratio = round(median_s / theirs_s, 2)
        return {"boot_to_painted": {"ours": round(median_s, 1), "theirs": round(theirs_s, 1), "ratio": ratio}}

    def updates(self) -> Found:
        """One that works is kept; one that paints nothing and one that hangs come back by themselves."""
        # No device is changed while help is asked for.
        self._host.close_help()
        version, file = self._releases.build()
        before = self._received_bytes()
        self._offer(file, version)
        good_s = self._until_reported(version, "installed")
        fraction = (self._received_bytes() - before) / file.stat().st_size
        say(f"{version} is installed after {good_s:.0f} s, with {fraction:.1%} of its bytes")
        returned = {}
        for fault in (PAINTS_NOTHING, HANGS):
            version, file = self._releases.build(fault)
            self._offer(file, version)
            took_s = self._until_reported(version, "returned")
            wait(self._is_home, "home after the release that returned")
            say(f"{version} came back after {took_s:.0f} s: {self._host.stage_of(version)[1]}")
            returned[version] = round(took_s)
        return {
            "update_installed_s": round(good_s),
            "update_bytes": round(fraction, 4),
            "returned_by_itself": len(returned) / 2,
            "returned_after_s": list(returned.values()),
        }

    def cut_updates(self, cuts: int) -> Found:
        """Power fails at any moment of an update: old release or new, and the desk knows which."""
        self._host.close_help()
        survived, old, new = 0, "", ""
        for number, place in zip(range(cuts), itertools.cycle(LONGEST_UPDATE_S)):
            if place == "asked":
                if new:
                    self._until_reported(new, *ENDED)
                old = self._host.version()
                new, file = self._releases.build()
                self._offer(file, new)
            self._host.keep_it_night()
            wait(partial(self._has_come_to, place, new), f"{new} is {place}")
            time.sleep(self._chance.uniform(0.0, LONGEST_UPDATE_S[place]))
            before = self._how_far(new)
            home_s = self._cut_and_home()
            is_whole = home_s is not None and self._is_known_to_run(old, new)
            survived += is_whole
            say(f"cut {number + 1} of {cuts} in {new} ({before}): home {home_s}, {self._host.version()}")
        if new:
            self._until_reported(new, *ENDED)
        return {"update_cuts": cuts, "update_cuts_survived": survived / cuts if cuts else None}

    def faults(self) -> Found:
        """Home after a process that hangs; help with a full or read-only disk, and with a clock at 1970."""
        found = {f"frozen_{part}_home_s": self._freezes(part) for part in ("window", "core")}
        for name, (fault, mend) in _FAULTS.items():
            self._machine.shell.run(fault)
            try:
                found[f"{name}_help_s"] = help_is_received(self._machine, self._host)
            finally:
                self._machine.shell.run(mend.format(now=int(time.time())))
            say(f"{name}: help is received after {found[f'{name}_help_s']} s")
        wait(self._is_home, "home after the faults")
        return found

    def _offer(self, file: Path, version: str) -> None:
        """A tablet asks a minute after its start, and then every six hours."""
        self._host.offer(file, version)
        self._machine.shell.run("systemctl restart kotiruutu-core")

    def _how_far(self, version: str) -> str:
        """How far this update has come since the core's start: as in ``_WAY``, or nowhere yet."""
        reported = self._host.stage_of(version)[0]
        if reported in ENDED:
            return reported
        if self._machine.shell.read(f"cat {SOFTWARE}/trial.json 2>/dev/null || true"):
            return "on trial"
        return reported or ("asked" if self._machine.shell.read(_ASKED) != "0" else "")

    def _has_come_to(self, place: str, version: str) -> bool:
        so_far = self._how_far(version)
        return so_far in _WAY[_WAY.index(place) :]

    def _is_known_to_run(self, *versions: str) -> bool:
        """Whether the tablet runs one of these, and the desk learns which."""
        try:
            wait(
                lambda: self._host.version() == self._machine.shell.read(_RUNS), "the desk knows the version"
            )
        except NotSeen as missing:
            say(f"not seen: {missing}")
            return False
        return self._host.version() in versions

    def _freezes(self, part: str) -> float:
        """How long until systemd has started it again and the home page is there."""
        shell, service = self._machine.shell, f"kotiruutu-{part}.service"
        before = shell.run(f"systemctl show -P MainPID {service}")
        heard_at = self._host.heard_at()
        shell.run(f"systemctl kill -s STOP {service}")

        def is_another() -> bool:
            pid, state = shell.run(
                f"systemctl show -P MainPID {service}; systemctl is-active {service} || true"
            ).split()
            return pid != before and state == "active"

        began_s = time.monotonic()
        wait(is_another, f"another {service}")
        wait(lambda: self._host.heard_at() != heard_at, "the desk hears of the tablet")
        wait(self._is_home, f"home after a frozen {part}")
        took_s = round(time.monotonic() - began_s, 1)
        say(f"the {part} hung and is back after {took_s} s")
        return took_s

    def _until_reported(self, version: str, *stages: str) -> float:
        """A release that could not be installed this night was not offered late enough: tonight goes on."""

        def is_reported() -> bool:
            self._host.keep_it_night()
            return self._host.stage_of(version)[0] in stages

        words = f"the desk has the report that {version} is {' or '.join(stages)}"
        return wait(is_reported, words, patience_s=HOUR_S)

    def _received_bytes(self) -> int:
        """All that came in over its network since it was switched on."""
        counters = self._machine.shell.run("cat /sys/class/net/e*/statistics/rx_bytes")
        return sum(map(int, counters.split()))

    def _ask_for_help(self) -> None:
        self._machine.tap(*help_place())
        wait(lambda: self._host.requests() == 1, "the desk has the call for help")

    def _cut_a_day(self, number: int, cuts: int) -> Day:
        """Help is pressed, every other time without a network, and power fails at some moment after it."""
        self._host.close_help()
        wait(lambda: not self._shows_help(), "the last call for help has left the display")
        before = self._host.requests()
        if number % 2 == 0:
            self._machine.unplug()
        self._machine.tap(*help_place())
        time.sleep(self._chance.uniform(0.0, LONGEST_DAY_S))
        is_shown, is_received = self._shows_help(), self._host.requests() > before
        home_s = self._cut_and_home()
        if home_s and is_shown:
            wait(lambda: self._host.requests() > before, "the desk has the call for help that was shown")
        day = Day(home_s, self._host.requests() - before, is_in_flight=is_shown and not is_received)
        say(f"cut {number + 1} of {cuts}: {day}")
        return day

    def _shows_help(self) -> bool:
        return shows_help(self._host.documents(), self._machine.picture())

    def _cut_and_home(self) -> float | None:
        heard_at = self._host.heard_at()
        self._machine.cut()
        self._machine.start()
        try:
            wait(self._is_home, "home")
            home_s = time.monotonic() - self._machine.started_s
            wait(lambda: self._host.heard_at() != heard_at, "the desk hears of the tablet again")
        except NotSeen as missing:
            say(f"not seen: {missing}")
            return None
        return home_s

    def _is_home(self) -> bool:
        return is_home(self._machine.picture())
