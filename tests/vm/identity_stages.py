"""What happens to a tablet's identity: certificates that end, a copied card, another tablet instead of it."""

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from device.rules.now import Now
from device.screen.retired import retired_screen
from tests.flows.resident_screen import is_drawn
from tests.vm.disk import Disk
from tests.vm.home import help_is_received, is_home
from tests.vm.host import Host
from tests.vm.installer import PANEL, Installer
from tests.vm.machine import Machine
from tests.vm.stages import Found
from tests.vm.waiting import LOOK_S, say, wait

IDENTITY = "/var/lib/kotiruutu/identity"
# A tablet renews its certificate 30 days before its end, and within a grace period after it (K16).
CERTIFICATES_LEFT = {"renewed": timedelta(days=10), "expired": timedelta(days=-3)}
NEW_CERTIFICATE_LEFT = timedelta(days=365)
# All that may be left of a retired tablet, beside its software: to whom it reports, that it has, and when its
# clock was last right (K17).
_RECORD = f"{IDENTITY}/retired.json"
_LEFT_AFTER_WIPE = {_RECORD, f"{IDENTITY}/ca.pem", "/var/lib/kotiruutu/data/clock"}
_FILES = "find /var/lib/kotiruutu /var/cache/kotiruutu -path '*/software' -prune -o -type f -print"
# Two presses for help are distinguished by time: what the first tablet repeats has come by then.
_STANDS_STILL_S = 90.0


class IdentityStages:
    """Go on with the tablet that the other stages have set up; the last of them retires it."""

    def __init__(self, host: Host, machine: Machine, disk: Disk, folder: Path) -> None:
        self._host = host
        self._machine = machine
        self._disk = disk
        self._folder = folder

    def renewals(self) -> Found:
        """A certificate that ends soon, and one that has ended, are renewed by the tablet (K16)."""
        found = {}
        # No certificate is changed while help is asked for, or by a clock that may be wrong.
        self._host.close_help()
        wait(self._host.has_right_clock, "the tablet's clock is synchronised")
        for name, left in CERTIFICATES_LEFT.items():
            pem = base64.b64encode(self._host.give_certificate(left).encode()).decode()
            given = self._host.certificate()
            began_s = time.monotonic()
            self._machine.shell.run(
                f"echo {pem} | base64 -d >{IDENTITY}/certificate.pem; systemctl restart kotiruutu-core"
            )
            wait(self._has_new_certificate, f"a new certificate ({name})")
            wait(self._is_heard_after(self._host.heard_at()), "the desk hears of the tablet with it")
            assert self._host.certificate().serial_number != given.serial_number
            found[f"{name}_certificate_s"] = round(time.monotonic() - began_s, 1)
            say(f"{name}: the tablet has a new certificate after {found[f'{name}_certificate_s']} s")
        return found

    def copied(self) -> Found:
        """Two tablets with one card: the desk knows, and help is received from both (K18)."""
        self._machine.cut()
        layer = self._disk.copy_layer(self._machine.layer, "twin")
        twin = Machine(layer, self._folder / "twin", self._machine.arch)
        try:
            for each in (self._machine, twin):
                each.start()
            for each in (self._machine, twin):
                wait(_is_home(each), "home of two tablets with one identity")
            known_s = wait(self._host.has_copied_identity, "the desk knows of the copied identity")
            helped_s = [help_is_received(self._machine, self._host)]
            self._host.close_help()
            self._stands_still()
            helped_s.append(help_is_received(twin, self._host))
        finally:
            twin.close()
        say(f"the copy is known {known_s:.0f} s after both were home; help from both after {helped_s} s")
        return {"copied_identity_known_s": round(known_s, 1), "copied_identity_help_s": helped_s}

    def replaced(self) -> Found:
        """A new tablet for the same resident: the old one is wiped, says so, and is blank (K7, V16, K17)."""
        # A device is not wiped while help is asked for.
        self._host.close_help()
        old = self._host.device()
        new = Machine(self._disk.make_layer("new"), self._folder / "new", self._machine.arch)
        try:
            new.start()
            installer = Installer(new)
            installer.sees_the_wizard()
            began_s = time.monotonic()
            installer.sets_up(self._host, replaces=True)
            wait(_is_home(new), "home of the new tablet")
            wait(self._host.has_painted, "the desk knows that the new tablet has painted the view")
            painted_s = time.monotonic() - began_s
            wait(lambda: self._host.is_wiped(old), "the old tablet has proved that it is wiped")
            wiped_s = time.monotonic() - began_s
            wait(self._says_not_in_use, "the old tablet says that it is not in use")
            files = set(self._machine.shell.run(_FILES).split())
            assert _RECORD in files <= _LEFT_AFTER_WIPE, f"left on the retired tablet: {sorted(files)}"
            helped_s = help_is_received(new, self._host)
            self._machine.cut()
            self._machine.start()
            Installer(self._machine).sees_the_wizard()
        finally:
            new.close()
        say(f"replaced: view painted after {painted_s:.0f} s, old one wiped after {wiped_s:.0f} s")
        return {
            "replaced_painted_s": round(painted_s, 1),
            "replaced_wiped_s": round(wiped_s, 1),
            "replaced_help_s": helped_s,
        }

    def _has_new_certificate(self) -> bool:
        """The tablet has put in place what the desk has signed, and that is good for long."""
        newest = self._host.certificate()
        is_long = newest.not_valid_after_utc - datetime.now(UTC) > NEW_CERTIFICATE_LEFT
        return is_long and self._serial_on_the_tablet() == newest.serial_number

    def _is_heard_after(self, heard_at: str) -> Callable[[], bool]:
        return lambda: self._host.heard_at() != heard_at

    def _serial_on_the_tablet(self) -> int:
        pem = base64.b64decode(self._machine.shell.run(f"base64 -w 0 {IDENTITY}/certificate.pem"))
        return x509.load_pem_x509_certificate(pem).serial_number

    def _stands_still(self) -> None:
        """Wait until no call for help has come for some time."""
        before, since_s = self._host.requests(), time.monotonic()
        while time.monotonic() - since_s < _STANDS_STILL_S:
            if (now := self._host.requests()) != before:
                self._host.close_help()
                before, since_s = now, time.monotonic()
            time.sleep(LOOK_S)

    def _says_not_in_use(self) -> bool:
        """Its display shows neither help nor the page from before the desk knew that it is wiped."""
        if not json.loads(self._machine.shell.run(f"cat {_RECORD}"))["is_confirmed"]:
            return False
        now = Now(wall=datetime.now(UTC), monotonic_s=0.0, trusted=True, id="vm")
        screen, picture = retired_screen("fi", now, is_known_at_desk=True), self._machine.picture()
        return is_drawn(screen, PANEL, picture) and not is_home(picture)


def _is_home(machine: Machine) -> Callable[[], bool]:
    return lambda: is_home(machine.picture())
