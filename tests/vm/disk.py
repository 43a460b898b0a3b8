"""The disk of an emulated tablet: a copy of the image, and what only an emulator needs, below its changes."""

import json
import shutil
import subprocess
from pathlib import Path

DISK_MB = 4096
SETTINGS = "/lib/kotiruutu-settings"
_ENTRY = "::loader/entries/kotiruutu.conf"
# The kernel's loopback is loudspeaker and microphone at once; what services log is on the serial line too.
_QUIET = "quiet loglevel=3"
_OPTIONS = (
    "modules_load=snd-aloop mitigations=off loglevel=4 console={console} "
    "systemd.journald.forward_to_console=1 systemd.journald.max_level_console=notice"
)
_SOUND = """\
pcm.!default {
    type asym
    playback.pcm "plug:'dmix:Loopback,0'"
    capture.pcm "plug:'dsnoop:Loopback,1'"
}
"""
# An emulator is many times slower than the slowest tablet.
_PATIENT = "[Service]\nTimeoutStartSec=300\n"
# A root shell on a serial port of the emulator's, for the faults that no finger and no plug can make.
SHELL_PORT = "kotiruutu.shell"
# Nothing of it is in the journal: what a quiet tablet writes is counted.
_SHELL = f"""\
[Service]
ExecStart=/bin/sh -c "while :; do /bin/sh <>/dev/virtio-ports/{SHELL_PORT} >&0 2>&1; sleep 1; done"
Restart=always
StandardError=null
"""
_SHELL_UNIT = "/etc/systemd/system/kotiruutu-shell.service"
_SERVICES = ("core", "media", "setup", "window")
# slirp's address of the host (QEMU, user networking).
HOST = "10.0.2.2"
# This computer has the time for it (tests/vm/time_server.py).
_TIME = f"[Time]\nNTP={HOST}\nPollIntervalMinSec=16\n"
# All tablets that start together would otherwise ask for a release within half an hour.
_NO_SPREAD = "release_spread_s = 0\n"


class Disk:
    """What QEMU writes is a layer upon it; the image stays as it was built."""

    def __init__(self, image: Path, folder: Path, console: str) -> None:
        self._folder = folder
        self._base = folder / "base.img"
        self._is_new = not self._base.exists()
        if self._is_new:
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "--sparse=always", str(image), str(self._base)], check=True)
        self._parts = _partitions(self._base)
        if self._is_new:
            self._fit_out(console)

    def trust(self, release_key: Path) -> None:
        """Releases signed with this key are taken, by a tablet that has not been set up yet."""
        if self._is_new:
            self._put("kotiruutu-data", release_key, f"{SETTINGS}/release.pub")

    def make_layer(self, name: str) -> Path:
        """A blank tablet's disk, larger than the image, as every disk is; or the one of the last run."""
        layer = self._folder / f"{name}.qcow2"
        if not self._is_new and layer.exists():
            return layer
        command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(self._base)]
        subprocess.run([*command, str(layer), f"{DISK_MB}M"], check=True)
        return layer

    def copy_layer(self, layer: Path, name: str) -> Path:
        """The disk of another tablet, the same to the last byte. The first must be switched off."""
        return Path(shutil.copy(layer, self._folder / f"{name}.qcow2"))

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fit_out(self, console: str) -> None:
        boot = f"{self._base}@@{self._parts['kotiruutu-boot']}"
        entry = self._folder / "entry"
        subprocess.run(["mcopy", "-n", "-i", boot, _ENTRY, str(entry)], check=True)
        entry.write_text(entry.read_text().replace(_QUIET, _OPTIONS.format(console=console)))
        subprocess.run(["mcopy", "-o", "-i", boot, str(entry), _ENTRY], check=True)
        sound = self._folder / "asound.conf"
        sound.write_text(_SOUND)
        self._put("kotiruutu-root", sound, "/etc/asound.conf")
        patient = self._folder / "patient.conf"
        patient.write_text(_PATIENT)
        for service in _SERVICES:
            place = f"/etc/systemd/system/kotiruutu-{service}.service.d"
            self._debugfs("kotiruutu-root", f"mkdir {place}")
            self._put("kotiruutu-root", patient, f"{place}/patient.conf")
        time = self._folder / "time.conf"
        time.write_text(_TIME)
        self._debugfs("kotiruutu-root", "mkdir /etc/systemd/timesyncd.conf.d")
        self._put("kotiruutu-root", time, "/etc/systemd/timesyncd.conf.d/host.conf")
        shell = self._folder / "shell.service"
        shell.write_text(_SHELL)
        self._put("kotiruutu-root", shell, _SHELL_UNIT)
        wanted = "/etc/systemd/system/multi-user.target.wants/kotiruutu-shell.service"
        self._debugfs("kotiruutu-root", f"symlink {wanted} {_SHELL_UNIT}")
        settings = self._folder / "device.toml"
        self._debugfs("kotiruutu-data", f"dump {SETTINGS}/device.toml {settings}")
        settings.write_text(_NO_SPREAD + settings.read_text())
        self._put("kotiruutu-data", settings, f"{SETTINGS}/device.toml")

    def _put(self, partition: str, file: Path, into: str) -> None:
        self._debugfs(partition, f"rm {into}")
        self._debugfs(partition, f"write {file} {into}")

    def _debugfs(self, partition: str, request: str) -> None:
        place = f"{self._base}?offset={self._parts[partition]}"
        subprocess.run(["debugfs", "-w", "-R", request, place], check=True, capture_output=True)


def _partitions(image: Path) -> dict[str, int]:
    """Where each begins, in bytes."""
    said = subprocess.run(["sfdisk", "--json", str(image)], check=True, capture_output=True).stdout
    table = json.loads(said)["partitiontable"]
    return {each["name"]: int(each["start"]) * int(table["sectorsize"]) for each in table["partitions"]}
